"""Where a network finds its evidence for a class: every method under its name.

A method gives a raw map at the resolution of its layer, for the class where it is positive and
against it where it is negative. `heatmap` shows what is for the class, in 0..1 on the picture's own
pixels; `shown` shows either side, or both.
"""

from collections.abc import Iterator
from typing import Literal

import numpy as np

from cnnviz_core.arrays import ByteArray, FloatArray, require_choice, require_whole
from cnnviz_core.drawing import rendering
from cnnviz_core.heatmaps.class_gradients import score_mixture
from cnnviz_core.heatmaps.methods import METHODS, Method
from cnnviz_core.heatmaps.progress import last
from cnnviz_core.heatmaps.records import Blankness, Question, RawMap
from cnnviz_core.networks.network import Network, Picture
from cnnviz_core.networks.preprocessing import as_picture, stretch

Evidence = Literal["for", "against", "both"]
EVIDENCES: tuple[Evidence, ...] = ("for", "against", "both")
OverlayColors = Literal["sequential", "diverging"]
OVERLAY_COLORS: tuple[OverlayColors, ...] = ("sequential", "diverging")


__all__ = [
    "EVIDENCES", "METHODS", "OVERLAY_COLORS", "Blankness", "Evidence", "Method", "OverlayColors",
    "RawMap", "heatmap", "overlay", "raw_map", "raw_maps", "shown",
]  # fmt: skip


def heatmap(
    network: Network,
    image: Picture,
    target_class: int | None = None,
    *,
    method: str = "grad-cam",
    layer: str | None = None,
) -> FloatArray:
    """Return where the picture speaks for a class.

    Parameters
    ----------
    image : uint8 or float32 (H, W, 3)
        RGB, 0..255, of any size.
    target_class : int, optional
        Index of a class; the most probable one by default.
    method : str
        One of `METHODS`.
    layer : str, optional
        One of `layer_roles.target_layers`; the last one by default. Attributions to pixels ask
        for none.

    Returns
    -------
    float32 (H, W)
        0..1, on the pixels of `image`; all zeros where nothing speaks for the class, which
        `raw_map(…).blank` explains.

    Raises
    ------
    ValueError
        If the network has no classifier, there is no such class, method or layer, or `image` is no
        picture.
    """
    size = as_picture(image).shape[:2]
    found = raw_map(network, image, target_class, method=method, layer=layer)
    return shown(found, (size[0], size[1]))


def raw_map(
    network: Network,
    image: Picture,
    target_class: int | None = None,
    *,
    method: str = "grad-cam",
    layer: str | None = None,
    against: int | None = None,
    max_channels: int | None = None,
) -> RawMap:
    """Return what a method finds, signed and at its own resolution.

    `raw_maps` describes the arguments, and shows the map growing.
    """
    states = raw_maps(
        network,
        image,
        target_class,
        method=method,
        layer=layer,
        against=against,
        max_channels=max_channels,
    )
    return last(states)


def raw_maps(
    network: Network,
    image: Picture,
    target_class: int | None = None,
    *,
    method: str = "grad-cam",
    layer: str | None = None,
    against: int | None = None,
    max_channels: int | None = None,
) -> Iterator[RawMap]:
    """Return what a method finds, after every part of its work.

    Parameters
    ----------
    image, target_class, method, layer
        As in `heatmap`.
    against : int, optional
        A class whose logit is subtracted: what speaks for the one rather than the other.
    max_channels : int, optional
        How many channels Score-CAM and Ablation-CAM try, the most promising ones; by default at
        most 256 and all of them.

    Yields
    ------
    RawMap
        One for a method of one pass; else better and better ones, the last of which is done.
        Leaving the iterator stops the work.

    Raises
    ------
    ValueError
        As `heatmap`; at the call, but for what the work itself finds out.
    """
    require_choice(method, "method", tuple(METHODS))
    as_picture(image)
    score_mixture(network, target_class, against)
    if layer is not None:
        network.layer(layer)
    if max_channels is not None:
        require_whole(max_channels, "max_channels", low=1)
    question = Question(network, image, target_class, against, layer, max_channels)
    return METHODS[method].run(question)


def shown(raw: RawMap, size: tuple[int, int], evidence: Evidence = "for") -> FloatArray:
    """Bring a raw map to the size of a picture, and its largest value to 1.

    Bilinear, the centres of the first and last values where the centres of their shares of the
    picture are. What is not finite counts as no evidence.

    Parameters
    ----------
    size : (int, int)
        Height and width.
    evidence : "for", "against" or "both"
        The positive part, the negative part turned positive, or both with their signs.

    Returns
    -------
    float32 (height, width)
        0..1; −1..1 for both. All zeros where there is none.

    Examples
    --------
    >>> values = np.float32([[2, -4]])
    >>> found = RawMap("grad-cam", "conv", values, np.zeros(1), np.ones(1))
    >>> shown(found, (1, 4))
    array([[1.  , 0.75, 0.25, 0.  ]], dtype=float32)
    """
    require_choice(evidence, "evidence", EVIDENCES)
    values = np.where(np.isfinite(raw.values), raw.values, 0)
    match evidence:
        case "for":
            values = np.maximum(values, 0)
        case "against":
            values = np.maximum(-values, 0)
    # First to 1, for the largest float32 would overflow and the smallest vanish.
    scaled = _to_one(values.astype(np.float64)).astype(np.float32)
    return _to_one(stretch(scaled[..., np.newaxis], size)[..., 0])


def overlay(
    image: Picture,
    heatmap: FloatArray,
    alpha: float = 0.4,
    *,
    color_map: OverlayColors = "sequential",
    threshold: float = 0.0,
) -> ByteArray:
    """Lay a heatmap's colours over a picture, as strongly everywhere.

    Parameters
    ----------
    image : uint8 or float32 (H, W, 3)
        RGB, 0..255.
    heatmap : float32 (H, W)
        0..1, from dark to bright; −1..1 with diverging colours. Neither stretched nor bent, so that
        a colour bar from 0 to 1 holds.
    alpha : float
        0 is the picture alone, 1 the colours alone.
    color_map : "sequential" or "diverging"
    threshold : float
        Where the heatmap, without its sign, is below, the picture stays as it is.

    Returns
    -------
    uint8 (H, W, 3)
        RGB.

    Raises
    ------
    ValueError
        If the shapes differ, or a number is out of its range.
    """
    require_choice(color_map, "color_map", OVERLAY_COLORS)
    low = 0.0 if color_map == "sequential" else -1.0
    picture, heat = as_picture(image), np.asarray(heatmap, np.float32)
    if heat.shape != picture.shape[:2]:
        raise ValueError(
            f"heatmap must have the picture's height and width, {picture.shape[:2]}, "
            f"but came with the shape {heat.shape}."
        )
    if not ((heat >= low) & (heat <= 1)).all():
        raise ValueError(
            f"heatmap must lie in {low:g} to 1 with {color_map} colors, but some values do not. "
            "Divide it by its largest."
        )
    for value, name in ((alpha, "alpha"), (threshold, "threshold")):
        if not 0 <= value <= 1:
            raise ValueError(f"{name} must be from 0 to 1, but came as {value!r}.")
    colors = rendering.colorize(heat, rendering.Scale(low, 1.0, color_map))
    share = np.where(np.abs(heat) < threshold, 0, np.float32(alpha))[..., np.newaxis]
    mixed = picture + share * (colors - picture)
    return np.asarray(np.clip(np.rint(mixed), 0, 255), np.uint8)


def _to_one(values: FloatArray) -> FloatArray:
    largest = np.abs(values).max()
    return values / largest if largest > 0 else values
