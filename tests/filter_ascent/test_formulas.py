"""What is maximized and how, written out: each formula is evaluated as it is printed."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cnnviz_core.filter_ascent import parameterization
from cnnviz_core.filter_ascent.ascent import AscentState, ascend
from cnnviz_core.filter_ascent.formulas import (
    blur_formula,
    direction_formula,
    mean_formulas,
    objective_formula,
    picture_formulas,
    step_formula,
)
from cnnviz_core.filter_ascent.objectives import Objective, channel, direction, neuron, whole_layer
from cnnviz_core.filter_ascent.scores import similarities
from cnnviz_core.filter_ascent.settings import BOOK, DEFAULT, AscentSettings
from cnnviz_core.filter_ascent.step import truncated_network_and_shape
from cnnviz_core.networks import Network, from_keras

SIZE = (18, 20)
# Without random shifts, the network sees the picture that is shown.
STILL = replace(DEFAULT, jitter=0, precision="float32")

NAMES = (
    (r"\nabla_{\!x}\sum_n |x - x_n|", "gradient_of_variation"),
    (r"\nabla_{\!x}\sum (x - 0.5)^2", "gradient_of_squares"),
    (r"\nabla_{\!x}\,a", "gradient"),
    (r"\mathcal{F}^{-1}", "inverse"),
    (r"\mathcal{F}(x)", "w"),
)
PATTERNS = (
    (r"\\nabla_\{\\!x\}\\,\(a - ([\d.]+)\\,\|a\|\\,s\)", r"gradient_against(\1)"),
    (r"\\sum_\{[^}]*\} (.*)$", r" * total(\1)"),
    (r"([yzp])_\{(?:ijk?|\d+,\\,\d+)\}", r"\1"),
    (r"\\hat\{(\w)\}", r"\1_hat"),
    (r"\^\{(-?\d+)\}", r"**(\1)"),
)
NESTED = (
    (r"\\overline\{([^{}]*)\}", r"mean(\1)"),
    (r"\\sqrt\{([^{}]*)\}", r"sqrt(\1)"),
    (r"\be\^\{([^{}]*)\}", r"exp(\1)"),
    (r"\\dfrac\{([^{}]*)\}\{([^{}]*)\}", r"((\1) / (\2))"),
)
SIGNS = ((r"\cdot", "*"), (r"\,", "*"), (r"\ ", ""), ("^", "**"), ("\\", ""), ("K*", ""))


def evaluated(latex: str, **values: Any) -> Any:
    """Compute what stands right of a formula's sign, without the number that it may end with."""
    program = re.split(r" = | \\leftarrow ", latex, maxsplit=1)[1].split(r" = \mathbf")[0]
    for written, name in NAMES:
        program = program.replace(written, name)
    for pattern, meant in PATTERNS:
        program = re.sub(pattern, meant, program)
    before = ""
    while before != program:
        before = program
        for pattern, meant in NESTED:
            program = re.sub(pattern, meant, program)
    for written, meant in SIGNS:
        program = program.replace(written, meant)
    functions = {"sqrt": np.sqrt, "exp": np.exp, "total": np.sum, "pi": np.pi, "mean": mean}
    functions |= {"max": np.maximum, "min": np.minimum}
    return eval(program, {"__builtins__": {}}, functions | values)  # noqa: S307 (our own)


def mean(values: Any) -> Any:
    """Of each picture."""
    return values.mean((1, 2, 3), keepdims=True)


def printed(latex: str) -> float:
    return float(re.findall(r"\\mathbf\{(.*)\}", latex)[0].replace("{,}", ""))


@pytest.fixture(scope="module")
def network() -> Network:
    import keras

    keras.utils.set_random_seed(4)
    inputs = keras.Input((*SIZE, 3))
    x = keras.layers.Conv2D(5, 3, activation="relu", name="conv")(inputs)
    x = keras.layers.GlobalAveragePooling2D()(x)
    outputs = keras.layers.Dense(4, activation="softmax", name="classes")(x)
    return from_keras(keras.Model(inputs, outputs), title="small")


