"""The modules that run in the browser, as the one that Streamlit takes.

They are plain ES modules, each with its imports, for editors, `tsc` and tests. A component of
Streamlit's has one module alone, so what they import from each other is put before them.
"""

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "live"

_IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./(\w+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const) (\w+))", re.MULTILINE)
# The types are for those who read the modules, not for those who run them.
_COMMENT = re.compile(r"^ */\*\*.*?\*/ *\n|^ *//[^\n]*\n", re.MULTILINE | re.DOTALL)


@cache
def joined(name: str) -> str:
    """Return a module with all that it imports, each in a scope of its own, in one text."""
    *imported, last = _in_order(name)
    return "".join([*map(_scoped, imported), _bound(last)])


def _in_order(name: str, known: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the names of a module and of all that it imports, beside those that are `known`."""
    for _, imported in _IMPORT.findall(_text(name)):
        known = _in_order(imported, known)
    return known if name in known else (*known, name)


def _scoped(name: str) -> str:
    """Return a module as a constant that holds what it exports."""
    source = _bound(name)
    exported = ", ".join(_EXPORT.findall(source))
    return f"const ${name} = (() => {{\n{_EXPORT.sub('', source)}return {{ {exported} }};\n}})();\n"


def _bound(name: str) -> str:
    """Return a module that takes what it imports from such constants."""
    return _IMPORT.sub(r"const \1 = $\2;\n", _COMMENT.sub("", _text(name)))


def _text(name: str) -> str:
    return (FOLDER / f"{name}.js").read_text(encoding="utf-8")
