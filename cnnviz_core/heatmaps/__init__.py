"""The evidence for a class: where a network finds it, and whether that is true."""

from cnnviz_core.heatmaps.maps import heatmap
from cnnviz_core.heatmaps.overlays import overlay

__all__ = ["heatmap", "overlay"]
