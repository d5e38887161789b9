"""The table of layers and the kernels, against published numbers."""

from typing import Any

import numpy as np
import pytest

from cnnviz_core import networks
from cnnviz_core.inspection import architecture
from cnnviz_core.inspection.architecture import LayerRow, layer_kernels, layer_table
from cnnviz_core.layers.kernels import random_kernels
from cnnviz_core.networks import Network, from_keras

# Output side, parameters and receptive field of VGG16's trunk at 224×224: Simonyan and Zisserman
# (2014), table 1, and Araujo, Norris and Sim (2019).
VGG16 = {
    "block1_conv1": (224, 1_792, 3),
    "block1_conv2": (224, 36_928, 5),
    "block1_pool": (112, 0, 6),
    "block2_conv1": (112, 73_856, 10),
    "block2_conv2": (112, 147_584, 14),
    "block2_pool": (56, 0, 16),
    "block3_conv1": (56, 295_168, 24),
    "block3_conv2": (56, 590_080, 32),
    "block3_conv3": (56, 590_080, 40),
    "block3_pool": (28, 0, 44),
    "block4_conv1": (28, 1_180_160, 60),
    "block4_conv2": (28, 2_359_808, 76),
    "block4_conv3": (28, 2_359_808, 92),
    "block4_pool": (14, 0, 100),
    "block5_conv1": (14, 2_359_808, 132),
    "block5_conv2": (14, 2_359_808, 164),
    "block5_conv3": (14, 2_359_808, 196),
    "block5_pool": (7, 0, 212),
}


def rows(network: Network) -> dict[str, LayerRow]:
    return {row.name: row for row in layer_table(network)}


def test_vgg16_agrees_with_published_sizes_parameters_and_receptive_fields():
    table = rows(networks.load("vgg16-edges"))
    assert list(table) == list(VGG16)
    for name, (side, parameters, field) in VGG16.items():
        row = table[name]
        assert row.output_shape[:2] == (side, side)
        assert row.num_parameters == parameters
        assert row.field is not None
        assert row.field.rows.size == row.field.columns.size == field
        assert row.field.rows.jump == 224 // side


def test_vgg16s_trunk_has_its_published_number_of_parameters():
    table = layer_table(networks.load("vgg16-edges"))
    assert sum(row.num_parameters for row in table) == 14_714_688


def test_vgg16s_trunk_needs_its_published_multiply_adds():
    table = layer_table(networks.load("vgg16-edges"))
    assert sum(row.multiply_adds for row in table) == 15_346_630_656


@pytest.mark.slow
def test_vgg16_with_its_classifier_agrees_with_published_numbers():
    import keras

    network = from_keras(keras.applications.VGG16(weights=None), title="VGG16")
    table = layer_table(network)
    assert sum(row.num_parameters for row in table) == 138_357_544
    assert sum(row.multiply_adds for row in table) == 15_470_264_320
    assert table[-1].field is not None
    assert table[-1].field.rows.size == 224


def test_efficientnet_lite0_agrees_with_published_numbers():
    network = networks.load("efficientnet-lite0")
    table = layer_table(network)
    assert sum(row.num_parameters for row in table) == network.model.count_params() == 4_694_024
    # Its authors count 407 million at most; EfficientNet-B0 of the same windows sees 851 pixels.
    assert 380e6 < sum(row.multiply_adds for row in table) < 407e6
    field = rows(network)["head_conv"].field
    assert field is not None
    assert (field.rows.size, field.rows.jump) == (851, 32)


def test_lenet_5_needs_its_multiply_adds():
    table = layer_table(networks.load("lenet-5"))
    expected = 28 * 28 * 25 * 6 + 10 * 10 * 25 * 6 * 16 + 400 * 120 + 120 * 84 + 84 * 10
    assert sum(row.multiply_adds for row in table) == expected


def test_edges_of_the_graph_follow_the_shortcut():
    table = rows(networks.load("efficientnet-lite0"))
    assert table["stem_conv"].inputs == ("picture",)
    assert table["block2b_add"].inputs == ("block2b_project_bn", "block2a_project_bn")


def test_edges_pass_through_what_is_no_layer():
    import keras

    inputs = keras.Input((8, 8, 3), name="picture")
    a = keras.layers.Conv2D(3, 1, name="a")(inputs)
    b = keras.layers.Conv2D(3, 1, name="b")(a)
    last = keras.layers.ReLU(name="last")((a + b) * 2.0)
    table = rows(from_keras(keras.Model(inputs, last), title="sum"))
    assert table["last"].inputs == ("a", "b")


def kernel_model(layer: Any) -> Network:
    import keras

    return from_keras(keras.Sequential([keras.Input((9, 7, 3)), layer]), title="one layer")