def values_of(network: Network, layer: str, images: Any, *, is_after: bool) -> Any:
    """Compute y (N, H, W, C), z (N, C) or p (N, C) with Keras."""
    import keras

    found = network.model.get_layer(layer)
    with_values = keras.Model(network.model.inputs[0], found.input)(network.preprocess(images))
    if layer == "classes":
        score = np.asarray(with_values) @ np.asarray(found.kernel) + np.asarray(found.bias)
        return np.asarray(keras.activations.softmax(score)) if is_after else score
    kernel, bias = np.asarray(found.kernel), np.asarray(found.bias)
    import tensorflow as tf

    y = np.asarray(tf.nn.conv2d(with_values, kernel, 1, "VALID") + bias)
    return np.maximum(y, 0) if is_after else y


# The objective


@pytest.mark.parametrize("is_after", [False, True])
@pytest.mark.parametrize(
    ("target", "layer", "objective", "negative_slope"),
    [
        ("filters", "conv", channel(2), 0.1),
        pytest.param("filters", "conv", channel(2), 1.0, marks=pytest.mark.slow),
        ("layer", "conv", whole_layer(), 0.1),
        ("class", "classes", channel(1), 1.0),
        pytest.param("class", "classes", channel(1), 0.1, marks=pytest.mark.slow),
        pytest.param("neuron", "conv", neuron(3, 4, 5), 0.1, marks=pytest.mark.slow),
        ("neuron", "conv", neuron(3, 4, 5), 1.0),
        ("direction", "conv", direction((0, 2, 3)), 0.1),
        pytest.param("direction", "conv", direction((0, 2, 3)), 1.0, marks=pytest.mark.slow),
    ],
)
def test_the_objective_is_what_the_ascent_reports(
    network: Network, target: Any, layer: str, objective: Objective, negative_slope: float, is_after
) -> None:
    settings = replace(STILL, negative_slope=negative_slope, after_activation=is_after)
    *_before, state = ascend(network, layer, [objective], steps=3, size=SIZE, settings=settings)
    shape = truncated_network_and_shape(network, layer, SIZE)[1]
    latex = objective_formula(
        target,
        shape,
        float(state.activations[0]),
        negative_slope,
        is_after=is_after,
        place=(4, 5),
        num_channels=len(objective.terms),
    )
    values = values_of(network, layer, 255 * state.images[0], is_after=is_after)[0]
    channels = [term.channel for term in objective.terms]
    if target == "layer":
        own = values
    elif target == "neuron":
        own = values[4, 5, channels]
    else:
        own = values[..., channels]
    if target == "neuron":
        assert "y_{5,\\,6}" in latex
    found = evaluated(latex, y=own, z=own, p=own)
    assert found == pytest.approx(state.activations[0], rel=1e-4)
    assert printed(latex) == pytest.approx(found, rel=6e-3)


def test_before_it_is_measured_the_objective_has_no_number() -> None:
    latex = objective_formula("filters", (4, 5, 9), None, 0.1, is_after=False)
    assert latex.endswith(r"\max(y_{ij},\ 0.1\,y_{ij})")


def test_large_numbers_have_no_exponent() -> None:
    assert r"\mathbf{15{,}095}" in objective_formula("layer", (4, 5, 9), 15095, 1.0, is_after=False)


# A step


