"""Keras Applications with ImageNet weights: fetched on demand, kept in Keras' own cache."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cnnviz_core.networks import imagenet
from cnnviz_core.networks.download import download, require_checksum
from cnnviz_core.networks.graph import network_from_graph
from cnnviz_core.networks.network import Network, NetworkInfo, Progress
from cnnviz_core.networks.preprocessing import (
    Scaling,
    bgr_minus_mean,
    minus_one_to_one,
    standardized,
    unchanged,
)

BASE_URL = "https://storage.googleapis.com/tensorflow/keras-applications/"

# A file may be this much larger than listed below, where sizes are rounded to megabytes.
SIZE_TOLERANCE = 1.1


@dataclass(frozen=True, slots=True)
class Application:
    """One network of `keras.applications`.

    Attributes
    ----------
    name : str
        The function in `keras.applications`.
    path : str
        Of the weights below `BASE_URL`; Keras keeps them under the last part.
    md5 : str or None
        The checksum that Keras knows.
    megabytes : int
        Of the weights' file.
    """

    name: str
    path: str
    md5: str | None
    megabytes: int
    input_size: tuple[int, int]
    num_parameters: int
    scaling: Scaling
    license: str

    @property
    def key(self) -> str:
        """For `networks.load`."""
        return self.name.lower()


# Paths and checksums are those of Keras 3.15, the scaling is each module's `preprocess_input`, and
# the licenses of the weights are those that Keras' documentation names.
APPLICATIONS = (
    Application(
        name="VGG16",
        path="vgg16/vgg16_weights_tf_dim_ordering_tf_kernels.h5",
        md5="64373286793e3c8b2b4e3219cbf3544b",
        megabytes=553,
        input_size=(224, 224),
        num_parameters=138_357_544,
        scaling=bgr_minus_mean,
        license="CC BY 4.0",
    ),
    Application(
        name="VGG19",
        path="vgg19/vgg19_weights_tf_dim_ordering_tf_kernels.h5",
        md5="cbe5617147190e668d6c5d5026f83318",
        megabytes=575,
        input_size=(224, 224),
        num_parameters=143_667_240,
        scaling=bgr_minus_mean,
        license="CC BY 4.0",
    ),
    Application(
        name="ResNet50V2",
        path="resnet/resnet50v2_weights_tf_dim_ordering_tf_kernels.h5",
        md5="3ef43a0b657b3be2300d5770ece849e0",
        megabytes=103,
        input_size=(224, 224),
        num_parameters=25_613_800,
        scaling=minus_one_to_one,
        license="BSD",
    ),
    Application(
        name="Xception",
        path="xception/xception_weights_tf_dim_ordering_tf_kernels.h5",
        md5="0a58e3b7378bc2990ea3b43d5981f1f6",
        megabytes=92,
        input_size=(299, 299),
        num_parameters=22_910_480,
        scaling=minus_one_to_one,
        license="MIT",
    ),
    Application(
        name="MobileNetV2",
        path="mobilenet_v2/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5",
        md5=None,
        megabytes=15,
        input_size=(224, 224),
        num_parameters=3_538_984,
        scaling=minus_one_to_one,
        license="Apache-2.0",
    ),
    Application(
        name="EfficientNetV2B0",
        path="efficientnet_v2/efficientnetv2-b0.h5",
        md5="21ecbf6da12460d5c40bb2f29ceb2188",
        megabytes=29,
        input_size=(224, 224),
        num_parameters=7_200_312,
        scaling=unchanged,
        license="Apache-2.0",
    ),
    Application(
        name="DenseNet121",
        path="densenet/densenet121_weights_tf_dim_ordering_tf_kernels.h5",
        md5="9d60b8095a5708f2dcce2bca79d332c7",
        megabytes=33,
        input_size=(224, 224),
        num_parameters=8_062_504,
        scaling=standardized,
        license="BSD-3-Clause",
    ),
)


def info(application: Application) -> NetworkInfo:
    """Describe a network without loading it; whether it is ready is looked up now."""
    return NetworkInfo(
        key=application.key,
        title=application.name,
        source="ImageNet, from Keras Applications",
        license=application.license,
        input_size=application.input_size,
        num_parameters=application.num_parameters,
        has_classifier=True,
        download_size=application.megabytes * 10**6,
        is_ready=weights_path(application).exists(),
    )


def weights_path(application: Application) -> Path:
    """Return where Keras keeps the weights: `$KERAS_HOME/models`, by default `~/.keras/models`."""
    base = Path.home() if os.access(Path.home(), os.W_OK) else Path(tempfile.gettempdir())
    home = Path(os.environ.get("KERAS_HOME") or base / ".keras")
    return home / "models" / Path(application.path).name


def load(
    application: Application,
    *,
    progress: Progress | None = None,
    base_url: str = BASE_URL,
    timeout: float = 900.0,
) -> Network:
    """Build a network and fill in its weights, fetching them unless Keras' cache has them.

    Parameters
    ----------
    progress : callable, optional
        Called with the bytes so far and in all, while fetching.
    timeout : float
        Seconds for fetching.

    Raises
    ------
    ValueError
        If the weights cannot be fetched, or are damaged.
    """
    path = weights_path(application)
    _fetch_unless_cached(application, path, base_url, progress, timeout)
    return network_from_graph(
        _build(application, path),
        key=application.key,
        title=application.name,
        scaling=application.scaling,
        class_names=imagenet.class_names(),
    )


def _build(application: Application, path: Path) -> Any:
    import keras

    build = getattr(keras.applications, application.name)
    try:
        return build(weights=str(path), include_top=True)
    except (OSError, KeyError, ValueError) as error:
        raise ValueError(
            f"{path} does not hold the weights of {application.name} ({error}). "
            "Delete the file, and it is downloaded again."
        ) from error


def _fetch_unless_cached(
    application: Application, path: Path, base_url: str, progress: Progress | None, timeout: float
) -> None:
    if path.exists():
        try:
            require_checksum(path, application.md5)
        except ValueError:
            path.unlink()
        else:
            return
    download(
        base_url + application.path,
        path,
        size_limit=int(application.megabytes * 10**6 * SIZE_TOLERANCE),
        md5=application.md5,
        progress=progress,
        timeout=timeout,
    )
