"""Where what a page shows comes from: authors, year, title, and an address."""

from cnnviz_core.references import REFERENCES, Reference
from pages.parts import layout
from pages.parts.texts import _


def show_references(prefix: str, *names: str) -> None:
    """Draw a list that opens, of the references of these names; the last thing on a page.

    `prefix` is that of the page's keys.
    """
    opened = layout.more(_("Reference"), key=f"{prefix}_references", icon=":material/menu_book:")
    if opened.open:
        opened.markdown("\n".join(f"- {_line(REFERENCES[name])}" for name in names))


def _line(one: Reference) -> str:
    identifier = f"[{one.identifier}]({one.address})" if one.address else one.identifier
    return f"{one.authors} ({one.year}): *{one.title}*. {identifier}"
