"""Networks with damaged weights are refused before anything is made of their answers."""

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.networks import Network


def require_finite(network: Network, *answers: FloatArray) -> None:
    """Raise `ValueError` if a network gave NaN or infinity."""
    if not all(np.isfinite(answer).all() for answer in answers):
        raise ValueError(
            f"The network must answer with finite numbers, but “{network.title}” gave NaN or "
            "infinity for this picture. Its weights are damaged or far too large."
        )
