"""What a person reads, in their language where there is a catalog, in English otherwise."""

import gettext
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import streamlit as st

# By what begins and ends something within a line of Markdown; of LaTeX, a dollar.
_MARKS = re.compile(r"[\\`*_\[\]<>$~&|]")

CATALOGS = Path(__file__).parents[2] / "locale"


def _(message: str) -> str:
    """Translate `message` into the language of the visitor's browser."""
    return translator()(message)


def translator() -> Callable[[str], str]:
    """Return what translates for this visitor; for many texts at once, as of a thousand classes."""
    return _translations(st.context.locale or "en").gettext


def literal(text: str) -> str:
    r"""Return what comes from outside such that Markdown shows it as it is, in one line.

    Names of files, layers and classes, and reasons that repeat what a visitor has typed.

    >>> print(literal("![cat](http://cat) costs $2"))
    !\[cat\](http://cat) costs \$2
    """
    return _MARKS.sub(r"\\\g<0>", " ".join(text.split()))


def N_(message: str) -> str:
    """Return `message` as it is, marked for whoever collects the texts to translate.

    For texts that stand where nobody reads yet, as in a constant: `_` translates them once they are
    shown.

    >>> N_("Stride")
    'Stride'
    """
    return message


@lru_cache(maxsize=64)
def _translations(locale: str) -> gettext.NullTranslations:
    language = locale.replace("-", "_")
    return gettext.translation("cnnviz", CATALOGS, [language], fallback=True)
