"""References: whoever reads one finds the paper."""

import re

from cnnviz_core.references import REFERENCES

ADDRESS = re.compile(
    r"https://(doi\.org/10\.\d{4,}/|arxiv\.org/abs/\d{4}\.\d{4,5}$|hackernoon\.|github\.com/)"
)


def test_addresses_are_well_formed() -> None:
    for name, one in REFERENCES.items():
        if one.address is not None:
            assert ADDRESS.match(one.address), name


def test_what_has_no_address_is_a_book_a_report_or_proceedings() -> None:
    without = [one.identifier for one in REFERENCES.values() if one.address is None]
    assert all(re.search(r"ISBN|Report|Proceedings|Blog", identifier) for identifier in without)


def test_no_publication_stands_twice() -> None:
    assert len({one.title for one in REFERENCES.values()}) == len(REFERENCES)


def test_every_heatmap_method_has_a_reference_of_its_year() -> None:
    from cnnviz_core.heatmaps.methods import METHODS

    names = {"occlusion": "visualizing"}
    for key, method in METHODS.items():
        reference = REFERENCES[names.get(key, key)]
        first_author = method.paper.split()[0].rstrip(",")
        assert reference.authors.startswith(first_author)
        assert method.paper.endswith(str(reference.year))
