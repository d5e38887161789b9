"""Every text a person reads can be translated, and is translated where there is a catalog."""

import gettext
import html
import re
import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cnnviz_core import images, networks
from pages.parts import contents, texts
from pages.parts.texts import _
from tests.pages.visits import opened

ENTRIES = contents.ALL

# The picker's thumbnails lie over these; in the address they are the same in every language.
PICTURES = set(images.sample_names())
WORD = re.compile(r"[^\W\d_]{2,}")
NO_TEXT = re.compile(
    r"<style.*?</style>|<svg.*?</svg>|<[^>]*>"  # HTML but for its text
    r"|\$.*?\$|\\[a-z]+"  # LaTeX
    r"|:material/\w+:|https?://\S+|\]\([^)]*\)",  # icons and addresses
    re.DOTALL,
)


@pytest.fixture
def catalogs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of our own for catalogs, empty at first."""
    monkeypatch.setattr(texts, "CATALOGS", tmp_path)
    texts._translations.cache_clear()
    yield tmp_path
    texts._translations.cache_clear()


def write_catalog(folder: Path, language: str, messages: dict[str, str]) -> None:
    """Write a `cnnviz.mo` as GNU gettext's manual describes it, in its section on MO files."""
    pairs = {"": "Content-Type: text/plain; charset=UTF-8\n", **messages}
    encoded = [[text.encode() for text in pair] for pair in sorted(pairs.items())]
    at = 28 + 16 * len(encoded)
    tables, body = [], b""
    for column in (0, 1):
        for pair in encoded:
            tables += [len(pair[column]), at + len(body)]
            body += pair[column] + b"\0"
    header = (0x950412DE, 0, len(encoded), 28, 28 + 8 * len(encoded), 0, at)
    target = folder / language / "LC_MESSAGES"
    target.mkdir(parents=True)
    data = struct.pack(f"<{len(header) + len(tables)}I", *header, *tables) + body
    (target / "cnnviz.mo").write_bytes(data)


def speak(monkeypatch: pytest.MonkeyPatch, locale: str | None) -> None:
    """Come with a browser of this language."""
    monkeypatch.setattr(texts, "st", SimpleNamespace(context=SimpleNamespace(locale=locale)))


def test_texts_are_in_the_language_of_the_browser(
    catalogs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_catalog(catalogs, "de", {"Kernel size": "Kerngröße"})
    write_catalog(catalogs, "pt_BR", {"Kernel size": "Tamanho do kernel"})
    for locale, expected in [
        ("de", "Kerngröße"),
        ("de-AT", "Kerngröße"),
        ("pt-BR", "Tamanho do kernel"),
        ("en-GB", "Kernel size"),
        ("fr", "Kernel size"),
        (None, "Kernel size"),
    ]:
        speak(monkeypatch, locale)
        assert _("Kernel size") == expected


def test_what_a_catalog_lacks_stays_english(
    catalogs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_catalog(catalogs, "de", {"Kernel size": "Kerngröße"})
    speak(monkeypatch, "de")
    assert _("Stride") == "Stride"


@pytest.mark.parametrize("locale", ["../../etc", "C", "x" * 999, "de\0", "!"])
def test_a_strange_language_is_english(
    locale: str, catalogs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak(monkeypatch, locale)
    assert _("Stride") == "Stride"


class Marked(gettext.NullTranslations):
    """A language in which every text stands in brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"


def without_marked(text: str) -> str:
    """What is left of a text when its translated parts are taken out, and what is no text."""
    before = None
    while before != text:
        before, text = text, re.sub(r"⟦[^⟦⟧]*⟧", "", text)
    return html.unescape(NO_TEXT.sub(" ", text))


def words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text) if WORD.search(word)}


@cache
def layer_names() -> set[str]:
    """Names and types of the layers on a first visit: the same in every language, too."""
    found = [networks.load(key) for key in ("efficientnet-lite0", "vgg16-edges")]
    layers = [layer for network in found for layer in network.layers]
    return {name for layer in layers for name in (layer.name, layer.type)}


def read_texts(element: Any) -> Iterator[str]:
    """All that a person reads of an element, and of those in it."""
    for name in ("label", "help", "body", "placeholder"):
        yield str(getattr(element.proto, name, "")) if hasattr(element, "proto") else ""
    yield from map(str, getattr(element, "options", ()))
    for child in getattr(element, "children", {}).values():
        yield from read_texts(child)


def test_the_reader_finds_what_is_not_translated() -> None:
    assert without_marked("⟦a ⟦word⟧ more⟧ $\\max(x)$ <b>×</b>").split() == ["×"]
    assert "word" in without_marked("<p>a word of ⟦no⟧ language</p>")


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry.name for entry in ENTRIES])
def test_every_text_of_a_page_goes_through_gettext(
    entry: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "_translations", lambda locale: Marked())
    app = opened(entry.name)
    read = [text for part in (app.main, app.sidebar) for text in read_texts(part)]
    found = [text for text in read if text not in PICTURES]
    assert sum("⟦" in text for text in found) > 5
    names = layer_names()
    assert [text for text in found if words(without_marked(text)) - names] == []
