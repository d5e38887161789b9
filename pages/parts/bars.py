"""Bars as HTML: rows of words, and tracks with stretches and marks on them; all of it escaped."""

from html import escape


def words(kind: str, text: str) -> str:
    """Return a name or a number of the CSS class `kind`."""
    return f'<span class="{kind}">{escape(text)}</span>'


def stretch(kind: str, start: float, end: float) -> str:
    """Return the part of a track from one share of it to another, each in 0..1."""
    left = f"left:{start:.3%};" if start else ""
    return f'<i class="{kind}" style="{left}width:{end - start:.3%}"></i>'


def mark(kind: str, place: float) -> str:
    """Return a line across a track, at a share of it in 0..1."""
    return f'<b class="{kind}" style="left:{place:.3%}"></b>'


def group(kind: str, *parts: str) -> str:
    """Return a track with what lies on it, a row of words and a track, or all rows."""
    return f'<div class="{kind}">{"".join(parts)}</div>'
