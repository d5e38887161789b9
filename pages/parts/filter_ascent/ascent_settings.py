"""How to ascend: from where, how far, and what keeps noise down."""

from dataclasses import dataclass, replace
from typing import TypedDict

import streamlit as st

from cnnviz_core.filter_ascent.ascent import AscentSettings
from cnnviz_core.filter_ascent.formulas import AscentTarget
from cnnviz_core.networks import Network
from cnnviz_core.views.ascent import ascent_sizes
from pages.parts import old_controls as controls
from pages.parts.texts import _

START = "ascent_from"
SIDE = "ascent_size"
STEPS = "ascent_steps"
STEP = "ascent_step"
PIXEL_STEP = "ascent_pixel_step"
COPIES = "ascent_copies"
DIVERSITY = "ascent_diversity"
SEED = "ascent_seed"
IMAGE = "ascent_image"
JITTER = "ascent_jitter"
ROTATION = "ascent_rotation"
SCALING = "ascent_scaling"
BLUR = "ascent_blur"
VARIATION = "ascent_variation"
L2 = "ascent_l2"
AFTER = "ascent_after"
OPEN, NOISE_OPEN = "ascent_settings", "ascent_noise"

STEP_COUNTS = (8, 16, 24, 32, 48, 64, 96, 128, 192, 256)
STEP_SIZES = (0.01, 0.02, 0.05, 0.1, 0.2)
# In levels of brightness, of which a picture has 255.
PIXEL_STEPS = (1, 2, 4, 8, 16)
MAX_COPIES = 4
DIVERSITIES = (0.0, 0.5, 1.0, 2.0, 4.0)
BLURS = (0.0, 0.25, 0.5, 1.0, 2.0)
WEIGHTS = (0.0, 0.05, 0.1, 0.2, 0.5, 1.0)
SCALINGS = (0.0, 0.05, 0.1, 0.2, 0.4)
MAX_JITTER, MAX_ROTATION, MAX_SEED = 32, 45, 999

SETTING_DEFAULTS = {
    START: "noise",
    SIDE: 128,
    STEPS: 48,
    STEP: 0.05,
    PIXEL_STEP: 1,
    COPIES: 1,
    DIVERSITY: 1.0,
    SEED: 1,
    IMAGE: "waves",
    JITTER: 8,
    ROTATION: 0,
    SCALING: 0.0,
    BLUR: 0.0,
    VARIATION: 0.0,
    L2: 0.0,
    AFTER: False,
}
STARTS = {"noise": "Noise", "grey": "Gray", "picture": "Picture"}
IMAGES = {"waves": "Waves", "pixels": "Pixels"}


@dataclass(frozen=True, slots=True)
class Climbing:
    """What the controls say of the ascent; `side` is the longer one of each picture, in pixels."""

    begins_with_picture: bool
    side: int
    steps: int
    copies: int
    seed: int
    settings: AscentSettings


class _Moves(TypedDict):
    jitter: int
    rotation: float
    scaling: float


class _Penalties(TypedDict):
    blur: float
    total_variation: float
    l2: float


def choose_climbing(
    network: Network, layer: str, target: AscentTarget, *, is_articles: bool
) -> Climbing:
    """Draw the controls; of the article's way, only those that it leaves open."""
    with st.expander(
        _("Start, size and steps"), icon=":material/tune:", key=OPEN, bind="query-params"
    ):
        side = _choose_side(ascent_sizes(network, layer))
        if is_articles:
            return Climbing(False, side, STEP_COUNTS[0], 1, _choose_seed(), AscentSettings())
        start = _choose_start()
        steps = _choose_steps()
        copies, diversity = (1, 0.0) if target == "layer" else _choose_copies()
        seed = _choose_seed()
    with st.expander(
        _("Noise reduction"),
        icon=":material/blur_linear:",
        key=NOISE_OPEN,
        bind="query-params",
    ):
        settings = _choose_settings(start, diversity, target)
    return Climbing(start == "picture", side, steps, copies, seed, settings)


def _choose_side(sides: tuple[int, ...]) -> int:
    if len(sides) == 1:
        return sides[0]
    return controls.snap(
        _("Size in pixels"),
        SIDE,
        sides,
        128,
        help=_("The longer side of each picture. Doubling it takes four times as long."),
    )


