"""What one layer adds to the receptive field: its window, and field and step before it."""

from dataclasses import dataclass

from cnnviz_core.inspection.receptive_fields import CONVOLUTIONS, POOLINGS, fields
from cnnviz_core.networks.network import Network


@dataclass(frozen=True, slots=True)
class Growth:
    """A layer's window along the height, and what the units of the layer before see.

    With these, r' = r + (k − 1)·d·j and j' = j·s (Dumoulin and Visin, *A guide to convolution
    arithmetic for deep learning*, 2016; Araujo, Norris and Sim, *Computing Receptive Fields of
    Convolutional Neural Networks*, 2019, equations 2 and 5).

    Attributes
    ----------
    kernel, dilation, stride : int
        k, d and s.
    size, step : int
        r and j: the pixels that a unit of the layer before sees, and from one to the next.
    """

    kernel: int
    dilation: int
    stride: int
    size: int
    step: int


def growth(network: Network, layer: str) -> Growth | None:
    """Return how a layer's receptive field comes about from that before it.

    Returns
    -------
    Growth or None
        None for a layer without a window, and where its units see the whole picture or an unknown
        part of it.

    Raises
    ------
    ValueError
        If there is no such layer.
    """
    info = network.layer(layer)
    field = fields(network)[layer]
    if info.type not in (*CONVOLUTIONS, *POOLINGS) or field is None or field.rows.step == 0:
        return None
    window = network.model.get_layer(layer)
    kernel = int((window.kernel_size if info.type in CONVOLUTIONS else window.pool_size)[0])
    dilation = int(getattr(window, "dilation_rate", (1, 1))[0])
    stride = int(window.strides[0])
    step = field.rows.step // stride
    return Growth(kernel, dilation, stride, field.rows.size - (kernel - 1) * dilation * step, step)
