"""What a layer adds to the receptive field, from the layer before to its own."""

import pytest

from cnnviz_core import networks
from cnnviz_core.inspection.architecture import layer_table
from cnnviz_core.inspection.field_growth import growth

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
        size, step = (before.rows.size, before.rows.step) if before else (1, 1)
        assert (grown.size, grown.step) == (size, step)
        assert row.field.rows.step == step * grown.stride
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
    assert (grown.kernel, grown.dilation, grown.size, grown.step) == (3, 4, 3, 2)


def test_where_all_is_seen_nothing_grows() -> None:
    network = networks.load("lenet-5")
    assert growth(network, "flatten") is None
    assert growth(network, "digits") is None


def test_an_unknown_layer_is_refused() -> None:
    with pytest.raises(ValueError, match="must be a layer of"):
        growth(networks.load("lenet-5"), "conv9")
