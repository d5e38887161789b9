"""Whether TensorFlow is there yet, for the pages."""

from cnnviz_core.runtime import warm_up as warming


def warm_up() -> None:
    """Begin to load TensorFlow in the background, unless that has been done."""
    warming.start()


def is_warming_up() -> bool:
    """Whether TensorFlow is not there yet."""
    return warming.in_progress()