def _choose_start() -> str:
    return controls.choice(
        _("Begin with"),
        START,
        list(STARTS),
        show=lambda one: _(STARTS[one]),
        help=_(
            "Noise: each picture begins differently. Gray: plain gray. Picture: the chosen one, "
            "into which the network draws what it sees, as in DeepDream."
        ),
    )


def _choose_steps() -> int:
    return controls.snap(
        _("Steps"),
        STEPS,
        STEP_COUNTS,
        48,
        help=_("How many times the picture is changed a little to raise the activation."),
    )


def _choose_copies() -> tuple[int, float]:
    copies = controls.slider(
        _("Pictures for each"),
        COPIES,
        1,
        MAX_COPIES,
        1,
        help=_("Several pictures show whether a filter looks for more than one thing."),
    )
    if copies == 1:
        return 1, 0.0
    return copies, controls.snap(
        _("How different they must be"),
        DIVERSITY,
        DIVERSITIES,
        1.0,
        help=_(
            "At 0 they differ only by chance. Above 0, the textures that the layer sees in them "
            "are pushed apart."
        ),
    )


def _choose_seed() -> int:
    return controls.slider(
        _("Seed"),
        SEED,
        1,
        MAX_SEED,
        1,
        help=_("The same number gives the same noise and the same shifts, for everyone."),
    )


def _choose_settings(start: str, diversity: float, target: AscentTarget) -> AscentSettings:
    image = controls.choice(
        _("What the picture is made of"),
        IMAGE,
        list(IMAGES),
        show=lambda one: _(IMAGES[one]),
        help=_(
            "Pixels: each changes on its own, which tends toward noise. Waves: a step changes "
            "coarse structure as easily as fine, in the colors of photographs."
        ),
    )
    settings = AscentSettings(
        image="waves" if image == "waves" else "pixels",
        start="grey" if start == "grey" else "noise",
        step_size=_choose_step_size(image),
        diversity=diversity,
        **_choose_moves(),
        **_choose_penalties(),
        after_activation=controls.switch(
            _("Measure after the activation function"),
            AFTER,
            False,
            help=_(
                "As in Reppel's article. Where a filter is silent, ReLU leaves no gradient to "
                "follow: some pictures stay gray."
            ),
        ),
    )
    # Values below zero count less where a filter may be silent in most places, but must speak in
    # some. A class has one score, and behind an activation function the plain mean is meant.
    is_plain = settings.after_activation or target == "class"
    return replace(settings, below_zero=1.0) if is_plain else settings


def _choose_step_size(image: str) -> float:
    if image == "waves":
        return controls.snap(
            _("Step size"),
            STEP,
            STEP_SIZES,
            0.05,
            help=_("How much a step changes. Too small: slow. Too large: garish and coarse."),
        )
    levels = controls.snap(
        _("Step size, in brightness levels"),
        PIXEL_STEP,
        PIXEL_STEPS,
        1,
        help=_("How much a step changes the pixels, out of 255 levels. Reppel's article uses 1."),
    )
    return levels / 255


def _choose_moves() -> _Moves:
    return {
        "jitter": controls.slider(
            _("Random shifts, in pixels"),
            JITTER,
            0,
            MAX_JITTER,
            8,
            help=_(
                "The picture is shifted a little before each step, so that no pixel matters alone."
            ),
        ),
        "rotation": controls.slider(
            _("Random rotation, in degrees"),
            ROTATION,
            0,
            MAX_ROTATION,
            0,
            help=_("The picture is rotated a little, too. Patterns get rounder; lines may blur."),
        ),
        "scaling": controls.snap(
            _("Random zoom"),
            SCALING,
            SCALINGS,
            0.0,
            help=_(
                "The picture is enlarged or reduced by up to this factor. The finest noise does "
                "not survive."
            ),
        ),
    }


def _choose_penalties() -> _Penalties:
    return {
        "blur": controls.snap(
            _("Blur after each step, in pixels"),
            BLUR,
            BLURS,
            0.0,
            help=_("Wipes out fine detail again and again, so that coarse structure can grow."),
        ),
        "total_variation": controls.snap(
            _("Penalty on differences between neighbors"),
            VARIATION,
            WEIGHTS,
            0.0,
            help=_("Total variation. At 1, it pulls about as hard as the activation does."),
        ),
        "l2": controls.snap(
            _("Penalty on leaving gray"),
            L2,
            WEIGHTS,
            0.0,
            help=_("The squared distance from gray: only what raises the activation most stays."),
        ),
    }
