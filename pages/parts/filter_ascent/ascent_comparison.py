"""Beside each picture that was made: how much the sample pictures excite the same filter."""

from collections.abc import Callable
from html import escape

import streamlit as st

from cnnviz_core.filter_ascent.formulas import AscentTarget
from cnnviz_core.number_format import short_number
from cnnviz_core.runtime.jobs import Job
from cnnviz_core.views.ascent_comparison import (
    ActivationBar,
    Comparison,
    FilterActivations,
    ShownPatch,
)
from cnnviz_core.views.ascent_jobs import AscentJob
from cnnviz_core.views.ascent_patches import comparison
from cnnviz_core.views.ascent_store import AscentHistory
from cnnviz_core.views.filter_ascent import ascent_view
from cnnviz_core.views.sharing import Picture, data_url, sample_names
from pages.parts import bars, long_work
from pages.parts.filter_ascent.ascent_pictures import Label
from pages.parts.filter_ascent.ascent_progress import Ascents
from pages.parts.texts import _

EXPLANATIONS: dict[AscentTarget, str] = {
    "filters": (
        "Patches: where in these pictures the filter responds most, and its value $y$ there; other "
        "photographs may excite it more. Gray lies outside the picture. Bars: the activation $a$ "
        "of whole pictures, as in the formula above, on one scale for each filter."
    ),
    "class": (
        "Under each picture, and as bars: its score $a$, as in the formula above. A picture in "
        "which nobody would recognize the class may score higher than any photograph."
    ),
}

_NAME = "ascent comparison"


def show_comparison(ascents: Ascents, chosen: Picture, label: Label) -> None:
    """Compare with the samples, a piece at a time, and show what came of it.

    Of two ascents, the last. Nothing as long as there are none, and of what is not measured as
    whole pictures of one filter.
    """
    ascent, state = ascents[-1] if ascents else (None, None)
    if ascent is None or state is None or ascent.question.target not in EXPLANATIONS:
        return
    job = long_work.keep(
        _NAME,
        (ascent.network.key, ascent.question, state.progress.step, chosen.key),
        lambda: comparison(ascent, state, chosen),
        begins_by_itself=True,
    )
    st.markdown(_title(chosen))

    def draw() -> None:
        _show(job, ascent.question.target, lambda found: _rows(found, ascent, state, label))

    long_work.show(_NAME, [job], draw)


def _title(chosen: Picture) -> str:
    count = len(sample_names())
    if chosen.key in sample_names():
        return _("**Strongest in the {count} sample pictures**").format(count=count)
    return _("**Strongest in your picture and the {count} sample pictures**").format(count=count)


def _show(job: Job[Comparison], target: AscentTarget, rows: Callable[[Comparison], str]) -> None:
    found = job.state
    if found is None or not found.rows:
        done, total = (found.done, found.total) if found else (0, 1)
        st.progress(done / total, _("Showing the sample pictures to the network"))
    else:
        st.html(rows(found))
        st.caption(_(EXPLANATIONS[target]))


def _rows(found: Comparison, ascent: AscentJob, state: AscentHistory, label: Label) -> str:
    tiles = ascent_view(ascent, state).tiles
    rows = "".join(
        _row(one, data_url(tiles[one.index].data), label(ascent.question, tiles[one.index]))
        for one in found.rows
    )
    return f'<div class="ascent-rows">{rows}</div>'


def _row(row: FilterActivations, picture: str, name: str) -> str:
    patches = "".join(_patch(one) for one in row.patches)
    found = "".join(
        _bar(one, title, kind)
        for one, title, kind in (
            (row.own, _("made for it"), "own"),
            (row.chosen, _name(row.chosen.sample), "chosen"),
            (row.best, _name(row.best.sample), "best"),
        )
    )
    return (
        f'<div class="ascent-row"><figure class="ascent-tile"><img src="{picture}" '
        f'alt="{escape(name)}"><figcaption><b>{escape(name)}</b></figcaption></figure>'
        f'<div class="ascent-patches">{patches}</div><div class="ascent-bars">{found}</div></div>'
    )


def _patch(one: ShownPatch) -> str:
    name = _name(one.sample)
    return (
        f'<figure class="ascent-patch"><img src="{data_url(one.data)}" '
        f'alt="{escape(name)}" title="{escape(name)}">'
        f"<figcaption>{short_number(one.value)}</figcaption></figure>"
    )


def _bar(bar: ActivationBar, title: str, kind: str) -> str:
    return bars.group(
        f"ascent-bar ascent-{kind}",
        bars.words("ascent-title", title),
        bars.group(
            "ascent-track",
            bars.stretch("ascent-stretch", bar.start, bar.end),
            bars.mark("ascent-zero", bar.zero),
        ),
        bars.words("ascent-value", short_number(bar.value)),
    )


def _name(sample: str | None) -> str:
    return _("your picture") if sample is None else _(sample)
