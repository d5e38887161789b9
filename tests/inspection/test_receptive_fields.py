"""Receptive fields, proven by the gradient: a unit depends on the pixels claimed and no others."""

from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, reject, settings
from hypothesis import strategies as st

from cnnviz_core import networks
from cnnviz_core.inspection.architecture import layer_table, unit_over
from cnnviz_core.inspection.receptive_fields import Field, Span, fields, growth, seen_pixels
from cnnviz_core.networks import Network, from_keras


def with_even_weights(model: Any) -> Any:
    """Copy a model so that no path from pixel to unit is cut or canceled.

    All weights are alike and positive, and pooling averages instead of choosing.
    """
    import keras

    def soften(layer: Any) -> Any:
        config = layer.get_config()
        if isinstance(layer, keras.layers.MaxPooling2D):
            return keras.layers.AveragePooling2D.from_config(config)
        return type(layer).from_config(config)

    copy = keras.models.clone_model(model, clone_function=soften)
    copy.set_weights([np.full(w.shape, 1 / w[..., 0].size) for w in copy.get_weights()])
    return copy


def pixels_by_gradient(
    network: Network, layer: str, row: int, column: int
) -> tuple[int, int, int, int]:
    import keras
    import tensorflow as tf

    model = with_even_weights(network.model)
    part = keras.Model(model.input, model.get_layer(layer).output)
    height, width = network.input_size
    batch = tf.ones((1, height, width, model.input.shape[-1]))
    with tf.GradientTape() as tape:
        tape.watch(batch)
        answer = tf.reduce_sum(part(batch, training=False)[0, row, column])
    depends = np.abs(np.asarray(tape.gradient(answer, batch))[0]).sum(-1) > 0
    rows, columns = np.flatnonzero(depends.any(1)), np.flatnonzero(depends.any(0))
    if not rows.size:
        return 0, 0, 0, 0
    return int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1


def claimed(network: Network, layer: str, row: int, column: int) -> tuple[int, int, int, int]:
    field = fields(network)[layer]
    assert field is not None
    return seen_pixels(field, row, column, network.input_size)


WINDOW = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["conv", "depthwise", "separable", "max", "average", "pad"]),
        "kernel": st.tuples(st.integers(1, 4), st.integers(1, 4)),
        "stride": st.integers(1, 3),
        "dilation": st.integers(1, 2),
        "padding": st.sampled_from(["valid", "same"]),
    }
)


def window_layer(kind: str, kernel: Any, stride: int, dilation: int, padding: str) -> Any:
    import keras

    layers = keras.layers
    if kind == "pad":
        return layers.ZeroPadding2D(((kernel[0], stride), (kernel[1], dilation)))
    if kind in ("max", "average"):
        pool = layers.MaxPooling2D if kind == "max" else layers.AveragePooling2D
        return pool(kernel, strides=stride, padding=padding)
    options = {"strides": stride, "padding": padding}
    if stride == 1:
        options["dilation_rate"] = dilation
    if kind == "conv":
        return layers.Conv2D(2, kernel, activation="relu", **options)
    if kind == "depthwise":
        return layers.DepthwiseConv2D(kernel, **options)
    # Keras' separable convolution takes square dilation only.
    return layers.SeparableConv2D(2, kernel, **options)


def stacked(x: Any, windows: list[dict[str, Any]]) -> Any:
    """What comes out of these layers; not if one is larger than what the others left."""
    try:
        for window in windows:
            x = window_layer(**window)(x)
    except ValueError:
        reject()
    return x


UNIT = st.tuples(st.floats(0, 0.999), st.floats(0, 0.999))


# Without shrinking, which would build hundreds of models.
@settings(deadline=None, max_examples=15, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(windows=st.lists(WINDOW, min_size=1, max_size=3), place=UNIT)
def test_stacked_windows_see_what_the_gradient_says(windows, place):
    import keras

    inputs = keras.Input((40, 37, 3))
    network = from_keras(keras.Model(inputs, stacked(inputs, windows)), title="stack")
    height, width, _ = network.layers[-1].output_shape
    row, column = int(place[0] * height), int(place[1] * width)
    name = network.layers[-1].name
    found = pixels_by_gradient(network, name, row, column)
    top, left, bottom, right = claimed(network, name, row, column)
    if (bottom - top, right - left) == whole_size(network, name):
        assert found == (top, left, bottom, right)
    elif found != (0, 0, 0, 0):
        # Where the picture's edge cuts a field with gaps, a gap may lie at the edge.
        assert top <= found[0] < found[2] <= bottom
        assert left <= found[1] < found[3] <= right


def whole_size(network: Network, layer: str) -> tuple[int, int]:
    field = fields(network)[layer]
    assert field is not None
    return field.rows.size, field.columns.size


def test_paths_that_join_see_what_either_sees():
    import keras

    layers = keras.layers
    inputs = keras.Input((31, 31, 3))
    far = layers.Conv2D(3, 3, dilation_rate=4, padding="same")(inputs)
    near = layers.Conv2D(3, 2, padding="same")(inputs)
    x = layers.Concatenate()([layers.Add()([far, inputs]), near])
    network = from_keras(keras.Model(inputs, layers.MaxPooling2D(2)(x)), title="joined")
    name = network.layers[-1].name
    assert claimed(network, name, 7, 7) == pixels_by_gradient(network, name, 7, 7)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("layer", "unit", "side"),
    [("block3_conv3", 20, 40), ("block5_conv3", 7, 196), ("block5_pool", 3, 212)],
)
def test_vgg16_sees_what_the_gradient_says(layer, unit, side):
    network = networks.load("vgg16-edges")
    found = pixels_by_gradient(network, layer, unit, unit)
    assert claimed(network, layer, unit, unit) == found
    assert (
        found[2] - found[0] == {"block3_conv3": 40, "block5_conv3": 196, "block5_pool": 212}[layer]
    )


