"""Layers in a row against Keras with the same weights, and the article's figures one by one."""

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz_core import images
from cnnviz_core.layers.convolution import convolve
from cnnviz_core.layers.kernels import random_kernels
from cnnviz_core.layers.pipeline import (
    FIGURES,
    Activation,
    Convolution,
    Layer,
    Pooling,
    lenet,
    lenet_head,
    run,
    shapes,
)

# From the article, by hand.
SHOWN = {
    "cat": ((320, 400, 3), "composite", "home"),
    "conv-3": ((318, 398, 3), "composite", "convolution"),
    "conv-10": ((311, 391, 3), "composite", "convolution"),
    "filter-3": ((318, 398, 1), "single", "convolution"),
    "filter-15": ((306, 386, 1), "single", "convolution"),
    "relu-1": ((318, 398, 1), "single", "activation"),
    "relu-3": ((318, 398, 3), "composite", "activation"),
    "pool-1": ((63, 79, 1), "single", "pooling"),
    "pool-3": ((63, 79, 3), "composite", "pooling"),
    "relu-pool-1": ((63, 79, 1), "single", "pooling"),
    "relu-pool-3": ((63, 79, 3), "composite", "pooling"),
    "lenet-1-1": ((34, 43, 1), "single", "lenet"),
    "lenet-3-1": ((52, 65, 1), "single", "lenet"),
    "lenet-3-3": ((52, 65, 3), "composite", "lenet"),
}
LENETS = {
    "1-1": lenet((1, 1), pool_sizes=(3, 3)),
    "3-1": lenet((3, 1)),
    "3-3": lenet((3, 3)),
    "original": lenet((6, 16), size=5, pool_sizes=(2, 2), function="tanh", mode="average"),
}

a_padding = st.sampled_from(("valid", "same"))
a_layer = st.one_of(
    st.builds(
        Convolution,
        st.integers(1, 4),
        st.integers(1, 4),
        st.integers(1, 3),
        a_padding | st.integers(0, 2),
        st.integers(1, 2),
    ),
    st.builds(Activation, st.sampled_from(("relu", "leaky_relu", "tanh", "softmax"))),
    st.builds(
        Pooling,
        st.integers(1, 4),
        st.none() | st.integers(1, 3),
        st.sampled_from(("max", "average")),
        a_padding,
    ),
)
some_layers = st.lists(a_layer, max_size=6)
a_shape = st.tuples(st.integers(1, 24), st.integers(1, 24), st.integers(1, 3))


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(7).normal(size=shape).astype(np.float32)


def test_every_figure_of_the_article_is_there_once() -> None:
    assert [figure.name for figure in FIGURES] == list(SHOWN)


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_figure_has_the_shape_of_the_article(figure) -> None:
    stage = run(images.sample("cat"), figure.layers, figure.seed)[-1]
    shape, display, page = SHOWN[figure.name]
    assert stage.shape == stage.values.shape == figure.shape == shape
    assert (figure.display, figure.page) == (display, page)


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_figure_shows_something_in_every_channel(figure) -> None:
    values = run(images.sample("cat"), figure.layers, figure.seed)[-1].values
    assert np.count_nonzero(values, axis=(0, 1)).min() > 0.1 * values.shape[0] * values.shape[1]
    assert values.std(axis=(0, 1)).min() > 1  # of 255


@pytest.mark.parametrize(
    "figure", [one for one in FIGURES if "relu" in one.name], ids=lambda figure: figure.name
)
def test_relu_changes_the_figures_that_show_it(figure) -> None:
    before, after = run(images.sample("cat"), figure.layers, figure.seed)[1:3]
    assert np.count_nonzero(before.values != after.values) > 0.05 * before.values.size


@pytest.mark.parametrize("layers", LENETS.values(), ids=LENETS)
def test_lenet_agrees_with_keras_layer_by_layer(layers: tuple[Layer, ...]) -> None:
    image = noise(46, 52, 3)
    stages = run(image, layers, seed=3)
    model = keras_twin(image.shape, layers)
    convolutions = [layer for layer in model.layers if layer.weights]
    kernels = [stage.kernels for stage in stages if stage.kernels is not None]
    for layer, weights in zip(convolutions, kernels, strict=True):
        layer.set_weights([weights, np.zeros(weights.shape[3])])
    answer = image[np.newaxis]
    for layer, stage in zip(model.layers, stages[1:], strict=True):
        answer = layer(answer)
        np.testing.assert_allclose(stage.values, answer[0], rtol=1e-4, atol=1e-5)
        assert stage.num_parameters == layer.count_params()
    assert sum(stage.num_parameters for stage in stages) == model.count_params()


