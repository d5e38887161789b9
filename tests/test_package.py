"""The core as a package: built from a clone, and used away from it."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
USED = """
import cnnviz_core, pathlib
from cnnviz_core import images, networks
from cnnviz_core.layers import convolution, kernels
assert pathlib.Path(cnnviz_core.__path__[0]).parent == pathlib.Path({place!r})
maps = convolution.convolve(images.sample("cat"), kernels.random_kernels(3, 2))
assert maps.shape == (318, 398, 2)
assert networks.load("efficientnet-lite0").input_size == (224, 224)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Build what `pip install .` installs, from a copy: a build leaves files behind."""
    clone = tmp_path_factory.mktemp("clone")
    for name in ("pyproject.toml", "README.md", "LICENSE", "requirements.txt"):
        shutil.copy(ROOT / name, clone)
    left_out = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "cnnviz_core", clone / "cnnviz_core", ignore=left_out)
    command = "-m", "pip", "wheel", ".", "--no-deps", "--no-build-isolation", "--quiet"
    subprocess.run([sys.executable, *command], cwd=clone, check=True)
    (built,) = clone.glob("cnnviz-*.whl")
    return zipfile.ZipFile(built)


def test_it_holds_the_core_alone_and_says_what_it_needs(wheel: zipfile.ZipFile) -> None:
    names = wheel.namelist()
    tops = {name.split("/")[0] for name in names}
    (info,) = (one for one in tops if one.endswith(".dist-info"))
    assert tops == {"cnnviz_core", info}
    assert "cnnviz_core/py.typed" in names
    modules = {str(one.relative_to(ROOT)) for one in (ROOT / "cnnviz_core").rglob("*.py")}
    assert modules <= set(names)
    said = wheel.read(f"{info}/METADATA").decode()
    needed = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert said.count("Requires-Dist: ") == len(needed)
    assert "Requires-Dist: tensorflow" in said


@pytest.mark.slow
def test_it_is_used_away_from_the_clone(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path / "installed")
    place = str(tmp_path / "installed")
    done = subprocess.run(
        [sys.executable, "-P", "-c", USED.format(place=place)],
        cwd=tmp_path,
        env={"PYTHONPATH": place, "PATH": ""},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
