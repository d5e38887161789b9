"""Run a program as a visitor would: in a Python of its own, away from this repository."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from cnnviz_core.arrays import ByteArray
from cnnviz_core.snippets.program import Cell, Program, as_script

ROOT = Path(__file__).parents[2]
SAVE = "\nimport numpy; numpy.savez({file!r}, **{{name: globals()[name] for name in {names!r}}})\n"


def run(script: str, folder: Path, *names: str, path: Path | None = None) -> dict[str, Any]:
    """Return what a script leaves under these names, as arrays; its assertions must hold.

    `path` is where it finds `cnnviz_core`, if it needs it.
    """
    file, results = folder / "program.py", folder / "results.npz"
    file.write_text(script + SAVE.format(file=str(results), names=names), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-P", file.name],
        cwd=folder,
        env=os.environ | ({"PYTHONPATH": str(path)} if path else {}),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{done.stderr}\n{script}"
    with np.load(results) as found:
        return dict(found)


def made(written: Program, name: str, image: ByteArray | None = None) -> Any:
    """What a program leaves, run here: to import TensorFlow takes longer than most programs.

    `image` stands in for the picture that it begins with, where that is a person's own.
    """
    found: dict[str, Any] = {}
    if image is not None:
        cells = Cell("", ""), *written.cells[1:]
        written, found["image"] = replace(written, cells=cells), image
    exec(as_script(written), found)  # noqa: S102
    return found[name]
