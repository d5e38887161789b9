"""What *About* in the menu says: what this is, and in which versions it runs."""

import tomllib
from functools import cache
from importlib import metadata
from pathlib import Path

from pages.parts.texts import _

_PROJECT = Path(__file__).parents[2] / "pyproject.toml"


def text() -> str:
    """Return it as Markdown."""
    versions = _versions()
    said = " · ".join(f"{name} {version}" for name, version in versions.items())
    return _(
        "**cnnviz** shows, live, what a convolutional network does to a picture.\n\n{versions}\n\n"
        "MIT license; pictures, weights and class names are those of others, named in its README."
    ).format(versions=said)


@cache
def _versions() -> dict[str, str]:
    return {
        "cnnviz": tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]["version"],
        **{name: metadata.version(name) for name in ("TensorFlow", "Keras", "Streamlit")},
    }
