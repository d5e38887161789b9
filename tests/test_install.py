"""What a fresh, small machine has, and what it lacks."""

import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DESKTOP_LIBRARIES = ("libGL.", "libGLX", "libxcb", "libX11", "libgtk", "libQt")


@pytest.mark.skipif(sys.platform != "linux", reason="reads what Linux has loaded")
def test_opencv_needs_no_library_of_a_desktop() -> None:
    """What is not mapped after the import cannot have been needed by it."""
    program = "import cv2, pathlib; print(pathlib.Path('/proc/self/maps').read_text())"
    maps = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    assert "cv2" in maps
    assert [name for name in DESKTOP_LIBRARIES if name in maps] == []


def test_the_headless_opencv_is_the_only_one_installed() -> None:
    names = {distribution.metadata["Name"] for distribution in metadata.distributions()}
    assert {name for name in names if name.startswith("opencv")} == {"opencv-python-headless"}


def test_configuration_asks_for_no_statistics_and_limits_uploads() -> None:
    config = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())
    assert config["browser"]["gatherUsageStats"] is False
    assert config["server"]["maxUploadSize"] <= 20
    assert config["runner"]["postScriptGC"] is False


def test_light_and_dark_have_charts_of_matching_colors() -> None:
    theme = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())["theme"]
    assert len(theme["chartCategoricalColors"]) == len(theme["dark"]["chartCategoricalColors"])
