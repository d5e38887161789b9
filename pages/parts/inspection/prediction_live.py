"""What the browser needs to say itself what a network says at another temperature."""

from base64 import b64encode
from html import escape

from cnnviz_core.inspection.predictions import CAT_CLASSES, DOG_CLASSES
from cnnviz_core.networks import Network
from cnnviz_core.views.networks import logits
from cnnviz_core.views.predictions import PredictionsView
from cnnviz_core.views.sharing import Picture
from pages.parts.live import live_pictures
from pages.parts.prediction_controls import COUNT, TEMPERATURE
from pages.parts.texts import _


def say_scores(network: Network, picture: Picture, view: PredictionsView) -> None:
    """Give the browser the scores of all classes, and the names of those that may be shown."""
    scores = logits(network, picture)
    ranges = [(kind.start, kind.stop) for kind in (CAT_CLASSES, DOG_CLASSES)]
    live_pictures.say(
        "predictions",
        (COUNT, TEMPERATURE),
        scores=b64encode(scores.astype("<f4").tobytes()).decode(),
        isEachAlone=network.output_activation == "sigmoid",
        names=[escape(_(one.name)) for one in view.ranked[: COUNT.high]],
        pets=ranges if view.cat_or_dog else None,
    )
