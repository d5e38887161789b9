"""Programs as files."""

from cnnviz_core.snippets import program as programs
from cnnviz_core.snippets.program import Program


def script(program: Program) -> str:
    """Return a program as `program.as_script` does."""
    return programs.as_script(program)


def notebook(program: Program) -> str:
    """Return a program as `program.as_notebook` does."""
    return programs.as_notebook(program)
