"""The modules that run in the browser, joined into one: whole, in order, and nothing beside."""

import re
from pathlib import Path

import pytest

from pages.parts.modules import FOLDER, joined

PAGES = Path(__file__).parents[2] / "pages"
# What Streamlit is given, wherever that is done.
GIVEN = sorted(
    {
        name
        for path in PAGES.rglob("*.py")
        for name in re.findall(r'\bjoined\("(\w+)"\)', path.read_text())
    }
)

every_given = pytest.mark.parametrize("name", GIVEN)


def defined(text: str) -> list[str]:
    return re.findall(r"^const \$(\w+) = ", text, re.MULTILINE)


@every_given
def test_each_module_is_there_once(name: str) -> None:
    names = [*defined(joined(name)), name]
    assert len(names) == len(set(names))


@every_given
def test_each_module_stands_before_those_that_import_it(name: str) -> None:
    lines = joined(name).splitlines()
    for number, line in enumerate(lines):
        for imported in re.findall(r"^const \{.*\} = \$(\w+);$", line):
            assert imported in defined("\n".join(lines[:number]))


@every_given
def test_nothing_is_left_to_import_and_one_function_is_exported(name: str) -> None:
    text = joined(name)
    assert not re.search(r"^\s*import\b", text, re.MULTILINE)
    assert re.findall(r"^export \w+", text, re.MULTILINE) == ["export default"]


def test_every_module_is_needed() -> None:
    needed = {*GIVEN, *(one for name in GIVEN for one in defined(joined(name)))}
    assert needed == {path.stem for path in FOLDER.glob("*.js")}
