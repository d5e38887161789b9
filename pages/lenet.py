"""LeNet cat: convolution, activation and pooling twice, and the layers behind them."""

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz_core.views import lenet as lenet_view
from cnnviz_core.views import lenet_files as take_home
from pages.parts import code_drawer, layout, presets, results
from pages.parts.layers.lenet_controls import (
    FIRST,
    LENET_CONTROLS,
    SECOND,
    SEED,
    choose_layers,
    choose_look,
)
from pages.parts.layers.lenet_pictures import (
    leaves_all,
    show_head,
    show_history,
    show_parameters,
    show_stages,
)
from pages.parts.live import live_pictures
from pages.parts.picker import current
from pages.parts.presets import Preset
from pages.parts.references import show_references
from pages.parts.refusals import fragment
from pages.parts.seeds import choose_seed
from pages.parts.texts import N_, _

PRESETS = (
    Preset(
        N_("LeNet, 1 and 1 filters"),
        N_("One filter in each convolution, pooling windows of 3 and 3."),
        {FIRST.filters: 1, SECOND.filters: 1, SECOND.window: 3, SEED: 78},
        group="article",
    ),
    Preset(
        N_("LeNet, 3 and 1 filters"),
        N_("Three filters, then one; pooling windows of 3 and 2."),
        {SECOND.filters: 1, SEED: 62},
        group="article",
    ),
    Preset(
        N_("LeNet, 3 and 3 filters"), N_("Three filters in each convolution."), {}, group="article"
    ),
    Preset(
        N_("After LeNet-5"),
        N_("After LeCun et al. (1998): 6 and 16 filters, 5×5 each, tanh, averages over 2×2."),
        {
            FIRST.filters: 6,
            SECOND.filters: 16,
            FIRST.size: 5,
            SECOND.size: 5,
            FIRST.function: "tanh",
            SECOND.function: "tanh",
            FIRST.mode: "average",
            SECOND.mode: "average",
            FIRST.window: 2,
            # One of the few seeds with which tanh does not saturate on most of the cat.
            SEED: 901,
        },
    ),
    Preset(
        N_("Strides, no pooling"),
        N_("As in many later networks: the convolution itself skips places."),
        {FIRST.stride: 3, SECOND.stride: 2, FIRST.window: 1, SECOND.window: 1},
    ),
    Preset(
        N_("A cat of few pixels"),
        N_("Pooling windows of 8 and 3: how little is enough to recognize the picture?"),
        {FIRST.window: 8, SECOND.window: 3},
    ),
)
LOOK_FOR = N_(
    "Each row mixes the maps that it reads; strides and pooling then shrink them to a summary. "
    "Do you still recognize the picture after the second row? Of all {total} parameters, the "
    "first hidden layer has {hidden}: the larger the maps that reach it, the more it needs."
)


@fragment
def lenet(left: DeltaGenerator, right: DeltaGenerator, shown: DeltaGenerator) -> None:
    """Everything that a moved control changes."""
    picture = current()
    with left:
        layers = choose_layers(picture)
        chosen_seed = choose_seed(SEED)
    with right:
        compared = st.container()
        look = choose_look(layers)
        view = lenet_view.lenet(picture, layers, chosen_seed, **look)
        with shown:
            show_stages(view)
        with compared:
            results.say(
                _("LeNet cat"),
                partial(take_home.saved, picture, layers, chosen_seed, **look),
                LENET_CONTROLS,
            )
        show_head(view)
        show_parameters(view)
        hidden = view.head[1].num_parameters
        layout.look_for(_(LOOK_FOR).format(total=f"{view.num_parameters:,}", hidden=f"{hidden:,}"))
    pools = [not leaves_all(layer) for layer in (layers[2], layers[5])]
    code_drawer.tell(partial(take_home.program, picture, layers, chosen_seed))
    live_pictures.say("lenet", LENET_CONTROLS, pools=pools)


layout.heading("lenet")
presets.row(PRESETS, LENET_CONTROLS)
left, right = layout.controls_and_pictures()
with right:
    shown = layout.in_view()
lenet(left, right, shown)
live_pictures.follow()
show_history()
code_drawer.offer()
results.offer()
show_references("lenet", "lenet-5", "article")
