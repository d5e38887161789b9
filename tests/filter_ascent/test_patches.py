"""Patches that excite a filter, against windows cut by hand and a network that knows one spot."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz_core import images, networks
from cnnviz_core.filter_ascent.ascent import ascend, measure
from cnnviz_core.filter_ascent.channel_activations import (
    ChannelActivations,
    channel_activations,
    excitation_scores,
    most_excited,
    objective_means,
    strongest_places,
)
from cnnviz_core.filter_ascent.patches import OUTSIDE, top_patches
from cnnviz_core.networks import Network, from_keras

# Where the two spots stand in the picture of `spotted`.
SPOTS = ((5, 4), (9, 14))


@cache
def spot_finder() -> Network:
    """Three filters of 3×3: a bright dot on dark, its opposite, and one that never responds."""
    import keras

    inputs = keras.Input((12, 18, 3))
    layer = keras.layers.Conv2D(3, 3, activation="relu", padding="same", name="spots")
    network = from_keras(keras.Model(inputs, layer(inputs)), title="spots")
    kernel = np.full((3, 3, 3, 3), -1 / 24, np.float32)
    kernel[1, 1] = 1 / 3
    layer.set_weights([kernel * np.float32([1, -1, 0]), np.float32([-0.1, -0.1, -1])])
    return network


def spotted(*levels: int) -> Any:
    picture = np.zeros((12, 18, 3), np.uint8)
    for (row, column), level in zip(SPOTS, levels, strict=True):
        picture[row, column] = level
    return picture


def patches_of(network: Network, layer: str, channel: int, pictures: list[Any], **more: int) -> Any:
    found = [channel_activations(network, layer, picture) for picture in pictures]
    return top_patches(network, layer, channel, pictures, found, **more)


def test_the_spot_is_found_where_it_is():
    pictures = [spotted(100, 0), spotted(200, 255)]
    found = patches_of(spot_finder(), "spots", 0, pictures, count=3)
    assert [(one.picture, one.row, one.column) for one in found] == [
        (1, *SPOTS[1]),
        (1, *SPOTS[0]),
        (0, *SPOTS[0]),
    ]
    np.testing.assert_allclose(
        [one.value for one in found], np.array([255, 200, 100]) / 255 - 0.1, atol=1e-6
    )
    assert [one.box for one in found] == [(8, 13, 11, 16), (4, 3, 7, 6), (4, 3, 7, 6)]
    for one in found:
        top, left, bottom, right = one.box
        np.testing.assert_array_equal(one.crop, pictures[one.picture][top:bottom, left:right])


def test_no_more_come_than_asked_for():
    pictures = [spotted(100, 50), spotted(200, 255)]
    assert len(patches_of(spot_finder(), "spots", 0, pictures, count=2)) == 2


def test_of_a_silent_filter_the_values_tell_how_far_it_is_from_speaking():
    found = patches_of(spot_finder(), "spots", 2, [spotted(100, 50)])
    assert [one.value for one in found] == [-1, -1, -1]
    # Everywhere the same, so the next place is the next one whose 3×3 pixels are not yet taken.
    assert [(one.row, one.column) for one in found] == [(0, 0), (0, 3), (0, 6)]
    assert channel_activations(spot_finder(), "spots", spotted(100, 50)).values[0, 2] == -1


def test_boxes_are_in_pixels_of_the_picture_that_was_given():
    large = np.repeat(np.repeat(spotted(255, 0), 2, 0), 3, 1)
    (found,) = patches_of(spot_finder(), "spots", 0, [large], count=1)
    assert found.box == (8, 9, 14, 18)
    np.testing.assert_array_equal(found.crop, spotted(255, 0)[4:7, 3:6])


def test_a_box_holds_all_pixels_that_are_touched():
    (found,) = patches_of(spot_finder(), "spots", 2, [np.zeros((17, 25, 3), np.uint8)], count=1)
    # Two of twelve rows, of which 17 were made; two of eighteen columns, of which 25 were made.
    assert found.box == (0, 0, 3, 3)


def test_what_lies_outside_the_picture_is_gray():
    picture = np.zeros((12, 18, 3), np.uint8)
    picture[0, 17] = 255
    (found,) = patches_of(spot_finder(), "spots", 0, [picture], count=1)
    assert found.box == (0, 16, 2, 18)
    inside = found.crop[1:, :2]
    np.testing.assert_array_equal(inside, picture[:2, 16:])
    assert (found.crop[0] == OUTSIDE).all()
    assert (found.crop[:, 2] == OUTSIDE).all()


def test_of_a_layer_that_sees_everything_the_whole_picture_is_the_patch():
    import keras

    layers = keras.layers
    inputs = keras.Input((8, 8, 3))
    scores = layers.Dense(2, name="scores", bias_initializer="ones")(layers.Flatten()(inputs))
    network = from_keras(keras.Model(inputs, scores), title="whole")
    picture = np.random.default_rng(0).integers(0, 256, (16, 24, 3)).astype(np.uint8)
    (found,) = patches_of(network, "scores", 1, [picture])
    assert found.box == (0, 0, 16, 24)
    assert found.crop.shape == (8, 8, 3)
    batch = network.preprocess(picture)
    assert found.value == pytest.approx(float(network.run_layers(batch)[-1][0, 1]), rel=1e-5)


@settings(deadline=None)
@given(
    seed=st.integers(0, 999),
    shape=st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(1, 4)),
    places=st.integers(1, 4),
    apart=st.tuples(st.integers(1, 4), st.integers(1, 4)),
)
def test_places_are_the_strongest_that_stay_apart(seed, shape, places, apart):
    # Few different values, so that there are ties.
    maps = np.random.default_rng(seed).integers(-1, 4, shape).astype(np.float32)
    kept = maps.copy()
    rows, columns, values = strongest_places(maps, places, apart=apart)
    np.testing.assert_array_equal(maps, kept)
    for channel in range(shape[2]):
        taken: list[tuple[int, int]] = []
        for place in range(places):
            free = [
                (-maps[row, column, channel], row, column)
                for row in range(shape[0])
                for column in range(shape[1])
                if all(abs(row - r) >= apart[0] or abs(column - c) >= apart[1] for r, c in taken)
            ]
            if not free:
                assert values[place, channel] == -np.inf
                continue
            value, row, column = min(free)
            assert values[place, channel] == -value
            assert (rows[place, channel], columns[place, channel]) == (row, column)
            taken.append((row, column))


@pytest.mark.parametrize(
    "layer",
    [
        "block2_conv2",
        pytest.param("block1_conv2", marks=pytest.mark.slow),
        pytest.param("block3_conv3", marks=pytest.mark.slow),
    ],
)
def test_boxes_of_one_picture_do_not_overlap(layer):
    network = networks.load("vgg16-edges")
    picture = images.sample("coffee")
    patches = patches_of(network, layer, 5, [picture])
    for one, other in [(0, 1), (0, 2), (1, 2)]:
        if max(one, other) < len(patches):
            (a, b, c, d), (e, f, g, h) = patches[one].box, patches[other].box
            # Boxes are rounded outwards, so neighbors may share a row of pixels.
            assert min(c, g) - max(a, e) <= 1 or min(d, h) - max(b, f) <= 1


@cache
def small_samples() -> list[Any]:
    """Samples as large as VGG16's input: crops of them are exactly what the network saw."""
    return [
        np.ascontiguousarray(images.sample(name)[40:264, 60:284])
        for name in ("cat", "coffee", "motorcycle")
    ]