def keras_twin(shape: tuple[int, ...], layers: tuple[Layer, ...]):
    import keras

    pools = {"max": keras.layers.MaxPooling2D, "average": keras.layers.AveragePooling2D}
    twins = []
    for layer in layers:
        match layer:
            case Convolution(num_filters, size):
                twins.append(keras.layers.Conv2D(num_filters, size))
            case Activation(name):
                twins.append(keras.layers.Activation(name))
            case Pooling(size, mode=mode):
                twins.append(pools[mode](size))
    return keras.Sequential([keras.Input(shape), *twins])


def test_lenet_head_counts_as_keras() -> None:
    import keras

    head = lenet_head((52, 65, 3))
    dense = [keras.layers.Dense(layer.num_units) for layer in head[1:]]
    model = keras.Sequential([keras.Input((52, 65, 3)), keras.layers.Flatten(), *dense])
    assert [layer.num_units for layer in head] == [10140, 120, 84, 10]
    assert [layer.num_parameters for layer in head] == [one.count_params() for one in model.layers]


@settings(max_examples=80, deadline=None)
@given(shape=a_shape, layers=some_layers)
def test_shapes_foresees_what_run_does(shape: tuple[int, int, int], layers: list[Layer]) -> None:
    foreseen, stages = outcome(shapes, shape, layers), outcome(run, noise(*shape), layers)
    if isinstance(foreseen, str):
        assert foreseen.startswith("Layer ")
        assert stages == foreseen
        return
    for stage, outline in zip(stages, foreseen, strict=True):
        weights = 0 if stage.kernels is None else stage.kernels.size
        biases = 0 if stage.kernels is None else stage.shape[2]
        assert stage.values.dtype == np.float32
        assert (stage.name, stage.values.shape) == (outline.name, outline.shape)
        assert stage.num_parameters == outline.num_parameters == weights + biases
    assert len({stage.name for stage in stages}) == len(layers) + 1


def outcome(look: Callable, *arguments):
    """What `look` returns, or the words with which it refuses."""
    try:
        return look(*arguments)
    except ValueError as refusal:
        return str(refusal)


def test_settings_of_every_layer_are_used() -> None:
    image = noise(30, 33, 2)
    layers = [
        Convolution(4, 3, stride=2, padding=3, dilation=2),
        Activation("leaky_relu", slope=0.5),
        Pooling(3, stride=2, mode="average", padding="same"),
    ]
    _, conv, leaky, pooled = run(image, layers, seed=5)
    kernels = random_kernels(3, 4, 2, 5)
    expected = convolve(image, kernels, stride=2, padding=3, dilation=2)
    np.testing.assert_array_equal(conv.values, expected)
    np.testing.assert_array_equal(leaky.values, np.where(expected < 0, expected / 2, expected))
    assert pooled.shape == (8, 9, 4)
    np.testing.assert_allclose(
        pooled.values[1, 1], leaky.values[2:5, 2:5].mean(axis=(0, 1)), rtol=1e-5, atol=1e-6
    )


def test_the_first_stage_is_the_picture_itself() -> None:
    cat = images.sample("cat")
    (stage,) = run(cat, [])
    assert (stage.name, stage.num_parameters, stage.kernels) == ("picture", 0, None)
    np.testing.assert_array_equal(stage.values, cat.astype(np.float32))


def test_layers_are_named_by_kind_and_count() -> None:
    layers = [*lenet(), Activation("leaky_relu")]
    names = [stage.name for stage in shapes((320, 400, 3), layers)]
    assert names[:4] == ["picture", "conv 1", "relu 1", "pool 1"]
    assert names[4:] == ["conv 2", "relu 2", "pool 2", "leaky relu 1"]


def kernels_of(layers, seed: int) -> list[np.ndarray]:
    stages = run(noise(40, 40, 3), layers, seed)
    return [stage.kernels for stage in stages if stage.kernels is not None]


