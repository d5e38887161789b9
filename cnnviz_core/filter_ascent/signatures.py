"""Which traced step a question needs, and the arrays that go into it."""

from typing import Any

from cnnviz_core.arrays import require_whole
from cnnviz_core.filter_ascent.objectives import Objective, objective_arrays
from cnnviz_core.filter_ascent.precision import Precision, fastest_precision
from cnnviz_core.filter_ascent.scores import StepSignature
from cnnviz_core.filter_ascent.settings import AscentSettings
from cnnviz_core.filter_ascent.step import truncated_network_and_shape
from cnnviz_core.filter_ascent.truncated_network import best_precision
from cnnviz_core.networks.network import Network

MIN_SIDE, MAX_SIDE = 16, 512

# Pixels of all pictures together. The first layers of VGG16 keep about 2 kB for each: 1 GB.
MAX_PIXELS = 2**19


def require_sides(size: int | tuple[int, int], count: int) -> tuple[int, int]:
    """Return the height and width of `count` pictures; `ValueError` if they cannot be made."""
    height, width = (size, size) if not isinstance(size, tuple) else size
    sides = (
        require_whole(height, "size", low=MIN_SIDE, high=MAX_SIDE),
        require_whole(width, "size", low=MIN_SIDE, high=MAX_SIDE),
    )
    if count * sides[0] * sides[1] > MAX_PIXELS:
        raise ValueError(
            f"filters times size must be at most {MAX_PIXELS:,} pixels, but {count} pictures of "
            f"{sides[0]}×{sides[1]} are more. Take fewer filters, or smaller pictures."
        )
    return sides


def signature_and_arrays(
    network: Network,
    layer: str,
    objectives: tuple[Objective, ...],
    size: tuple[int, int],
    settings: AscentSettings,
) -> tuple[StepSignature, dict[str, Any]]:
    """Return the signature of a step or a measurement, and its objectives as arrays.

    Raises
    ------
    ValueError
        If there is no such layer or filter, or it does not take pictures of that size.
    """
    truncated, shape = truncated_network_and_shape(network, layer, size)
    arrays = objective_arrays(objectives, shape)
    precision: Precision = (
        best_precision(truncated, fastest_precision)
        if settings.precision == "fastest"
        else best_precision(truncated, lambda: settings.precision)  # type: ignore[arg-type, return-value]
    )
    signature = StepSignature(
        layer=layer,
        count=len(objectives),
        num_terms=arrays.rows.shape[1],
        size=size,
        image=settings.image,
        is_after=settings.after_activation,
        needs_all=bool(arrays.energy.any()) or settings.diversity > 0,
        is_turned=settings.rotation > 0 or settings.scaling > 0,
        precision=precision,
    )
    names = ("channels", "rows", "columns", "energy", "alike")
    return signature, {name: getattr(arrays, name) for name in names}
