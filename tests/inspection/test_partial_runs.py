"""Parts of the input give the numbers that the whole input gives."""

from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from cnnviz_core import images, networks
from cnnviz_core.inspection import effective_fields
from cnnviz_core.inspection.effective_fields import PROBES, effective_field
from cnnviz_core.inspection.partial_runs import (
    banded,
    bands,
    nodes_to,
    part_seen,
    run_band,
    run_chain,
)
from cnnviz_core.inspection.receptive_fields import fields
from cnnviz_core.networks import Network, from_keras
from tests.inspection.test_receptive_fields import WINDOW, stacked


def stack(windows: list[dict[str, Any]]) -> Network:
    """A network of some windows; with noise for biases, so that what pads one layer shows."""
    import keras

    inputs = keras.Input((64, 61, 3))
    x = stacked(inputs, windows)
    random = np.random.default_rng(0)
    model = keras.Model(inputs, x)
    model.set_weights([random.normal(size=weight.shape) for weight in model.get_weights()])
    return from_keras(model, title="stack")


def noise(network: Network) -> Any:
    return np.random.default_rng(1).normal(size=(1, *network.input_size, 3)).astype(np.float32)


# Without shrinking, which would build hundreds of models.
SOME = settings(
    deadline=None, max_examples=25, phases=(Phase.explicit, Phase.reuse, Phase.generate)
)


@SOME
@given(
    windows=st.lists(WINDOW, min_size=1, max_size=3),
    places=st.tuples(*[st.floats(0, 0.999)] * 3),
)
def test_units_answer_alike_to_the_part_that_they_see(windows, places):
    network = stack(windows)
    name = network.layers[-1].name
    nodes = nodes_to(network, name)
    source = network.model.inputs[0]
    batch = noise(network)
    whole = np.asarray(run_chain(nodes, source, batch))
    field = fields(network)[name]
    assert field is not None
    height, width = whole.shape[1:3]
    first, last = sorted(int(place * height) for place in places[:2])
    column = int(places[2] * width)
    rows = part_seen(field.rows, first, last, 64)
    columns = part_seen(field.columns, column, column, 61)
    seen = batch[:, rows.start : rows.stop, columns.start : columns.stop]
    part = np.asarray(run_chain(nodes, source, seen))
    np.testing.assert_allclose(
        part[0, first - rows.skipped : last + 1 - rows.skipped, column - columns.skipped],
        whole[0, first : last + 1, column],
        rtol=1e-4,
        atol=1e-4,
    )
    # And not much more than they see is kept: less than a step on each side.
    span = field.rows
    assert rows.stop - rows.start < span.size + (last - first) * span.jump + 2 * span.jump


@SOME
@given(windows=st.lists(WINDOW, min_size=2, max_size=3))
def test_bands_put_together_are_the_whole_map(windows):
    network = stack(windows)
    nodes = nodes_to(network, network.layers[-1].name)
    halves = banded(network, nodes, num_copies=0)
    if halves is None:
        return
    batch = noise(network)
    whole = run_chain(halves.front, network.model.inputs[0], batch)
    parts = bands(halves, 64, 64)
    assert [units.start for units, _ in parts[1:]] == [units.stop for units, _ in parts[:-1]]
    together = np.concatenate([run_band(halves, batch, *part) for part in parts], 1)
    np.testing.assert_allclose(together, whole, rtol=1e-4, atol=1e-4)


def in_one_piece(network: Network, image: Any, layer: str, row: int, column: int) -> Any:
    """The effective field from the whole network at once."""
    import keras
    import tensorflow as tf

    part = keras.Model(network.model.inputs[0], network.model.get_layer(layer).output)
    batch = tf.constant(network.preprocess(image))
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(batch)
        answer = part(batch, training=False)
        unit = answer[0, row, column] if len(answer.shape) == 4 else answer[0]
        signs = np.random.default_rng(0).choice((-1.0, 1.0), (PROBES, unit.shape[0]))
        mixtures = [tf.reduce_sum(unit * one) for one in signs.astype(np.float32)]
    gradients = [np.asarray(tape.gradient(one, batch))[0] for one in mixtures]
    strength = np.sqrt(sum(np.square(one).sum(-1) for one in gradients))
    return strength / strength.max()


