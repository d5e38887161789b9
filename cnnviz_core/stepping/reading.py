"""Grids, kernels and biases that belong together, read from what a person typed.

All raise `ValueError` as `typed_grids.parse_grid`, or if what belongs together differs in size.
"""

from collections.abc import Sequence

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.layers.typed_grids import parse_grid


def read_channels(grids: Sequence[str]) -> FloatArray:
    """Return float32 (H, W, C)."""
    names = ["The grid"] if len(grids) == 1 else [f"Channel {i + 1}" for i in range(len(grids))]
    return np.stack(_alike(grids, names), axis=-1)


def read_kernels(kernels: Sequence[Sequence[str]]) -> FloatArray:
    """Return float32 (kh, kw, C, F)."""
    texts = [text for slices in kernels for text in slices]
    names = [
        f"The kernel of filter {filter_index + 1} for channel {channel + 1}"
        for filter_index, slices in enumerate(kernels)
        for channel in range(len(slices))
    ]
    read = _alike(texts, ["The kernel"] if len(texts) == 1 else names)
    rows, columns = read[0].shape
    return np.stack(read, axis=-1).reshape(rows, columns, len(kernels), -1).swapaxes(2, 3)


def read_biases(text: str, num_filters: int) -> FloatArray | None:
    """Return float32 (F,); nothing where nothing is written."""
    if not text.strip():
        return None
    row = parse_grid(text, name="The biases")
    if row.size != num_filters:
        raise ValueError(
            f"There must be a bias for each of the {num_filters} filters, but {row.size} came. "
            "Part them with spaces."
        )
    return row.ravel()


def read_mixing(text: str, num_channels: int) -> FloatArray:
    """Return pointwise kernels, float32 (1, 1, C, F)."""
    rows = parse_grid(text, name="The pointwise weights")
    if rows.shape[1] != num_channels:
        raise ValueError(
            f"The pointwise weights must have one for each of the {num_channels} channels in "
            f"a row, but have {rows.shape[1]}."
        )
    return rows.T[np.newaxis, np.newaxis]


def _alike(texts: Sequence[str], names: Sequence[str]) -> list[FloatArray]:
    """Read grids that must have one size."""
    grids = [parse_grid(text, name=name) for text, name in zip(texts, names, strict=True)]
    for grid, name in zip(grids, names, strict=True):
        if grid.shape != grids[0].shape:
            raise ValueError(
                f"{name} has {grid.shape[0]}×{grid.shape[1]} cells, but the first has "
                f"{grids[0].shape[0]}×{grids[0].shape[1]}. Give all of them the same size."
            )
    return grids
