"""The picture that excites a filter, a layer or a class most."""

from cnnviz_core.filter_ascent.ascent import AscentState, ascend

__all__ = ["AscentState", "ascend"]