@pytest.mark.parametrize(
    ("key", "layer", "row", "column"),
    [
        ("vgg16-edges", "block1_conv2", 100, 0),
        pytest.param("vgg16-edges", "block3_conv3", 55, 13, marks=pytest.mark.slow),
        pytest.param("vgg16-edges", "block5_conv3", 0, 13, marks=pytest.mark.slow),
        ("efficientnet-lite0", "block2b_project_bn", 30, 55),
        pytest.param("efficientnet-lite0", "head_relu", 3, 3, marks=pytest.mark.slow),
        pytest.param("efficientnet-lite0", "classes", 0, 0, marks=pytest.mark.slow),
        ("lenet-cat", "pool2", 20, 64),
    ],
)
def test_the_effective_field_is_that_of_the_whole_network(key, layer, row, column):
    network = networks.load(key)
    cat = images.sample("cat")
    expected = in_one_piece(network, cat, layer, row, column)
    found = effective_field(network, cat, layer, row, column)
    np.testing.assert_allclose(found, expected, atol=2e-5)


def test_vgg16_is_cut_after_its_large_maps():
    network = networks.load("vgg16-edges")
    halves = banded(network, nodes_to(network, "block5_conv3"), num_copies=5)
    assert halves is not None
    assert halves.front[-1].operation.name == "block2_pool"
    assert banded(network, nodes_to(network, "block1_conv1"), num_copies=5) is None


def test_no_cut_goes_through_paths_that_join_later():
    import keras

    layers = keras.layers
    x = inputs = keras.Input((32, 32, 3))
    for name in ("a", "b"):
        y = layers.Conv2D(8, 3, padding="same", name=f"{name}_conv")(x)
        x = layers.Add(name=f"{name}_add")([y, layers.Conv2D(8, 1, name=f"{name}_skip")(x)])
        x = layers.MaxPooling2D(2, name=f"{name}_pool")(x)
    network = from_keras(keras.Model(inputs, layers.Conv2D(8, 3, name="last")(x)), title="paths")
    nodes = nodes_to(network, "last")
    halves = banded(network, nodes, num_copies=0)
    assert halves is not None
    assert halves.front[-1].operation.name in ("a_add", "a_pool", "b_add", "b_pool")


def test_a_layer_with_a_weight_for_each_place_is_run_as_a_whole():
    import keras

    layers = keras.layers
    inputs = keras.Input((32, 32, 3))
    x = layers.PReLU(alpha_initializer="random_normal", name="places")(inputs)
    x = layers.MaxPooling2D(2)(layers.Conv2D(4, 3, name="conv")(x))
    network = from_keras(keras.Model(inputs, layers.Conv2D(2, 3, name="last")(x)), title="PReLU")
    picture = images.sample("cat")
    for layer in ("conv", "last"):
        expected = in_one_piece(network, picture, layer, 3, 5)
        found = effective_field(network, picture, layer, 3, 5)
        np.testing.assert_allclose(found, expected, atol=1e-5)


def test_at_the_edge_the_window_of_every_layer_still_finds_its_place():
    import keras

    layers = keras.layers
    inputs = keras.Input((16, 16, 3))
    x = layers.AveragePooling2D(4, 1)(inputs)
    x = layers.ZeroPadding2D(4)(x)
    network = from_keras(keras.Model(inputs, layers.Conv2D(2, 3, name="last")(x)), title="edge")
    # It sees a pixel of the picture, but no unit of the pooling layer, only what pads its map.
    field = fields(network)["last"]
    assert field is not None
    assert field.rows.last == 1
    assert not effective_field(network, images.sample("cat"), "last", 0, 0).any()
    expected = in_one_piece(network, images.sample("cat"), "last", 3, 14)
    found = effective_field(network, images.sample("cat"), "last", 3, 14)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_a_unit_that_sees_padding_alone_depends_on_nothing():
    import keras

    layers = keras.layers
    network = from_keras(
        keras.Sequential(
            [keras.Input((8, 8, 3)), layers.ZeroPadding2D(4), layers.Conv2D(2, 3, name="conv")]
        ),
        title="padded",
    )
    assert not effective_field(network, images.sample("cat"), "conv", 0, 0).any()
    assert effective_field(network, images.sample("cat"), "conv", 6, 6).any()


def test_less_of_the_picture_is_run_for_a_small_field(monkeypatch):
    sizes = []
    plain = effective_fields._of_unit

    def watched(nodes: Any, source: Any, tensor: Any, *others: Any) -> Any:
        sizes.append(tuple(tensor.shape[1:3]))
        return plain(nodes, source, tensor, *others)

    monkeypatch.setattr(effective_fields, "_of_unit", watched)
    effective_field(networks.load("vgg16-edges"), images.sample("cat"), "block1_conv2", 100, 100)
    assert sizes == [(5, 5)]
