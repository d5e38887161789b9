"""What browsers draw maps over pictures from, while a slider is moved."""

from dataclasses import dataclass, replace

import numpy as np

from cnnviz_core.drawing.rendering import Scale
from cnnviz_core.heatmaps import maps
from cnnviz_core.heatmaps.records import RawMap, StrongestChannels
from cnnviz_core.networks import Network
from cnnviz_core.views import overlays
from cnnviz_core.views.heat_jobs import HeatJob, HeatQuestion
from cnnviz_core.views.heatmaps import HeatLook, overlay_scale
from cnnviz_core.views.sharing import MAX_VIEWS, Picture, shared


@dataclass(frozen=True, slots=True, eq=False)
class HeatValues:
    """What a map over a picture is drawn from: values as `overlays.encode_values` has them.

    `strongest` are the channels that its values come from, where that can be said.
    """

    data: bytes
    reach: float
    scale: Scale
    strongest: StrongestChannels | None


def heat_values(
    one: HeatJob, look: HeatLook, end: float | None = None, *, is_tile: bool = False
) -> HeatValues | None:
    """Return what a map is drawn from, and its colors; `end` as for `heat_view`.

    For a tile, the values of a map of pixels are rough ones.
    """
    state = one.state
    if state is None:
        return None
    # How strong the colors are is left to the browser.
    look = replace(look, alpha=1.0, threshold=0.0)
    asked = one.network, one.picture, one.question, state.done
    return _values(*asked, look, end, is_tile, _raw=state)


@shared(MAX_VIEWS)
def _values(
    network: Network,
    picture: Picture,
    question: HeatQuestion,
    done: int,
    look: HeatLook,
    end: float | None,
    is_tile: bool,
    *,
    _raw: RawMap,
) -> HeatValues:
    values = np.where(np.isfinite(_raw.values), _raw.values, np.float32(0))
    on_picture = maps.on_picture(_raw, picture.pixels, look.evidence)
    scale = overlay_scale(question, look, end, on_picture)
    if is_tile and values.shape == on_picture.shape:
        return HeatValues(overlays.encode_roughly(values, scale.high), scale.high, scale, None)
    return HeatValues(*overlays.encode_values(values), scale, _raw.strongest)
