"""The glossary: one sentence a word, links that lead somewhere, and the words of each page."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts import contents, glossary

DASHBOARD = Path(__file__).parents[2] / "dashboard.py"
TERMS = [word.term for word in glossary.WORDS]


@pytest.fixture(scope="module")
def app() -> AppTest:
    return AppTest.from_file(DASHBOARD, default_timeout=60).run()


def line_of_words(page: AppTest) -> str:
    return "".join(one.proto.body for one in page.main.get("html") if "tooltip" in one.proto.body)


def test_words_are_in_alphabetical_order_and_there_once() -> None:
    assert sorted(set(TERMS), key=str.lower) == TERMS


@pytest.mark.parametrize("word", glossary.WORDS, ids=TERMS)
def test_a_definition_is_one_sentence_and_its_page_exists(word: glossary.Word) -> None:
    assert re.fullmatch(r"[A-Z][^.!?]+\.", word.definition)
    assert contents.entry(word.page) in contents.PATH


def test_every_page_begins_with_a_few_words_that_the_glossary_has() -> None:
    assert set(glossary.FIRST_WORDS) == {entry.name for entry in contents.PATH}
    for terms in glossary.FIRST_WORDS.values():
        assert len(set(terms)) == len(terms) <= 6
        assert set(terms) <= set(TERMS)


@pytest.mark.parametrize("name", ["convolution", "stepping"])
def test_a_page_explains_its_words_below_its_promise(app: AppTest, name: str) -> None:
    page = app.switch_page(contents.entry(name).path).run()
    for term in glossary.FIRST_WORDS[name]:
        assert glossary.word_of(term).definition in line_of_words(page)


def test_the_glossary_has_all_words_under_anchors_and_leads_to_their_pages(app: AppTest) -> None:
    page = app.switch_page("pages/glossary.py").run()
    assert not page.exception
    assert [one.value for one in page.subheader] == TERMS
    assert [one.proto.anchor for one in page.subheader] == [w.anchor for w in glossary.WORDS]
    # Each word leads to its page, and the glossary to what comes after it.
    links = [one.proto.page for one in page.main.get("page_link")]
    assert links == [*(word.page for word in glossary.WORDS), contents.LESSONS.name]


def test_every_page_leads_to_the_next_and_the_last_to_none() -> None:
    for entry, after in zip(contents.ALL, (*contents.ALL[1:], None), strict=True):
        here = SimpleNamespace(url_path="" if entry is contents.HOME else entry.name)
        assert contents.following(here) is after


def test_the_link_to_the_next_page_is_the_last_thing_on_a_page(app: AppTest) -> None:
    page = app.switch_page("pages/convolution.py").run()
    link = page.main.get("page_link")[-1]
    assert (link.proto.page, link.proto.label) == ("stepping", "**Next: Step by step**")
    assert page.main.get("caption")[-1].value == contents.entry("stepping").promise
