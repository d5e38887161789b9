"""All layers from one pass, channels in order, and the article's conclusions as numbers."""

from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz_core import images, networks
from cnnviz_core.arrays import FloatArray
from cnnviz_core.inspection import feature_maps, linear_readout
from cnnviz_core.inspection.linear_readout import r2_of_colors
from cnnviz_core.networks import from_keras

VGG, LITE = "vgg16-edges", "efficientnet-lite0"


@cache
def cat_maps(key: str) -> dict[str, FloatArray]:
    return feature_maps.all_layers(networks.load(key), images.sample("cat"))


@pytest.mark.parametrize("key", [VGG, LITE])
def test_every_layer_answers_in_its_shape(key):
    network = networks.load(key)
    maps = cat_maps(key)
    assert list(maps) == [layer.name for layer in network.layers]
    for layer in network.layers:
        shape = layer.output_shape
        assert maps[layer.name].shape == (shape if len(shape) == 3 else (1, 1, *shape))
        assert maps[layer.name].dtype == np.float32


@pytest.mark.parametrize(
    ("key", "layer"),
    [(VGG, "block1_conv1"), (VGG, "block3_pool"), (LITE, "block4a_expand_relu"), (LITE, "pool")],
)
def test_a_layer_answers_as_the_keras_graph_does(key, layer):
    import keras

    network = networks.load(key)
    part = keras.Model(network.model.input, network.model.get_layer(layer).output)
    expected = np.asarray(part(network.preprocess(images.sample("cat")), training=False))[0]
    found = feature_maps.feature_maps(network, images.sample("cat"), layer)
    np.testing.assert_allclose(found, expected.reshape(found.shape), rtol=1e-3, atol=1e-3)


def test_all_layers_come_from_one_call_of_the_network():
    calls = []
    network = networks.load(LITE)

    def counted(batch: FloatArray) -> Any:
        calls.append(batch.shape)
        return network.run_layers(batch)

    from dataclasses import replace

    feature_maps.all_layers(replace(network, run_layers=counted), images.sample("cat"))
    assert calls == [(1, 224, 224, 3)]


def test_maps_of_all_layers_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        cat_maps(VGG)["block1_conv1"][0, 0, 0] = 1


def test_the_picture_stays_as_it_is():
    image = images.sample("cat").copy()
    feature_maps.all_layers(networks.load(LITE), image)
    np.testing.assert_array_equal(image, images.sample("cat"))


@pytest.mark.parametrize("shape", [(1, 1), (5, 300), (40, 40)])
def test_a_picture_smaller_than_the_input_is_enlarged(shape):
    maps = feature_maps.all_layers(networks.load(LITE), np.full((*shape, 3), 90, np.uint8))
    assert maps["stem_conv"].shape == (112, 112, 32)
    assert all(np.isfinite(values).all() for values in maps.values())


def test_an_unknown_layer_is_refused_before_any_work():
    with pytest.raises(ValueError, match="layer must be a layer of"):
        feature_maps.feature_maps(networks.load(VGG), np.zeros((2, 2)), "conv9")  # type: ignore[arg-type]


def test_a_network_without_convolutions_has_vectors():
    import keras

    model = keras.Sequential(
        [keras.Input((4, 4, 3)), keras.layers.Flatten(), keras.layers.Dense(5, "relu")]
    )
    maps = feature_maps.all_layers(from_keras(model, title="flat"), images.sample("cat"))
    assert [values.shape for values in maps.values()] == [(1, 1, 48), (1, 1, 5)]
    measures = feature_maps.measure_layers(maps, images.sample("cat"))
    assert all(0 <= m.dead <= 1 and m.r2 == 0 for m in measures)


MAPS = st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(1, 6), st.integers(0, 99)).map(
    lambda t: np.random.default_rng(t[3]).normal(size=t[:3]).astype(np.float32)
)