def test_multiply_adds_count_each_number_at_each_position():
    import keras

    layers = keras.layers
    cases = [
        (layers.Conv2D(6, 3, groups=3), 7 * 5 * 9 * 6),
        (layers.Conv2D(4, (3, 1), strides=2), 4 * 4 * 3 * 3 * 4),
        (layers.DepthwiseConv2D(3, depth_multiplier=2), 7 * 5 * 9 * 3 * 2),
        (layers.SeparableConv2D(5, 3), 7 * 5 * (9 * 3 + 3 * 5)),
        (layers.Conv2DTranspose(4, 2, strides=2), 9 * 7 * 4 * 3 * 4),
        (layers.Dense(4), 9 * 7 * 3 * 4),
        (layers.MaxPooling2D(2), 0),
    ]
    for layer, expected in cases:
        (row,) = layer_table(kernel_model(layer))
        assert row.multiply_adds == expected, row.type


def test_kernels_have_the_shape_of_their_kind():
    import keras

    layers = keras.layers
    cases = [
        (layers.Conv2D(6, (3, 5)), (3, 5, 3, 6)),
        (layers.DepthwiseConv2D(3, depth_multiplier=2), (3, 3, 1, 6)),
        (layers.SeparableConv2D(5, 3), (3, 3, 1, 3)),
        (layers.Conv2DTranspose(4, 2), (2, 2, 3, 4)),
    ]
    for layer, shape in cases:
        network = kernel_model(layer)
        name = architecture.layers_with_kernels(network)[0]
        assert layer_kernels(network, name).shape == shape


def test_depthwise_kernels_keep_their_numbers():
    network = networks.load("efficientnet-lite0")
    stored = network.model.get_layer("block1a_depthwise").get_weights()[0]
    found = layer_kernels(network, "block1a_depthwise")
    for channel in range(32):
        np.testing.assert_array_equal(found[:, :, 0, channel], stored[:, :, channel, 0])


def test_first_kernels_come_in_red_green_blue():
    vgg = networks.load("vgg16-edges")
    stored = vgg.model.get_layer("block1_conv1").get_weights()[0]
    np.testing.assert_array_equal(layer_kernels(vgg, "block1_conv1"), stored[:, :, ::-1])
    lite = networks.load("efficientnet-lite0")
    stored = lite.model.get_layer("stem_conv").get_weights()[0]
    np.testing.assert_array_equal(layer_kernels(lite, "stem_conv"), stored)


def test_kernels_are_a_copy():
    network = networks.load("vgg16-edges")
    layer_kernels(network, "block2_conv1")[:] = 0
    assert np.abs(layer_kernels(network, "block2_conv1")).max() > 0


def test_layers_without_kernels_are_refused():
    with pytest.raises(ValueError, match="of type MaxPooling2D"):
        layer_kernels(networks.load("vgg16-edges"), "block1_pool")


def test_the_field_is_drawn_on_the_picture_as_it_was_stretched():
    network = networks.load("vgg16-edges")
    found = architecture.field_on_picture(network, "block1_pool", 10, 20, (448, 112))
    # The unit sees rows 18 to 23 and columns 38 to 43 of the input.
    assert found == (36, 19, 48, 22)


def test_a_vectors_field_is_the_whole_picture():
    network = networks.load("efficientnet-lite0")
    assert architecture.field_on_picture(network, "pool", 0, 0, (320, 400)) == (0, 0, 320, 400)


@pytest.mark.parametrize(("row", "column"), [(7, 0), (0, 7), (-1, 0)])
def test_units_outside_the_map_are_refused(row, column):
    with pytest.raises(ValueError, match="7×7 units"):
        architecture.field_on_picture(
            networks.load("vgg16-edges"), "block5_pool", row, column, (320, 400)
        )


def test_untrained_weights_of_oblong_kernels_reach_as_far_as_glorots() -> None:
    weights = architecture.untrained_kernels((1, 7, 8, 64), 0)
    assert weights.shape == (1, 7, 8, 64)
    limit = np.sqrt(6 / (7 * (8 + 64)))
    assert 0.99 * limit < np.abs(weights).max() <= limit * (1 + 1e-6)
    np.testing.assert_array_equal(
        architecture.untrained_kernels((3, 3, 8, 4), 3), random_kernels(3, 4, 8, 3)
    )


def test_a_unit_lies_as_far_over_its_map_as_asked() -> None:
    network = networks.load("vgg16-edges")
    assert architecture.unit_at(network, "block5_conv1", 0, 100) == (0, 13)
    assert architecture.unit_at(network, "block5_conv1", 50, 25) == (6, 3)
    assert architecture.unit_at(networks.load("lenet-5"), "digits", 70, 70) == (0, 0)
