"""How to ascend: from where, how far, and what keeps noise down."""

from dataclasses import replace
from typing import TypedDict

from cnnviz_core.filter_ascent.formulas import AscentTarget
from cnnviz_core.filter_ascent.settings import AscentSettings
from cnnviz_core.networks import Network
from cnnviz_core.views.ascent_store import ARTICLE_STEPS, AscentQuestion
from cnnviz_core.views.filter_ascent import ascent_size, ascent_sizes
from cnnviz_core.views.sharing import Picture
from pages.parts import controls, layout
from pages.parts.declarations import Choice, Number, Switch, plain
from pages.parts.texts import N_, _

OPEN, NOISE_OPEN = "ascent_settings", "ascent_noise"
WEIGHTS = (0.0, 0.05, 0.1, 0.2, 0.5, 1.0)

START = Choice(
    key="ascent_from",
    label=N_("Begin with"),
    options={"noise": N_("Noise"), "gray": N_("Gray"), "picture": N_("Picture")},
    default="noise",
    help=N_(
        "Noise: each picture begins differently. Gray: plain gray. Picture: the chosen one, into "
        "which the network draws what it sees, as in DeepDream."
    ),
)
# The sizes on offer depend on the layer.
SIDE: Choice[int] = Choice(
    key="ascent_size",
    label=N_("Size in pixels"),
    options={},
    default=128,
    help=N_("The longer side of each picture. Doubling it takes four times as long."),
)
STEPS = Choice(
    key="ascent_steps",
    label=N_("Steps"),
    options=plain((8, 16, 24, 32, 48, 64, 96, 128, 192, 256)),
    default=24,
    help=N_("How many times the picture is changed a little to raise the activation."),
)
STEP = Choice(
    key="ascent_step",
    label=N_("Step size"),
    options=plain((0.01, 0.02, 0.05, 0.1, 0.15, 0.2)),
    default=0.15,
    help=N_("How much a step changes. Too small: slow. Too large: garish and coarse."),
)
PIXEL_STEP = Choice(
    key="ascent_pixel_step",
    label=N_("Step size, in brightness levels"),
    options=plain((1, 2, 4, 8, 16)),
    default=1,
    help=N_("How much a step changes the pixels, out of 255 levels. Reppel's article uses 1."),
)
COPIES = Number(
    key="ascent_copies",
    label=N_("Pictures for each"),
    low=1,
    high=4,
    default=1,
    help=N_("Several pictures show whether a filter looks for more than one thing."),
)
DIVERSITY = Choice(
    key="ascent_diversity",
    label=N_("How different they must be"),
    options=plain((0.0, 0.5, 1.0, 2.0, 4.0)),
    default=1.0,
    help=N_(
        "At 0 they differ only by chance. Above 0, the textures that the layer sees in them are "
        "pushed apart."
    ),
)
SEED = Number(
    key="ascent_seed",
    label=N_("Seed"),
    low=1,
    high=999,
    default=1,
    help=N_("The same number gives the same noise and the same shifts, for everyone."),
)
IMAGE = Choice(
    key="ascent_image",
    label=N_("What the picture is made of"),
    options={"fourier": N_("Waves"), "pixels": N_("Pixels")},
    default="fourier",
    help=N_(
        "Pixels: each changes on its own, which tends toward noise. Waves: a step changes coarse "
        "structure as easily as fine, in the colors of photographs."
    ),
)
JITTER = Number(
    key="ascent_jitter",
    label=N_("Random shifts, in pixels"),
    low=0,
    high=32,
    default=8,
    help=N_("The picture is shifted a little before each step, so that no pixel matters alone."),
)
ROTATION = Number(
    key="ascent_rotation",
    label=N_("Random rotation, in degrees"),
    low=0,
    high=45,
    default=0,
    help=N_("The picture is rotated a little, too. Patterns get rounder; lines may blur."),
)
SCALING = Choice(
    key="ascent_scaling",
    label=N_("Random zoom"),
    options=plain((0.0, 0.05, 0.1, 0.2, 0.4)),
    default=0.0,
    help=N_(
        "The picture is enlarged or reduced by up to this factor. The finest noise does not "
        "survive."
    ),
)
BLUR = Choice(
    key="ascent_blur",
    label=N_("Blur after each step, in pixels"),
    options=plain((0.0, 0.25, 0.5, 1.0, 2.0)),
    default=0.0,
    help=N_("Wipes out fine detail again and again, so that coarse structure can grow."),
)
VARIATION = Choice(
    key="ascent_variation",
    label=N_("Penalty on differences between neighbors"),
    options=plain(WEIGHTS),
    default=0.0,
    help=N_("Total variation. At 1, it pulls about as hard as the activation does."),
)
L2 = Choice(
    key="ascent_l2",
    label=N_("Penalty on leaving gray"),
    options=plain(WEIGHTS),
    default=0.0,
    help=N_("The squared distance from gray: only what raises the activation most stays."),
)
AFTER = Switch(
    key="ascent_after",
    label=N_("Measure after the activation function"),
    help=N_(
        "As in Reppel's article. Where a filter is silent, ReLU leaves no gradient to follow: some "
        "pictures stay gray."
    ),
)
SETTING_CONTROLS = (
    START,
    SIDE,
    STEPS,
    STEP,
    PIXEL_STEP,
    COPIES,
    DIVERSITY,
    SEED,
    IMAGE,
    JITTER,
    ROTATION,
    SCALING,
    BLUR,
    VARIATION,
    L2,
    AFTER,
)


