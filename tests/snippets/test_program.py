"""Programs as scripts and as notebooks."""

import ast
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from nbclient import NotebookClient

from cnnviz_core.layers.kernels import NamedKernel
from cnnviz_core.layers.specs import Pooling
from cnnviz_core.snippets.program import as_notebook, as_script, literal, tolerance
from cnnviz_core.stepping.setups import CausalSetup
from cnnviz_core.views import convolution_files, pooling_files, stepping_files
from cnnviz_core.views.sharing import sample_picture

CAT = sample_picture("cat")
PLACE: dict[str, Any] = {"dilation": 1, "down": 38, "across": 36, "filter_index": 0}
PROGRAMS = {
    "convolution": convolution_files.program(
        CAT, NamedKernel("gabor", 9, 160.0, "brightness"), stride=2, padding="same", **PLACE
    ),
    "pooling": pooling_files.program(CAT, (), 0, Pooling(5), down=38, across=36),
    "causal": stepping_files.program(CausalSetup("1 2 0 3 1", "1 -2", 2)),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_notebook_runs_to_its_picture(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Streamlit has matplotlib draw into nothing; a notebook chooses for itself.
    monkeypatch.delenv("MPLBACKEND", raising=False)
    notebook = nbformat.reads(as_notebook(PROGRAMS[name]), as_version=4)
    nbformat.validate(notebook)
    kinds = [cell.cell_type for cell in notebook.cells]
    assert kinds == ["markdown", "code"] * (len(kinds) // 2)
    NotebookClient(notebook, timeout=120).execute()
    shown = [out for cell in notebook.cells[-1:] for out in cell.outputs]
    assert any("image/png" in out.get("data", {}) for out in shown)


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_script_and_a_notebook_say_the_same(name: str) -> None:
    program = PROGRAMS[name]
    notebook = nbformat.reads(as_notebook(program), as_version=4)
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    statements = {ast.dump(one) for one in ast.parse(code).body}
    assert {ast.dump(one) for one in ast.parse(as_script(program)).body} <= statements
    assert as_notebook(program) == as_notebook(program)


@given(arrays(np.float32, (2, 3), elements=st.floats(-1e6, 1e6, width=32)))
def test_numbers_are_written_so_that_they_read_as_the_same(values) -> None:
    np.testing.assert_array_equal(np.float32(ast.literal_eval(literal(values))), values)


@given(st.floats(1e-6, 1e9))
def test_a_tolerance_is_a_millionth_to_a_hundred_thousandth(reach: float) -> None:
    assert 0.999e-6 * reach <= float(tolerance([reach])) <= 1.001e-5 * reach


def test_the_program_of_the_readme_is_that_of_the_first_visit() -> None:
    kernel = NamedKernel("sobel_x", 3, 0.0, "brightness")
    first = convolution_files.program(CAT, kernel, stride=1, padding="valid", **PLACE)
    readme = Path(__file__).parents[2] / "README.md"
    assert f"```python\n{as_script(first)}```" in readme.read_text(encoding="utf-8")
