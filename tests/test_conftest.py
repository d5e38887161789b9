"""The house's own rules for test runs."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SKIPPED = """
import pytest

def test_that_passes():
    pass

@pytest.mark.skip
def test_that_is_skipped():
    pass
"""


@pytest.mark.parametrize(("ci", "exit_code"), [("true", 1), ("", 0)])
def test_a_skipped_test_fails_the_run_in_ci_only(ci: str, exit_code: int, tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text(SKIPPED)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.conftest", "--rootdir", ".", "."],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "CI": ci, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == exit_code, done.stdout + done.stderr
    assert "1 passed, 1 skipped" in done.stdout
    assert ("counts as failed: 1" in done.stdout) == bool(exit_code)
