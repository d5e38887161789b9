"""What is asked of an ascent: what its program is written from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ascent:
    """What is asked of an ascent; its settings as `filter_ascent.settings` describes them.

    Attributes
    ----------
    layer : str
    target : "filters", "neuron", "direction", "layer" or "class"
    channels : tuple of int
        Of the layer; those of a direction together.
    copies : int
        Pictures of each.
    in_batch : int
        Pictures that ascend together: each has noise of its own within its batch.
    size : (int, int)
    place : (int, int) or None
        Of a neuron.
    steps : int
        Made so far.
    wave_scale : float
        What a wave of frequency f counts, times f.
    colors : tuple of tuple of float
        How independent parts are mixed to red, green and blue, one part a column.
    """

    layer: str
    target: str
    channels: tuple[int, ...]
    copies: int
    in_batch: int
    size: tuple[int, int]
    place: tuple[int, int] | None
    steps: int
    seed: int
    wave_scale: float
    colors: tuple[tuple[float, ...], ...]
    image: str
    start: str
    step_size: float
    contrast: float
    negative_slope: float
    jitter: int
    rotation: float
    scaling: float
    total_variation: float
    l2: float
    blur: float
    diversity: float
    after_activation: bool

    @property
    def is_fourier(self) -> bool:
        """Return whether pictures are written down as waves."""
        return self.image == "fourier"

    @property
    def is_diverse(self) -> bool:
        """Return whether pictures with the same objective keep away from each other."""
        return self.copies > 1 and self.diversity > 0

    @property
    def is_turned(self) -> bool:
        """Return whether the network sees the pictures turned or enlarged."""
        return self.rotation > 0 or self.scaling > 0
