"""How much of its field a unit uses, against derivatives known without any gradient."""

from typing import Any

import numpy as np
import pytest

from cnnviz_core.inspection.effective_fields import concentration, effective_field
from cnnviz_core.inspection.receptive_fields import fields, seen_pixels
from cnnviz_core.networks import Network, from_keras


def network_of(*layers: Any, size: tuple[int, int] = (11, 9)) -> Network:
    import keras

    return from_keras(keras.Sequential([keras.Input((*size, 3)), *layers]), title="small")


def noise(size: tuple[int, int] = (11, 9)) -> Any:
    return np.random.default_rng(0).integers(0, 256, (*size, 3)).astype(np.uint8)


def test_of_one_filter_it_is_the_length_of_its_weights() -> None:
    import keras

    network = network_of(keras.layers.Conv2D(1, (3, 2), name="conv"))
    weights = network.model.get_layer("conv").get_weights()[0][..., 0]
    expected = np.zeros((11, 9))
    expected[4:7, 5:7] = np.sqrt((weights**2).sum(-1))
    found = effective_field(network, noise(), "conv", 4, 5)
    np.testing.assert_allclose(found, expected / expected.max(), atol=1e-5)


def test_of_many_filters_it_comes_near_the_length_of_all_their_weights() -> None:
    import keras

    network = network_of(keras.layers.Conv2D(64, 3, name="conv"))
    weights = network.model.get_layer("conv").get_weights()[0]
    length = np.sqrt((weights**2).sum((2, 3)))
    runs = [effective_field(network, noise(), "conv", 0, 0, seed=seed) for seed in range(20)]
    mean = np.mean(runs, axis=0)[:3, :3]
    np.testing.assert_allclose(mean / mean.mean(), length / length.mean(), rtol=0.15)


def test_nothing_outside_the_receptive_field_matters() -> None:
    import keras

    layers = keras.layers
    network = network_of(
        layers.Conv2D(4, 3, padding="same"), layers.AveragePooling2D(2), layers.Conv2D(4, 2)
    )
    name = network.layers[-1].name
    field = fields(network)[name]
    assert field is not None
    top, left, bottom, right = seen_pixels(field, 1, 2, (11, 9))
    found = effective_field(network, noise(), name, 1, 2)
    assert found[top:bottom, left:right].all()
    assert np.count_nonzero(found) == (bottom - top) * (right - left)


def test_a_softmax_hides_nothing() -> None:
    import keras

    layers = keras.layers
    network = network_of(layers.Flatten(), layers.Dense(5, activation="softmax"))
    found = effective_field(network, noise(), network.layers[-1].name, 0, 0)
    assert found.shape == (11, 9)
    assert found.max() == 1
    assert np.count_nonzero(found) > 90


def test_a_silent_unit_depends_on_nothing() -> None:
    import keras

    layer = keras.layers.Conv2D(
        2, 3, activation="relu", bias_initializer=keras.initializers.Constant(-999), name="conv"
    )
    assert not effective_field(network_of(layer), noise(), "conv", 0, 0).any()


def test_it_changes_neither_the_picture_nor_the_network() -> None:
    import keras

    network = network_of(keras.layers.Conv2D(2, 3, name="conv"), keras.layers.Flatten())
    picture = noise()
    layers = [layer.name for layer in network.model.layers]
    effective_field(network, picture, "conv", 0, 0)
    np.testing.assert_array_equal(picture, noise())
    assert [layer.name for layer in network.model.layers] == layers
    assert all(len(layer._inbound_nodes) == 1 for layer in network.model.layers)


@pytest.mark.parametrize(("row", "column", "name"), [(9, 0, "row"), (0, -1, "column")])
def test_units_outside_the_map_are_refused(row: int, column: int, name: str) -> None:
    import keras

    network = network_of(keras.layers.Conv2D(1, 3, name="conv"))
    with pytest.raises(ValueError, match=f"{name} must be from 0"):
        effective_field(network, noise(), "conv", row, column)


@pytest.mark.parametrize(("share", "count"), [(0.0, 1), (0.4, 1), (0.41, 2), (0.7, 2), (1.0, 4)])
def test_the_strongest_pixels_are_counted_first(share: float, count: int) -> None:
    assert concentration(np.array([[1, 4], [3, 2], [0, 0]], np.float32), share) == count


def test_of_nothing_no_pixels_hold_a_share() -> None:
    assert concentration(np.zeros((2, 2), np.float32)) == 0
