"""Which convolution makes the channels of a layer."""

import numpy as np
import pytest

from cnnviz_core import networks
from cnnviz_core.inspection.architecture import layer_kernels
from cnnviz_core.inspection.target_layers import target_layers
from cnnviz_core.inspection.voter_kernels import convolution_of
from tests.tiny_networks import network_of, residual


def test_channels_of_trained_networks_are_made_by_the_convolution_before() -> None:
    lite = networks.load("efficientnet-lite0")
    assert convolution_of(lite, "head_relu") == "head_conv"
    assert convolution_of(lite, "stem_relu") == "stem_conv"
    assert convolution_of(networks.load("lenet-5"), "conv2") == "conv2"


@pytest.mark.parametrize("key", ["efficientnet-lite0", "lenet-5"])
def test_there_is_one_kernel_for_each_channel(key: str) -> None:
    network = networks.load(key)
    found = {name: convolution_of(network, name) for name in target_layers(network)}
    for name, convolution in found.items():
        if convolution is not None:
            kernels = layer_kernels(network, convolution)
            assert kernels.shape[-1] == network.layer(name).output_shape[-1]
    assert any(found.values())


def test_where_paths_join_no_single_kernel_makes_a_channel() -> None:
    network = residual()
    assert convolution_of(network, "sum") is None
    assert convolution_of(network, "concat") is None
    assert convolution_of(network, "inside") == "inside"


def test_pooling_is_no_convolution() -> None:
    import keras

    network = network_of(
        keras.layers.Conv2D(2, 3, name="conv"), keras.layers.MaxPooling2D(name="pool")
    )
    assert convolution_of(network, "pool") is None
    with pytest.raises(ValueError, match="nothing"):
        convolution_of(network, "nothing")


def test_depthwise_kernels_count_their_channels() -> None:
    import keras

    network = network_of(
        keras.layers.DepthwiseConv2D(3, depth_multiplier=2, name="depth"),
        keras.layers.ReLU(name="relu"),
    )
    assert convolution_of(network, "relu") == "depth"
    kernels = layer_kernels(network, "depth")
    assert kernels.shape == (3, 3, 1, 6)
    # The channel's values are made by the kernel of its number.
    image = np.random.default_rng(0).random((6, 5, 3)).astype(np.float32)
    answer = network.model(image[np.newaxis])[0, 0, 0]
    for channel in range(6):
        expected = max(0.0, float((image[:3, :3, channel // 2] * kernels[..., 0, channel]).sum()))
        assert float(answer[channel]) == pytest.approx(expected, abs=1e-5)
