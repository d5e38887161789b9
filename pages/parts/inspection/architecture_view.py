"""How the architecture page shows what a unit sees, and the table of all layers."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from cnnviz_core.inspection.architecture import LayerRow
from cnnviz_core.networks import Network
from cnnviz_core.number_format import percent, short_number
from cnnviz_core.runtime.jobs import Job
from cnnviz_core.views import architecture
from cnnviz_core.views.architecture import ArchitectureView, FieldView
from cnnviz_core.views.effective_field import EffectiveFieldView
from cnnviz_core.views.sharing import Picture
from pages.parts import controls, layout, long_work, pictures
from pages.parts.inspection.architecture_controls import LAYER
from pages.parts.inspection.layer_names import explain_layer
from pages.parts.texts import _, literal

TABLE = "arch_table"
_MEASURING = "effective field"


def show_field(view: FieldView) -> None:
    """Show the picture with what a unit sees of it in a frame, and that part enlarged."""
    left, right = st.columns(2)
    with left:
        pictures.show(view.framed, _("In the picture"))
    with right:
        if view.seen is not None:
            pictures.show(view.seen, _("What it sees"))


def show_facts(network: Network, layer: LayerRow, view: FieldView) -> None:
    """Say what the layer is, and how far the chosen unit looks."""
    shape = " × ".join(map(str, layer.output_shape))
    st.markdown(
        _(
            "**{name}** ({type}): {shape}, {parameters} parameters, {multiply_adds} multiply-adds. "
            "{role}"
        ).format(
            name=layer.name,
            role=explain_layer(network, layer.name),
            type=layer.type,
            shape=shape,
            parameters=f"{layer.num_parameters:,}",
            multiply_adds=_amount(layer.multiply_adds),
        )
    )
    st.markdown(_reach(network, layer, view))


def _reach(network: Network, layer: LayerRow, view: FieldView) -> str:
    if view.size is None:
        return _("What its units see is not known: some layer on the way may look anywhere.")
    height, width = network.input_size
    if view.jump == 0:
        return _("Each of its numbers depends on the whole input of {height} × {width}.").format(
            height=height, width=width
        )
    seen = _(
        "The unit at row {row}, column {column} has a receptive field of **{rows} × {columns}** "
        "pixels; the network's input is {height} × {width}. The neighboring unit's field is as "
        "large, shifted by {shift}."
    ).format(
        row=view.row + 1,
        column=view.column + 1,
        rows=view.size[0],
        columns=view.size[1],
        height=height,
        width=width,
        shift=_("1 pixel") if view.jump == 1 else _("{count} pixels").format(count=view.jump),
    )
    if view.outside < 0.005:
        return seen
    outside = _(
        "{share} of that field lies beyond the edges of the picture, where there are no pixels: "
        "each layer on the way pads its own maps, mostly with zeros, and these are what the unit "
        "reads there."
    ).format(share=percent(view.outside))
    return f"{seen} {outside}"


def show_formula(view: FieldView) -> None:
    """Show how receptive field and jump come about from those of the layer before."""
    if view.size_formula is None:
        if view.jump:
            st.caption(
                _("No window slides here: its units see as far as those of the layer before.")
            )
        return
    field = rf"$r_{{out}} = r_{{in}} + (k - 1)\cdot j_{{in}} =$ ${view.size_formula}$"
    jump = rf"$j_{{out}} = j_{{in}}\cdot s =$ ${view.jump_formula}$"
    st.markdown(
        _("Field: {formula}").format(formula=field)
        + "  \n"
        + _("Jump: {formula}").format(formula=jump)
    )


def show_effective(network: Network, picture: Picture, layer: str, place: dict[str, int]) -> None:
    """Show a closed box; opened, it offers to measure what the unit really uses."""
    box = layout.more(
        _("What the unit really uses"), key="arch_effective", icon=":material/visibility:"
    )
    if box.open:
        with box:
            _offer_measurement(network, picture, layer, place)


def _offer_measurement(
    network: Network, picture: Picture, layer: str, place: dict[str, int]
) -> None:
    st.markdown(
        _(
            "The frame is what *may* matter. How much each pixel does matter is measured by "
            "changing the pixels a little and watching the unit: bright ones move it most."
        )
    )
    job = long_work.keep(
        _MEASURING,
        (network.key, picture.key, layer, *place.values()),
        lambda: architecture.effective_field_job(network, picture, layer, **place),
    )
    st.button(
        _("Measure it"),
        key="arch_measure",
        icon=":material/monitor_heart:",
        on_click=long_work.start,
        args=(_MEASURING,),
        help=_("This takes a few seconds in a large network."),
    )
    long_work.show(_MEASURING, [job], lambda: _show_measured(job))


def _show_measured(job: Job[EffectiveFieldView]) -> None:
    measured = job.state
    if job.problem:
        st.error(literal(job.problem), icon=":material/error:")
    if measured is None:
        if long_work.goes_on(_MEASURING, [job]):
            st.progress(0.0, long_work.said_of([job], _("Measuring")))
        return
    if measured.num_seen == 0:
        st.info(_("No pixel moves this unit: it is zero here in all of its channels."))
        return
    left, right = st.columns(2)
    with left:
        pictures.show(measured.heat, _("How much each pixel matters"))
    right.markdown(
        _(
            "**{most} of {seen}** pixels account for nine tenths of the effect. The middle of the "
            "field counts most, because more paths lead from there to the unit (Luo et al., 2016)."
        ).format(most=f"{measured.num_most:,}", seen=f"{measured.num_seen:,}")
    )


def show_totals(view: ArchitectureView) -> None:
    """Show parameters, multiply-adds and memory of the whole network."""
    for column, title, text in zip(
        st.columns(3),
        (_("Parameters"), _("Multiply-adds"), _("Memory for weights")),
        (
            _amount(view.num_parameters),
            _amount(view.multiply_adds),
            _("{number} MB").format(number=short_number(view.memory / 1e6)),
        ),
        strict=True,
    ):
        column.metric(title, text)


def _amount(count: int) -> str:
    """Write a count in three digits that matter, or in full below a million."""
    if count >= 10**9:
        return _("{number} billion").format(number=short_number(count / 1e9))
    if count >= 10**6:
        return _("{number} million").format(number=short_number(count / 1e6))
    return f"{count:,}"


def show_table(view: ArchitectureView) -> None:
    """Show all layers in rows; a click on one makes it the layer that is looked at."""
    names = [row.name for row in view.layers]
    spans = [row.field and row.field.rows for row in view.layers]
    columns = {
        _("Layer"): names,
        _("Type"): [row.type for row in view.layers],
        _("Output"): [" × ".join(map(str, row.output_shape)) for row in view.layers],
        _("Parameters"): [row.num_parameters for row in view.layers],
        _("Multiply-adds"): [row.multiply_adds for row in view.layers],
        _("Receptive field"): [span and span.size for span in spans],
        _("Jump"): [span and span.jump for span in spans],
    }
    st.dataframe(
        columns,
        hide_index=True,
        height=420,
        column_config={
            name: st.column_config.NumberColumn(format="localized")
            for name in (_("Parameters"), _("Multiply-adds"))
        },
        key=TABLE,
        on_select=_follow(names),
        selection_mode="single-row",
    )


def _follow(names: list[str]) -> Callable[[], None]:
    def follow() -> None:
        rows: Any = st.session_state[TABLE].selection.rows
        chosen = rows[0] if isinstance(rows, list) and rows else None
        # What comes from a browser may be anything, or meant for the network before.
        if type(chosen) is int and 0 <= chosen < len(names):
            controls.say(LAYER, names[chosen])

    return follow