class _Moves(TypedDict):
    jitter: int
    rotation: float
    scaling: float


class _Penalties(TypedDict):
    blur: float
    total_variation: float
    l2: float


def choose_question(
    network: Network,
    picture: Picture,
    layer: str,
    target: AscentTarget,
    channels: tuple[int, ...],
    *,
    is_articles: bool,
) -> AscentQuestion:
    """Draw the controls; of the article's way, only those that it leaves open."""
    with layout.more(_("Start, size and steps"), key=OPEN, icon=":material/tune:"):
        side = _choose_side(ascent_sizes(network, layer))
        if is_articles:
            return AscentQuestion(
                layer=layer,
                target=target,
                channels=channels,
                size=ascent_size(network, layer, side, None),
                steps=ARTICLE_STEPS,
                seed=controls.slider(SEED),
            )
        begin = controls.choice(START)
        steps = controls.snap(STEPS)
        copies, diversity = (1, 0.0) if target == "layer" else _choose_copies()
        seed = controls.slider(SEED)
    with layout.more(_("Noise reduction"), key=NOISE_OPEN, icon=":material/blur_linear:"):
        settings = _choose_settings(begin, diversity, target)
    start = picture if begin == "picture" else None
    return AscentQuestion(
        layer=layer,
        target=target,
        channels=channels,
        size=ascent_size(network, layer, side, start),
        steps=steps,
        copies=copies,
        seed=seed,
        settings=settings,
        picture=None if start is None else start.key,
    )


def _choose_side(sides: tuple[int, ...]) -> int:
    return sides[0] if len(sides) == 1 else controls.snap(SIDE, options=sides)


def _choose_copies() -> tuple[int, float]:
    copies = controls.slider(COPIES)
    return copies, 0.0 if copies == 1 else controls.snap(DIVERSITY)


def _choose_settings(start: str, diversity: float, target: AscentTarget) -> AscentSettings:
    image = controls.choice(IMAGE)
    settings = AscentSettings(
        image="fourier" if image == "fourier" else "pixels",
        start="gray" if start == "gray" else "noise",
        step_size=_choose_step_size(image),
        diversity=diversity,
        **_choose_moves(),
        **_choose_penalties(),
        after_activation=controls.switch(AFTER),
    )
    # Values below zero count less where a filter may be silent in most places, but must speak in
    # some. A class has one score, and behind an activation function the plain mean is meant.
    is_plain = settings.after_activation or target == "class"
    return replace(settings, negative_slope=1.0) if is_plain else settings


def _choose_step_size(image: str) -> float:
    return controls.snap(STEP) if image == "fourier" else controls.snap(PIXEL_STEP) / 255


def _choose_moves() -> _Moves:
    return {
        "jitter": controls.slider(JITTER),
        "rotation": controls.slider(ROTATION),
        "scaling": controls.snap(SCALING),
    }


def _choose_penalties() -> _Penalties:
    return {
        "blur": controls.snap(BLUR),
        "total_variation": controls.snap(VARIATION),
        "l2": controls.snap(L2),
    }
