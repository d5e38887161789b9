"""How the votes of channels add up to the score of a class: as addends, and as a formula."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import require_whole
from cnnviz_core.heatmaps.votes import Votes
from cnnviz_core.number_format import is_rounded, short_tex

AddendKind = Literal["for", "others for", "against", "others against", "bias"]

# So many products are written out on the left of a formula; more do not fit on a phone.
NUM_WRITTEN = 2


@dataclass(frozen=True, slots=True)
class Addend:
    """One addend on the way from zero to the score.

    Attributes
    ----------
    kind : "for", "others for", "against", "others against" or "bias"
        One channel, all other channels of a side together, or the bias.
    channel : int or None
        The one channel.
    count : int
        How many channels are in it: 1 for one channel, 0 for an ablated one and for the bias.
    start, end : float
        The sum before and after it.
    vote : float
        What it adds; of an ablated channel what it would add, where start and end are the same.
    """

    kind: AddendKind
    channel: int | None
    count: int
    start: float
    end: float
    vote: float

    @property
    def is_ablated(self) -> bool:
        """Whether it is a channel that was ablated."""
        return self.channel is not None and self.count == 0


def add_up(found: Votes, ablated: Sequence[int] = (), *, count: int = 5) -> tuple[Addend, ...]:
    """Return the addends from zero to the score: votes for the class, votes against it, the bias.

    Where votes and bias do not add up to the score (`Votes.bias` is None), the last addend ends at
    the sum of the votes.

    Parameters
    ----------
    ablated : sequence of int
        Channels that add nothing.
    count : int
        How many channels of a side stand alone, the strongest ones, ablated or not.

    Returns
    -------
    tuple of Addend
        Empty where no channel votes and there is no bias.

    Raises
    ------
    ValueError
        If a channel is none of the layer, or `count` is below 1.
    """
    require_whole(count, "count", low=1)
    values = found.values.astype(np.float64)
    is_active = _is_active(found, ablated)
    rows: list[tuple[AddendKind, int | None, int, float]] = []
    order = np.argsort(-values, kind="stable")
    sides: tuple[tuple[AddendKind, AddendKind, list[int]], ...] = (
        ("for", "others for", [int(one) for one in order if values[one] > 0]),
        ("against", "others against", [int(one) for one in order[::-1] if values[one] < 0]),
    )
    for kind, others, channels in sides:
        for channel in channels[:count]:
            rows.append((kind, channel, int(is_active[channel]), float(values[channel])))
        rest = [channel for channel in channels[count:] if is_active[channel]]
        if rest:
            rows.append((others, None, len(rest), float(values[rest].sum())))
    if found.bias is not None:
        rows.append(("bias", None, 0, found.bias))
    return tuple(_addends(rows))


def sum_formula(found: Votes, ablated: Sequence[int] = ()) -> str:
    r"""Write the sum of all votes that speak, and the bias, as LaTeX.

    The strongest two for the class and the strongest one against it are written out. An equals
    sign stands only where no number had to be rounded.

    Examples
    --------
    >>> maps = np.ones((1, 1, 3), np.float32)
    >>> weights, means = np.float32([0.5, -1, 0.25]), np.float32([4, 1, 8])
    >>> found = Votes("conv", weights, means, 0.125, 3.125, maps, np.ones(1, np.float32))
    >>> print(sum_formula(found))
    0.5\cdot 4 + 0.25\cdot 8 - 1\cdot 1 + 0.125 \approx \mathbf{3.12}
    >>> print(sum_formula(found, [0, 1]))
    0.25\cdot 8 + 0.125 \approx \mathbf{2.12}
    """
    is_active = _is_active(found, ablated)
    values = np.where(is_active, found.values.astype(np.float64), 0)
    order = np.argsort(-values, kind="stable")
    pro = [int(one) for one in order[:NUM_WRITTEN] if values[one] > 0]
    contra = [int(one) for one in order[-1:] if values[one] < 0]
    terms = [_product(found, channel) for channel in pro]
    if np.count_nonzero(values) > len(pro) + len(contra):
        terms.append(r"+ \dots")
    terms.extend(_product(found, channel) for channel in contra)
    total = float(values.sum())
    if found.bias is not None:
        total += found.bias
        terms.append(_signed(found.bias))
    numbers = [total, found.bias or 0.0]
    for channel in (*pro, *contra):
        numbers += [float(found.weights[channel]), float(found.means[channel])]
    sign = r"\approx" if any(map(is_rounded, numbers)) else "="
    return f"{' '.join(terms).removeprefix('+ ') or '0'} {sign} \\mathbf{{{short_tex(total)}}}"


def strongest(found: Votes, side: Literal["for", "against"], count: int) -> tuple[int, ...]:
    """Return the channels of one side that vote most strongly, at most `count` of them."""
    values = found.values if side == "for" else -found.values
    order = np.argsort(-values, kind="stable")[: require_whole(count, "count", low=0)]
    return tuple(int(channel) for channel in order if values[channel] > 0)


def parse_channels(text: str, count: int) -> tuple[int, ...]:
    """Read the numbers of channels as people write them, counted from 1.

    Parameters
    ----------
    text : str
        Whole numbers with commas or spaces between them; nothing means no channel.
    count : int
        How many channels there are.

    Returns
    -------
    tuple of int
        Counted from 0, each once, in the order written.

    Raises
    ------
    ValueError
        If there is anything else, or no such channel.

    Examples
    --------
    >>> parse_channels("3, 1 3", 8)
    (2, 0)
    """
    found: dict[int, None] = {}
    for word in text.replace(",", " ").split():
        # isdecimal alone would let the digits of all scripts through, and any length.
        if not (word.isascii() and word.isdecimal() and len(word) < 9):
            raise ValueError(
                "Type channels as whole numbers with commas or spaces between them, for example "
                f"255, 1157. “{word}” is not one."
            )
        if not 1 <= int(word) <= count:
            raise ValueError(f"Channels go from 1 to {count:,}: there is no channel {word}.")
        found[int(word) - 1] = None
    return tuple(found)


def _is_active(found: Votes, ablated: Sequence[int]) -> npt.NDArray[np.bool_]:
    is_active = np.ones(found.weights.size, np.bool_)
    for channel in ablated:
        is_active[require_whole(channel, "ablated", low=0, high=is_active.size - 1)] = False
    return is_active


def _addends(rows: Sequence[tuple[AddendKind, int | None, int, float]]) -> Iterator[Addend]:
    total = 0.0
    for kind, channel, count, vote in rows:
        end = total if channel is not None and count == 0 else total + vote
        yield Addend(kind=kind, channel=channel, count=count, start=total, end=end, vote=vote)
        total = end


def _product(found: Votes, channel: int) -> str:
    weight, mean = float(found.weights[channel]), float(found.means[channel])
    written = f"({short_tex(mean)})" if mean < 0 else short_tex(mean)
    return rf"{_signed(weight)}\cdot {written}"


def _signed(value: float) -> str:
    return f"- {short_tex(-value)}" if value < 0 else f"+ {short_tex(value)}"
