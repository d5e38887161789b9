"""The records of the section: a network, one of its layers, and what is known before loading."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from cnnviz_core.arrays import FloatArray
from cnnviz_core.images import ImageArray

Progress = Callable[[int, int], None]
OutputActivation = Literal["softmax", "sigmoid"]


@dataclass(frozen=True, slots=True)
class LayerInfo:
    """One layer of a network.

    Attributes
    ----------
    name : str
        Unique within the network.
    type : str
        The Keras class: "Conv2D", "MaxPooling2D", …
    output_shape : tuple of int
        Without the batch axis, for the network's input size: (H', W', C) or (C,).
    num_parameters : int
        Trained numbers, the running statistics of a batch normalization included.
    """

    name: str
    type: str
    output_shape: tuple[int, ...]
    num_parameters: int

    @property
    def is_spatial(self) -> bool:
        """Whether the output is maps (H', W', C) of more than one position."""
        return len(self.output_shape) == 3 and self.output_shape[:2] != (1, 1)


@dataclass(frozen=True, slots=True)
class NetworkInfo:
    """What is known of a network without loading it.

    Attributes
    ----------
    key, title : str
        For `load`, and for people.
    source, license : str
        Where the weights come from, and under which terms.
    input_size : (int, int)
        Height and width in pixels.
    num_parameters : int
    has_classifier : bool
        Whether it ends in class scores. Without, it only has feature maps.
    download_size : int
        Bytes to fetch before the first use; 0 for what comes with the installation.
    is_ready : bool
        Whether it can be loaded offline now.
    """

    key: str
    title: str
    source: str
    license: str
    input_size: tuple[int, int]
    num_parameters: int
    has_classifier: bool
    download_size: int
    is_ready: bool

    @property
    def memory(self) -> int:
        """Bytes that the weights take once loaded: four for each parameter (float32)."""
        return 4 * self.num_parameters


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Network:
    """A loaded network. Sessions share it, so nothing may change it.

    Attributes
    ----------
    key, title : str
    model : keras.Model
        Functional and flat: no model inside, every layer used once, one input and one output.
    input_size : (int, int)
        Height and width that `preprocess` brings pictures to.
    preprocess : callable
        Picture, uint8 or float32 (H, W, 3), RGB, 0..255, any size -> float32 (1, h, w, C).
        Returns a new array and leaves its input as it is.
    class_names : tuple of str, or None
        One name a class (two for a single sigmoid output: what 0 and what 1 mean).
    layers : tuple of LayerInfo
        From the input to the output, without the input layer.
    logits : KerasTensor or None
        What the classifier says before softmax or sigmoid: a tensor of the graph of `model` that
        shares its weights. None without a classifier.
    output_activation : "softmax", "sigmoid" or None
        What makes probabilities of the logits.
    run_layers : callable
        float32 (1, h, w, C) -> the outputs of all `layers` as tensors, in one forward pass.
    run_logits : callable or None
        float32 (1, h, w, C) -> logits, tensor (1, classes). None without a classifier.
    """

    key: str
    title: str
    model: Any
    input_size: tuple[int, int]
    preprocess: Callable[[ImageArray], FloatArray]
    class_names: tuple[str, ...] | None
    layers: tuple[LayerInfo, ...]
    logits: Any
    output_activation: OutputActivation | None
    run_layers: Callable[[FloatArray], list[Any]]
    run_logits: Callable[[FloatArray], Any] | None

    def layer(self, name: str) -> LayerInfo:
        """Return the layer called `name`.

        Raises
        ------
        ValueError
            If there is none.
        """
        for layer in self.layers:
            if layer.name == name:
                return layer
        raise ValueError(
            f"layer must be a layer of {self.title!r}, but came as {name!r}. "
            f"The names run from {self.layers[0].name!r} to {self.layers[-1].name!r}; "
            "network.layers lists them all."
        )