@settings(deadline=None, max_examples=40)
@given(maps=MAPS, order=st.sampled_from(feature_maps.CHANNEL_ORDERS))
def test_channels_come_in_the_order_asked_for(maps, order):
    found = feature_maps.channel_order(maps, order)
    keys = {
        "index": lambda channel: -channel,
        "mean": lambda channel: maps[..., channel].astype(np.float64).mean(),
        "maximum": lambda channel: maps[..., channel].max(),
        "variance": lambda channel: maps[..., channel].astype(np.float64).var(),
    }
    values = [keys[order](channel) for channel in found]
    assert sorted(found) == list(range(maps.shape[2]))
    assert all(a >= b for a, b in pairwise(values))


@pytest.mark.parametrize("order", feature_maps.CHANNEL_ORDERS)
def test_equal_channels_stay_in_place(order):
    assert list(feature_maps.channel_order(np.ones((3, 3, 4), np.float32), order)) == [0, 1, 2, 3]


def test_an_unknown_order_is_refused():
    with pytest.raises(ValueError, match="order must be one of"):
        feature_maps.channel_order(np.ones((3, 3, 4), np.float32), "name")  # type: ignore[arg-type]


def test_blank_channels_are_those_that_are_zero_everywhere():
    maps = np.ones((4, 4, 5), np.float32)
    maps[..., 1] = 0
    maps[..., 3] = 0
    maps[2, 2, 4] = 0
    assert feature_maps.num_dead(maps) == 2
    assert feature_maps.num_dead(np.zeros((4, 4, 5), np.float32)) == 5


def test_sparsity_counts_zeros():
    maps = np.float32([[[0, 1]], [[0, 0]]])
    (measures,) = feature_maps.measure_layers({"a": maps}, images.sample("cat"))
    assert measures.sparsity == 0.75


def test_the_picture_itself_keeps_everything():
    cat = images.sample("cat")
    assert r2_of_colors(cat.astype(np.float32), cat) > 0.995
    mixed = (cat.astype(np.float32) / 255) @ np.float32([[1, -2, 0], [0, 3, 1], [2, 1, -1]]) + 9
    assert r2_of_colors(mixed, cat) > 0.99


def test_noise_keeps_nothing():
    noise = np.random.default_rng(0).normal(size=(64, 64, 20)).astype(np.float32)
    assert r2_of_colors(noise, images.sample("cat")) < 0.01


def test_more_channels_than_positions_cannot_learn_the_picture_by_heart():
    noise = np.random.default_rng(0).normal(size=(14, 14, 900)).astype(np.float32)
    assert r2_of_colors(noise, images.sample("cat")) < 0.05


def test_a_coarse_copy_keeps_less_than_a_fine_one():
    cat = images.sample("cat").astype(np.float32)
    found = [r2_of_colors(cat[::step, ::step], cat) for step in (1, 8, 40)]
    assert found[0] > found[1] + 0.02
    assert found[1] > found[2] + 0.02


def test_constant_maps_keep_nothing_and_a_constant_picture_loses_nothing():
    cat = images.sample("cat")
    assert r2_of_colors(np.full((7, 7, 3), 5, np.float32), cat) == 0
    assert r2_of_colors(np.full((1, 1, 9), 5, np.float32), cat) == 0
    assert r2_of_colors(np.ones((7, 7, 3), np.float32), np.full_like(cat, 80)) == 1


def test_turning_many_channels_to_their_axes_changes_no_guess(monkeypatch):
    cat = images.sample("cat")
    maps = np.tile(cat[::40, ::40].astype(np.float32), (1, 1, 40))
    reduced = r2_of_colors(maps, cat)
    monkeypatch.setattr(linear_readout, "_reduced", lambda values: values)
    assert r2_of_colors(maps, cat) == pytest.approx(reduced, abs=1e-3)


def test_the_articles_conclusions_hold_for_the_cat():
    maps = cat_maps(VGG)
    first, *_, last = feature_maps.measure_layers(maps, images.sample("cat"))
    assert first.r2 > 0.99
    assert last.r2 < 0.05
    lite = cat_maps(LITE)
    early, late = feature_maps.measure_layers(
        {name: lite[name] for name in ("block2a_expand_relu", "head_relu")}, images.sample("cat")
    )
    assert early.dead < 0.1
    assert late.dead > 0.5
    assert late.sparsity > early.sparsity
