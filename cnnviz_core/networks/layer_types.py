"""What the types of Keras layers do: the one table that everything else asks.

Files that hold a layer of any other type are refused (`model_config`), so no type that carries code
may stand here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

Family = Literal[
    "input",
    "convolution",
    "dense",
    "pooling",
    "global pooling",
    "activation",
    "normalization",
    "joining",
    "dropout",
    "identity",
    "reshaping",
    "resizing",
    "scaling",
    "augmentation",
    "other",
]
Reach = Literal["window", "shifted", "position", "channels", "everything", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerType:
    """What the layers of one Keras class do.

    Attributes
    ----------
    family : str
        "dropout" is all that does something in training alone.
    kind : str
        The word for it in a sentence; empty where the name of the class has to do.
    reach : str
        What of the maps before a position depends on: a window that slides, one position elsewhere,
        the same position ("channels": where the layer works on the last axis), or everything.
    keeps_channels : bool
        Whether each channel is made of that of its number alone, at the same position or nearly so.
        Such a layer belongs to the step of the one before.
    continues_step : bool
        Whether the values of the convolution before count only once they have been through it.
    takes_any_precision : bool
        Whether it has no weights, and computes in whatever precision comes.
    """

    family: Family
    kind: str = ""
    reach: Reach = "unknown"
    keeps_channels: bool = False
    continues_step: bool = False
    takes_any_precision: bool = False

    @property
    def pools(self) -> bool:
        """Whether it is pooling, global or not."""
        return self.family in ("pooling", "global pooling")

    @property
    def hands_on(self) -> bool:
        """Whether it only hands on the values that it gets, once training is over."""
        return self.family in ("dropout", "identity", "reshaping")


def layer_type(name: str) -> LayerType:
    """Return what is known of a Keras class; of an unknown one, nothing is claimed.

    Examples
    --------
    >>> layer_type("MaxPooling2D").kind
    'max pooling'
    >>> layer_type("Lambda").reach
    'unknown'
    """
    return LAYER_TYPES.get(name, _OTHER)


_OTHER = LayerType(family="other")
_ACTIVATION = LayerType(
    family="activation",
    kind="activation",
    reach="position",
    keeps_channels=True,
    continues_step=True,
)
_DROPOUT = LayerType(
    family="dropout",
    reach="position",
    keeps_channels=True,
    continues_step=True,
    takes_any_precision=True,
)
_JOINING = LayerType(family="joining", reach="position")
_NORMALIZATION = LayerType(family="normalization")
_SCALING = LayerType(family="scaling", reach="position")
_AUGMENTATION = LayerType(family="augmentation")

LAYER_TYPES: Mapping[str, LayerType] = {
    "InputLayer": LayerType(family="input"),
    "Conv2D": LayerType(family="convolution", kind="convolution", reach="window"),
    "DepthwiseConv2D": LayerType(
        family="convolution", kind="depthwise convolution", reach="window"
    ),
    "SeparableConv2D": LayerType(
        family="convolution", kind="separable convolution", reach="window"
    ),
    "Conv2DTranspose": LayerType(family="convolution", kind="transposed convolution"),
    "Dense": LayerType(family="dense", kind="dense", reach="channels"),
    "MaxPooling2D": LayerType(
        family="pooling", kind="max pooling", reach="window", takes_any_precision=True
    ),
    "AveragePooling2D": LayerType(
        family="pooling", kind="average pooling", reach="window", takes_any_precision=True
    ),
    "GlobalMaxPooling2D": LayerType(
        family="global pooling", kind="global max pooling", reach="everything"
    ),
    "GlobalAveragePooling2D": LayerType(
        family="global pooling", kind="global average pooling", reach="everything"
    ),
    "Activation": _ACTIVATION,
    "ELU": _ACTIVATION,
    "LeakyReLU": _ACTIVATION,
    "PReLU": _ACTIVATION,
    "ReLU": replace(_ACTIVATION, takes_any_precision=True),
    # Where probabilities come out, no evidence for them is looked for.
    "Softmax": replace(_ACTIVATION, reach="channels", continues_step=False),
    "BatchNormalization": LayerType(
        family="normalization",
        kind="normalization",
        reach="position",
        keeps_channels=True,
        continues_step=True,
    ),
    "GroupNormalization": _NORMALIZATION,
    "LayerNormalization": replace(_NORMALIZATION, continues_step=True),
    "Add": replace(_JOINING, kind="sum", continues_step=True, takes_any_precision=True),
    "Average": _JOINING,
    "Concatenate": LayerType(
        family="joining", kind="concatenation", reach="channels", continues_step=True
    ),
    "Maximum": _JOINING,
    "Minimum": _JOINING,
    "Multiply": _JOINING,
    "Subtract": _JOINING,
    "Dropout": _DROPOUT,
    "GaussianDropout": _DROPOUT,
    "GaussianNoise": _DROPOUT,
    "SpatialDropout2D": _DROPOUT,
    "Identity": LayerType(
        family="identity", reach="position", keeps_channels=True, continues_step=True
    ),
    "Flatten": LayerType(family="reshaping", kind="flatten", reach="everything"),
    "Reshape": LayerType(family="reshaping"),
    "Permute": _OTHER,
    "Cropping2D": LayerType(family="resizing", reach="shifted"),
    "ZeroPadding2D": LayerType(family="resizing", reach="shifted", takes_any_precision=True),
    "Resizing": LayerType(family="resizing"),
    "UpSampling2D": LayerType(family="resizing"),
    "Normalization": _SCALING,
    "Rescaling": _SCALING,
    "RandomBrightness": _AUGMENTATION,
    "RandomContrast": _AUGMENTATION,
    "RandomFlip": _AUGMENTATION,
    "RandomRotation": _AUGMENTATION,
    "RandomTranslation": _AUGMENTATION,
    "RandomZoom": _AUGMENTATION,
}
