"""What is made ready before anybody asks: TensorFlow, and what first visitors would wait for."""

from cnnviz_core.runtime import warm_up as warming


def warm_up() -> None:
    """Begin to load TensorFlow in the background, unless that has been done."""
    warming.start(then=_prepare)


def is_warming_up() -> bool:
    """Whether TensorFlow is not there yet."""
    return warming.in_progress()


def _prepare() -> None:
    # Imported only now: the first page does without.
    from cnnviz_core.heatmaps.layer_gradients import trace_layer_gradients
    from cnnviz_core.runtime.jobs import look_for_workers, work_on
    from cnnviz_core.views.networks import load_network
    from cnnviz_core.views.sharing import sample_names, sample_picture
    from cnnviz_core.views.thumbnails import CLASSIFIER, network_thumbnails

    look_for_workers()
    # Home's pictures take a first look at all that the pages of trained networks begin with.
    pictures = network_thumbnails(sample_picture(sample_names()[0]))
    while not pictures.is_finished:
        work_on([pictures])
    trace_layer_gradients(load_network(CLASSIFIER))
