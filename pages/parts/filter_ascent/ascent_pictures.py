"""The pictures of an ascent, each with the curve of its activation."""

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from cnnviz_core.number_format import short_number
from cnnviz_core.views.ascent_store import AscentQuestion
from cnnviz_core.views.filter_ascent import AscentTile, AscentView
from cnnviz_core.views.sharing import data_url
from pages.parts import pictures
from pages.parts.texts import _

# How wide a picture may get, in units of the font's size.
TILE, LARGE_TILE = 16, 22

Label = Callable[[AscentQuestion, AscentTile], str]


def grid(view: AscentView, label: Label, most: int) -> str:
    """Return all pictures as HTML, at most so many in a row; first the one they began with."""
    tiles = [_tile(one, label(view.question, one), view.step) for one in view.tiles]
    columns = min(view.columns, most)
    if view.before is not None:
        tiles.insert(
            0, _figure(view.before, _("The picture at the start"), "", escape(_("Before")))
        )
        columns += 1
    width = LARGE_TILE if columns <= 2 else TILE
    return (
        f'<div class="ascent-grid" style="--columns:{columns};--tile:{width}rem">'
        + "".join([*tiles, "</div>"])
        + pictures.facts(view.facts)
    )


def show_grids(grids: Sequence[str], titles: Sequence[str], *, is_stale: bool) -> None:
    """Draw one grid, or two with titles side by side; gray if they show what was before."""
    if is_stale:
        note = escape(_("These pictures belong to the earlier settings"))
        grids = [f'<div class="ascent-stale"><p>{note}</p>{one}</div>' for one in grids]
    if len(grids) == 1:
        st.html(grids[0])
        return
    for column, one, title in zip(st.columns(2, gap="medium"), grids, titles, strict=True):
        with column:
            st.markdown(f"**{title}**")
            st.html(one)


def _tile(tile: AscentTile, name: str, step: int) -> str:
    alt = _("{name} after {steps} steps").format(name=name, steps=step)
    value = f"<span>{short_number(tile.last)}</span>"
    return _figure(tile.data, alt, _curve(tile), f"<b>{escape(name)}</b> {value}")


def _figure(data: bytes, alt: str, below: str, caption: str) -> str:
    return (
        f'<figure class="ascent-tile"><img src="{data_url(data)}" alt="{escape(alt)}" '
        f'decoding="sync">{below}<figcaption>{caption}</figcaption></figure>'
    )


def _curve(tile: AscentTile) -> str:
    """Return the area between the curve and zero."""
    title = _("Activation from {first} to {last}").format(
        first=short_number(tile.first), last=short_number(tile.last)
    )
    corners = [(0.0, tile.zero), *tile.curve, (tile.curve[-1][0] if tile.curve else 0.0, tile.zero)]
    area = ",".join(f"{x:.2%} {y:.2%}" for x, y in corners)
    return (
        f'<div class="ascent-curve" role="img" aria-label="{escape(title)}">'
        f'<i style="clip-path:polygon({area})"></i><b style="top:{tile.zero:.2%}"></b></div>'
    )
