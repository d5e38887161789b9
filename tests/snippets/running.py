"""Run a program as a visitor would: in a Python of its own, away from this repository."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

SAVE = "\nimport numpy; numpy.savez({file!r}, **{{name: globals()[name] for name in {names!r}}})\n"


def run(script: str, folder: Path, *names: str) -> dict[str, Any]:
    """Return what a script leaves under these names, as arrays; its assertions must hold."""
    path, file = folder / "program.py", folder / "results.npz"
    path.write_text(script + SAVE.format(file=str(file), names=names), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-P", path.name], cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{done.stderr}\n{script}"
    with np.load(file) as results:
        return dict(results)