STEPS = {
    "our way": STILL,
    "steeper": replace(STILL, step_size=0.2),
    "blurred": replace(STILL, blur=0.5),
    "penalties": replace(STILL, total_variation=0.2, l2=0.5),
    "different": replace(STILL, diversity=2.0),
    "the article's way": BOOK,
    "pixels, blurred": replace(BOOK, after_activation=False, step_size=4 / 255, blur=1.0),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_step_changes_what_its_formulas_say(network: Network, name: str) -> None:
    settings = STEPS[name]
    states = ascend(network, "conv", [2, 2], steps=3, size=SIZE, settings=settings, seed=5)
    *_before, state, after = states
    u = evaluated(direction_formula(settings, 2), **gradients(network, settings, state))
    if settings.image == "pixels":
        expected = evaluated(step_formula(settings), x=state.images, u=u)
    else:
        # A state is what there is after as many steps: its numbers are those of Adam, too.
        expected, m, v = adam(settings, state, u)
        np.testing.assert_allclose(after.values[1], m, rtol=1e-4, atol=1e-4)
        np.testing.assert_allclose(after.values[2], v, rtol=1e-4, atol=1e-4)
    if settings.blur:
        expected = blurred(settings, expected)
    # Some of a real picture's Fourier coefficients have no imaginary part: what Adam makes of a
    # gradient that is nothing but rounding is no one's to say.
    counts = np.ones_like(expected, bool) if settings.image == "pixels" else v > 1e-8 * v.max()
    np.testing.assert_allclose(after.values[0][counts], expected[counts], atol=2e-4)


def adam(settings: AscentSettings, state: AscentState, u: Any) -> Any:
    import tensorflow as tf

    w, m, v = (np.asarray(one, np.float64) for one in state.values)
    with tf.GradientTape() as tape:
        spectrum = tf.constant(w, tf.float32)
        tape.watch(spectrum)
        x = parameterization.pictures("fourier", spectrum, SIZE, settings.contrast)
    g = np.asarray(tape.gradient(x, spectrum, output_gradients=tf.constant(u)), np.float64)
    of_m, of_v, of_m_hat, of_v_hat = mean_formulas()
    m, v, t = evaluated(of_m, m=m, g=g), evaluated(of_v, v=v, g=g), state.step + 1
    m_hat, v_hat = evaluated(of_m_hat, m=m, t=t), evaluated(of_v_hat, v=v, t=t)
    return evaluated(step_formula(settings), w=w, m_hat=m_hat, v_hat=v_hat), m, v


def blurred(settings: AscentSettings, values: Any) -> Any:
    f = parameterization.frequencies(*SIZE)
    if settings.image == "fourier":
        return evaluated(blur_formula(settings), w=values, f=f)
    spectrum = np.fft.rfft2(values, axes=(1, 2))
    damped = evaluated(blur_formula(settings), w=spectrum, f=f[..., np.newaxis])
    return np.fft.irfft2(damped, SIZE, axes=(1, 2))


def gradients(network: Network, settings: AscentSettings, state: AscentState) -> dict[str, Any]:
    """What the formula of the direction speaks of, by TensorFlow's tape."""
    import tensorflow as tf

    layer = network.model.get_layer("conv")
    x = tf.constant(state.images)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = tf.nn.conv2d(255 * x, layer.kernel, 1, "VALID") + layer.bias
        y = tf.nn.relu(y) if settings.after_activation else y
        one = y[..., 2]
        a = tf.reduce_mean(tf.maximum(one, settings.negative_slope * one), (1, 2))
        # Of two pictures, that with the other one.
        s = tf.linalg.diag_part(tf.reverse(similarities(y), [1]))
        shared = tf.stop_gradient(tf.abs(a)) * s
        variation = tf.reduce_sum(tf.image.total_variation(x))
        squares = tf.reduce_sum((x - 0.5) ** 2)
    found = {
        "gradient": tape.gradient(a, x),
        "gradient_of_variation": tape.gradient(variation, x),
        "gradient_of_squares": tape.gradient(squares, x),
    }
    arrays = {name: np.asarray(one) for name, one in found.items()}
    if not settings.diversity:
        return arrays
    of_shared = np.asarray(tape.gradient(shared, x))
    return arrays | {"gradient_against": lambda weight: arrays["gradient"] - weight * of_shared}


@pytest.mark.parametrize("contrast", [0.0, 0.18, 0.4])
@pytest.mark.parametrize("begins_with_picture", [False, True])
def test_fourier_coefficients_make_the_picture_that_the_formulas_say(
    contrast: float, begins_with_picture: bool
) -> None:
    settings = replace(STILL, contrast=contrast)
    random = np.random.default_rng(2)
    w = random.standard_normal((2, 2, 3, SIZE[0], SIZE[1] // 2 + 1)).astype(np.float32)
    least = 0.0 if begins_with_picture else contrast
    expected = np.asarray(parameterization.pictures("fourier", w, SIZE, least))

    def inverse(spectrum: Any) -> Any:
        components = np.fft.irfft2(spectrum[0] + 1j * spectrum[1], SIZE)
        return np.einsum("nkhw,ck->nhwc", components, parameterization.COLORS)

    of_c, *rest = picture_formulas(settings, begins_with_picture=begins_with_picture)
    c = evaluated(of_c, w=w, h=parameterization.fourier_scales(*SIZE), inverse=inverse)
    values = {"c": c, "mu": c.mean((1, 2), keepdims=True)}
    if len(rest) == 2:
        values["k"] = evaluated(rest[0], **values)
    np.testing.assert_allclose(evaluated(rest[-1], **values), expected, atol=1e-5)