def test_at_the_border_the_padding_is_left_out():
    network = networks.load("vgg16-edges")
    assert claimed(network, "block1_conv1", 0, 0) == (0, 0, 2, 2)
    assert claimed(network, "block1_conv1", 223, 223) == (222, 222, 224, 224)


def test_squeezing_and_exciting_lets_every_unit_see_everything():
    import keras

    layers = keras.layers
    inputs = keras.Input((16, 16, 3))
    x = layers.Conv2D(4, 3, name="conv")(inputs)
    weights = layers.Dense(4)(layers.GlobalAveragePooling2D(keepdims=True)(x))
    network = from_keras(
        keras.Model(inputs, layers.Multiply(name="scaled")([x, weights])), title=""
    )
    assert claimed(network, "conv", 5, 5) == (5, 5, 8, 8)
    assert claimed(network, "scaled", 5, 5) == (0, 0, 16, 16)


def test_nothing_is_claimed_after_a_layer_that_may_look_anywhere():
    import keras

    layers = keras.layers
    inputs = keras.Input((16, 16, 3))
    x = layers.LayerNormalization(axis=(1, 2, 3), name="odd")(inputs)
    network = from_keras(keras.Model(inputs, layers.Conv2D(1, 3, name="after")(x)), title="odd")
    assert fields(network) == {"odd": None, "after": None}


def test_joining_rows_end_to_end_is_not_taken_for_joining_channels():
    import keras

    layers = keras.layers
    inputs = keras.Input((8, 8, 3))
    x = layers.Concatenate(axis=1, name="rows")([inputs, layers.ReLU()(inputs)])
    assert fields(from_keras(keras.Model(inputs, x), title="rows"))["rows"] is None


def test_a_unit_in_the_padding_sees_nothing():
    field = Field(Span(-4, -2, 1), Span(0, 0, 1))
    top, _, bottom, _ = seen_pixels(field, 0, 0, (9, 9))
    assert top == bottom == 0


WINDOWS = {"Conv2D", "DepthwiseConv2D", "MaxPooling2D", "AveragePooling2D"}


@pytest.mark.parametrize("key", ["efficientnet-lite0", "vgg16-edges", "lenet-cat"])
def test_every_window_grows_from_the_field_of_the_layer_before(key: str) -> None:
    network = networks.load(key)
    table = {row.name: row for row in layer_table(network)}
    count = 0
    for row in table.values():
        grown = growth(network, row.name)
        assert (grown is None) == (row.type not in WINDOWS)
        if grown is None:
            continue
        count += 1
        assert row.field is not None
        before = table[row.inputs[0]].field if row.inputs[0] in table else None
        size, step = (before.rows.size, before.rows.jump) if before else (1, 1)
        assert (grown.size, grown.jump) == (size, step)
        assert row.field.rows.jump == step * grown.stride
        assert row.field.rows.size == size + (grown.kernel - 1) * grown.dilation * step
    assert count >= 4


def test_holes_in_the_window_count() -> None:
    import keras

    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((40, 40, 3)),
            layers.Conv2D(2, 3, strides=2),
            layers.Conv2D(2, (3, 1), dilation_rate=4, name="wide"),
        ]
    )
    grown = growth(networks.from_keras(model, title="holes"), "wide")
    assert grown is not None
    assert (grown.kernel, grown.dilation, grown.size, grown.jump) == (3, 4, 3, 2)


def test_where_all_is_seen_nothing_grows() -> None:
    network = networks.load("lenet-5")
    assert growth(network, "flatten") is None
    assert growth(network, "digits") is None


def test_an_unknown_layer_is_refused() -> None:
    with pytest.raises(ValueError, match="must be a layer of"):
        growth(networks.load("lenet-5"), "conv9")


@pytest.mark.parametrize("key", ["efficientnet-lite0", "lenet-5"])
def test_no_unit_looks_closer_to_a_place_than_the_one_over_it(key: str) -> None:
    network = networks.load(key)
    chance = np.random.default_rng(8)
    for layer in network.layers:
        field = fields(network)[layer.name]
        if field is None or len(layer.output_shape) != 3:
            continue
        place = chance.integers(0, 101, 2).tolist()
        unit = unit_over(network, layer.name, *place)
        spans = field.rows, field.columns
        for axis, span in enumerate(spans):
            pixel = place[axis] * (network.input_size[axis] - 1) / 100
            middles = (span.first + span.last) / 2 + span.jump * np.arange(layer.output_shape[axis])
            distances = np.abs(middles - pixel)
            assert distances[unit[axis]] == distances.min()


def test_what_is_no_map_has_one_unit_over_every_place() -> None:
    assert unit_over(networks.load("lenet-5"), "digits", 70, 30) == (0, 0)