def test_the_first_kernels_are_those_of_the_convolution_page() -> None:
    first, _ = kernels_of(lenet((3, 3)), 11)
    np.testing.assert_array_equal(first, random_kernels(3, 3, 3, 11))


def test_a_seed_repeats_itself_and_no_other() -> None:
    layers = [Convolution(3, 3)] * 3
    drawn = [kernel for seed in (0, 1, 2) for kernel in kernels_of(layers, seed)]
    again = [kernel for seed in (0, 1, 2) for kernel in kernels_of(layers, seed)]
    np.testing.assert_array_equal(drawn, again)
    assert len({kernel.tobytes() for kernel in drawn}) == 9


def test_other_layers_leave_the_kernels_alone() -> None:
    plain = [Convolution(3, 3), Convolution(2, 5)]
    mixed = [Pooling(2), plain[0], Activation("relu"), Pooling(2), plain[1]]
    for one, other in zip(kernels_of(plain, 4), kernels_of(mixed, 4), strict=True):
        np.testing.assert_array_equal(one, other)


def test_run_leaves_the_picture_alone() -> None:
    image = noise(46, 46, 3)
    image.flags.writeable = False
    copy = image.copy()
    stages = run(image, lenet())
    np.testing.assert_array_equal(image, copy)
    np.testing.assert_array_equal(stages[0].values, copy)


def test_layers_can_be_keys_of_a_cache() -> None:
    assert lenet((3, 1)) in {lenet((3, 1)), lenet((3, 3))}
    assert lenet((3, 1)) != lenet((3, 3))
    with pytest.raises(dataclasses.FrozenInstanceError):
        FIGURES[0].seed = 1


@pytest.mark.parametrize("look", [shapes, lambda shape, layers: run(noise(*shape), layers)])
@pytest.mark.parametrize(
    ("layers", "message"),
    [
        (lenet((1, 1), pool_sizes=(3, 9)), r"Layer 6 \(pooling 2\) gets 8×8×1 .* 9×9 .* 8×8"),
        ([Pooling(5), Convolution(1, 8)], r"Layer 2 \(convolution 1\) gets 6×6×3 .* 8×8 .* 6×6"),
        ([Convolution(0, 3)], r"Layer 1 \(convolution 1\).*num_filters must be at least 1"),
        ([Convolution(1, 3.5)], r"Layer 1 .convolution 1.*size must be a whole number.*3\.5"),
        ([Convolution(1, 3, stride=0)], r"Layer 1 .convolution 1.*stride must be at least 1"),
        (
            [Convolution(1, 3, padding="full")],
            r"Layer 1 \(convolution 1\).*padding must be.*'full'",
        ),
        (
            [Convolution(1, 3, dilation=0)],
            r"Layer 1 \(convolution 1\).*dilation must be at least 1",
        ),
        ([Activation("relu"), Activation("rleu")], r"Layer 2 \(rleu 1\).*name must be one of"),
        ([Activation("leaky_relu", 2)], r"Layer 1 \(leaky relu 1\).*slope must be .*2"),
        ([Pooling(0)], r"Layer 1 \(pooling 1\).*size must be at least 1"),
        ([Pooling(2, mode="min")], r"Layer 1 \(pooling 1\).*mode must be one of.*'min'"),
        ([Pooling(2, padding=1)], r"Layer 1 \(pooling 1\).*padding must be one of.*1"),
        ([Pooling(2), "relu"], r"layers must be .* layer 2 came as 'relu'"),
    ],
)
def test_the_layer_that_does_not_fit_is_named(look, layers, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        look((32, 32, 3), layers)


def test_nothing_is_computed_before_all_layers_are_checked(monkeypatch) -> None:
    monkeypatch.setattr("cnnviz_core.layers.pipeline.convolve", None)
    with pytest.raises(ValueError, match="Layer 2"):
        run(noise(8, 8, 3), [Convolution(1, 3), Pooling(7)])


@pytest.mark.parametrize("shape", [(8, 8), (8, 8, 0), (8, "8", 3)])
def test_a_shape_has_three_lengths(shape) -> None:
    with pytest.raises(ValueError, match="shape must"):
        shapes(shape, [])


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(ValueError, match="seed must be at least 0"):
        run(noise(8, 8, 3), [], seed=-1)