@pytest.mark.parametrize(
    "layer",
    [
        "block1_conv1",
        pytest.param("block1_conv2", marks=pytest.mark.slow),
        pytest.param("block2_conv2", marks=pytest.mark.slow),
    ],
)
def test_a_crop_alone_gives_the_value_at_its_center(layer):
    import keras

    network = networks.load("vgg16-edges")
    part = keras.Model(network.model.input, network.model.get_layer(layer).output)
    whole = [
        (channel, one)
        for channel in range(0, 64, 7)
        for one in patches_of(network, layer, channel, small_samples())
        if one.box[2] - one.box[0] == one.crop.shape[0]
        and one.box[3] - one.box[1] == one.crop.shape[1]
        and one.value > 0
    ]
    assert len(whole) > 20
    for channel, one in whole:
        # VGG's own scaling, written out, for `preprocess` would stretch the crop.
        batch = one.crop[np.newaxis, ..., ::-1] - np.float32([103.939, 116.779, 123.68])
        alone = np.asarray(part(batch))[0]
        center = alone[alone.shape[0] // 2, alone.shape[1] // 2, channel]
        np.testing.assert_allclose(center, one.value, rtol=1e-4, atol=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize("layer", ["block3_conv3", "block4_conv1"])
def test_nothing_outside_a_box_matters_to_the_value(layer):
    network = networks.load("vgg16-edges")
    noise = np.random.default_rng(0).integers(0, 256, (224, 224, 3)).astype(np.uint8)
    for channel in (3, 40):
        for one in patches_of(network, layer, channel, small_samples(), count=3):
            top, left, bottom, right = one.box
            picture = noise.copy()
            picture[top:bottom, left:right] = small_samples()[one.picture][top:bottom, left:right]
            maps = network.run_layers(network.preprocess(picture))
            index = [info.name for info in network.layers].index(layer)
            found = float(maps[index][0, one.row, one.column, channel])
            assert found == pytest.approx(one.value, rel=1e-3)


def test_a_crop_excites_like_the_kernel_laid_over_it_and_no_window_excites_more():
    network = networks.load("vgg16-edges")
    kernels, bias = network.model.get_layer("block1_conv1").get_weights()
    pictures = small_samples()
    mean = np.array([103.939, 116.779, 123.68])
    channel = 20
    found = patches_of(network, "block1_conv1", channel, pictures, count=20)
    for one in found:
        if OUTSIDE not in one.crop:
            window = one.crop[..., ::-1] - mean
            expected = (window * kernels[..., channel]).sum() + bias[channel]
            assert one.value == pytest.approx(expected, rel=1e-4)
    scaled = [np.pad(one[..., ::-1] - mean, ((1, 1), (1, 1), (0, 0))) for one in pictures]
    windows = [np.lib.stride_tricks.sliding_window_view(one, (3, 3), (0, 1)) for one in scaled]
    best = max(
        (one.transpose(0, 1, 3, 4, 2) * kernels[..., channel]).sum((2, 3, 4)).max()
        for one in windows
    )
    assert found[0].value == pytest.approx(best + bias[channel], rel=1e-4)


def test_patches_of_an_edge_filter_hold_that_edge():
    network = networks.load("vgg16-edges")
    kernels = network.model.get_layer("block1_conv1").get_weights()[0].sum(2)
    # The filters that weigh left most against right, and top most against bottom; each sign.
    sides = kernels[:, 0].sum(0) - kernels[:, 2].sum(0)
    ends = kernels[0].sum(0) - kernels[2].sum(0)
    for channel, axis, sign in [
        (sides.argmax(), 1, 1),
        (sides.argmin(), 1, -1),
        (ends.argmax(), 0, 1),
        (ends.argmin(), 0, -1),
    ]:
        found = patches_of(network, "block1_conv1", int(channel), small_samples(), count=6)
        inside = [one.crop.astype(float).mean(2) for one in found if OUTSIDE not in one.crop]
        assert len(inside) >= 3
        for gray in inside:
            first, last = gray.take(0, axis).mean(), gray.take(2, axis).mean()
            assert sign * (first - last) > 60


def test_all_channels_come_from_one_pass_and_agree_with_the_maps():
    network = networks.load("efficientnet-lite0")
    layer = "block2a_project_bn"
    index = [info.name for info in network.layers].index(layer)
    maps = np.asarray(network.run_layers(network.preprocess(images.sample("cat")))[index])[0]
    found = channel_activations(network, layer, images.sample("cat"))
    np.testing.assert_allclose(found.values[0], maps.max((0, 1)), rtol=1e-3, atol=1e-3)
    np.testing.assert_allclose(found.mean, maps.mean((0, 1)), rtol=1e-3, atol=1e-3)
    assert found.values.shape == (3, maps.shape[2])


@pytest.mark.parametrize(
    ("key", "layer"),
    [("vgg16-edges", "block2_conv1"), ("efficientnet-lite0", "block2a_expand_relu")],
)
def test_activations_compare_with_what_the_ascent_measures(key, layer):
    network = networks.load(key)
    picture = small_samples()[0]
    twice = np.float32([picture, picture]) / 255
    for after_activation, negative_slope in ((False, 1.0), (False, 0.1), (True, 1.0)):
        found = channel_activations(network, layer, picture, after_activation=after_activation)
        measured = measure(
            network,
            layer,
            [0, 5],
            twice,
            negative_slope=negative_slope,
            after_activation=after_activation,
        )
        np.testing.assert_allclose(
            objective_means(found, negative_slope)[[0, 5]], measured, rtol=1e-3, atol=1e-3
        )


@pytest.mark.slow
def test_a_filter_responds_to_its_own_picture_more_than_to_any_sample():
    network = networks.load("vgg16-edges")
    channels = [3, 17]
    *_, last = ascend(network, "block2_conv1", channels, steps=32, size=48)
    own = measure(network, "block2_conv1", channels, last.images)
    real = [
        channel_activations(network, "block2_conv1", picture).mean[channels]
        for picture in small_samples()
    ]
    assert (own > np.max(real, 0)).all()


def said(*values: float) -> ChannelActivations:
    mean = np.float32(values)
    nothing = np.zeros((1, len(values)), np.intp)
    return ChannelActivations(mean, np.maximum(mean, 0), nothing, nothing, mean[np.newaxis])


def test_a_loud_channel_does_not_win_where_it_is_as_loud_as_ever():
    others = [said(100, 1, 0), said(90, 2, 0), said(110, 3, 0)]
    assert most_excited(said(101, 8, 0), others, count=2) == (1, 0)
    spread = np.std([1, 2, 3])
    typical = (np.std([100, 90, 110]) + spread + 0) / 3
    assert excitation_scores(said(101, 8, 0), others)[1] == pytest.approx(6 / (spread + typical))


def test_a_whisper_in_a_channel_that_is_always_silent_does_not_win():
    others = [said(0, 4), said(0, 6), said(0, 8)]
    assert most_excited(said(0.001, 12), others, count=1) == (1,)


def test_where_all_others_are_alike_the_difference_decides():
    assert most_excited(said(1, 3, 2), [said(1, 1, 1), said(1, 1, 1)], count=3) == (1, 2, 0)


def test_filters_that_find_the_cat_are_not_those_of_the_rocket():
    network = networks.load("efficientnet-lite0")
    names = images.sample_names()[:5]
    found = {name: channel_activations(network, "head_relu", images.sample(name)) for name in names}

    def top(name: str) -> set[int]:
        others = [found[other] for other in names if other != name]
        return set(most_excited(found[name], others, count=12))

    assert not top("cat") & top("rocket")
    # By loudness alone, the same channels would come for both.
    loudest = {name: set(np.argsort(-found[name].mean)[:12].tolist()) for name in names}
    assert len(top("cat") - loudest["cat"]) > 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"channel": 3}, "channel must be from 0 to 2"),
        ({"count": 0}, "count must be at least 1"),
        ({"layer": "none"}, "layer must be a layer of"),
        ({"found": []}, "found must hold the answers to 1 pictures"),
    ],
)
def test_what_does_not_fit_is_refused(change, message):
    picture = spotted(1, 2)
    given = {
        "layer": "spots",
        "channel": 0,
        "pictures": [picture],
        "found": [channel_activations(spot_finder(), "spots", picture)],
        "count": 1,
        **change,
    }
    with pytest.raises(ValueError, match=message):
        top_patches(spot_finder(), **given)


def test_a_baseline_takes_two_pictures():
    with pytest.raises(ValueError, match="two pictures or more"):
        most_excited(said(1), [said(1)], count=1)
    with pytest.raises(ValueError, match="places must be at least 1"):
        channel_activations(spot_finder(), "spots", spotted(1, 2), places=0)
