"""How a program comes to a trained network, and to what goes into it."""

from dataclasses import dataclass

from cnnviz_core.networks.keras_applications import APPLICATIONS
from cnnviz_core.networks.network import Network
from cnnviz_core.snippets.pictures import Source
from cnnviz_core.snippets.program import Cell

# In `keras.applications`, where its `preprocess_input` is.
_MODULES = {
    "VGG16": "vgg16",
    "VGG19": "vgg19",
    "ResNet50V2": "resnet_v2",
    "Xception": "xception",
    "MobileNetV2": "mobilenet_v2",
    "EfficientNetV2B0": "efficientnet_v2",
    "DenseNet121": "densenet",
}


@dataclass(frozen=True, slots=True)
class Loading:
    """Code that gives `model`, a Keras model, and `batch`, the picture as it goes in.

    `logits` is the code of the tensor of what the classifier says before softmax.
    """

    imports: tuple[str, ...]
    cells: tuple[Cell, ...]
    logits: str

    def prepared(self, picture: str, batch: str = "batch") -> str:
        """Return the code that gives another picture, so called, as the network takes it."""
        code = self.cells[-1].code.replace("(image", f"({picture}")
        return code.replace("batch = ", f"{batch} = ")


def load(network: Network, source: Source) -> Loading:
    """Write how a network is loaded, and how it gets the picture.

    Raises
    ------
    ValueError
        If the network is a visitor's own, which no program of ours can load.
    """
    for one in APPLICATIONS:
        if one.key == network.key:
            return _from_keras(one.name, network, source)
    if network.key not in ("efficientnet-lite0", "vgg16-edges", "lenet-5", "lenet-cat"):
        raise ValueError(
            "There is no program for a network of your own, which nobody else has. Choose one of "
            "the others to see how it is done, and load yours by `keras.models.load_model`."
        )
    loaded = Cell(
        f"{network.title}, which comes with this project: `pip install .` in a clone of it.",
        f'network = networks.load("{network.key}")\nmodel = network.model',
    )
    prepared = Cell(
        "The picture as the network takes it: its size, its scale, a batch of one.",
        "batch = network.preprocess(image)",
    )
    return Loading(("from cnnviz_core import networks",), (loaded, prepared), "network.logits")


def _from_keras(name: str, network: Network, source: Source) -> Loading:
    height, width = network.input_size
    is_smaller = height <= source.height and width <= source.width
    method = "AREA" if is_smaller else "LINEAR"
    loaded = Cell(
        f"{name} of Keras Applications, as trained on ImageNet; it answers with logits.",
        f'model = keras.applications.{name}(weights="imagenet", classifier_activation=None)',
    )
    resized = (
        f"small = cv2.resize(image.astype(np.float32), ({width}, {height}), "
        f"interpolation=cv2.INTER_{method})\n"
    )
    call = f"keras.applications.{_MODULES[name]}.preprocess_input(small[np.newaxis])"
    prepared = Cell(
        "The picture as the network takes it: its size, its scale, a batch of one.",
        resized + f"batch = {call}",
    )
    return Loading(
        ("import cv2", "import keras", "import numpy as np"), (loaded, prepared), "model.output"
    )
