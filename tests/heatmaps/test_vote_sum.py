"""The steps from zero to the score, and the formula beside them."""

import re

import numpy as np
import pytest

from cnnviz_core import images, networks
from cnnviz_core.heatmaps.vote_sum import add_up, parse_channels, strongest, sum_formula
from cnnviz_core.heatmaps.votes import Votes, ablated_logits, votes
from tests.tiny_networks import picture, residual


def made_up(weights: list[float], means: list[float], bias: float | None = 0.5) -> Votes:
    values = np.float32(weights), np.float32(means)
    score = float(values[0] @ values[1]) + (bias or 0)
    maps = np.ones((1, 1, len(weights)), np.float32)
    return Votes("conv", *values, bias, score, maps, np.ones(1, np.float32))


FIVE = made_up([1, -2, 0.5, 3, -1], [1, 1, 1, 0, 0.25])


def test_steps_go_from_zero_to_the_logit_of_a_trained_network() -> None:
    found = votes(networks.load("efficientnet-lite0"), images.sample("cat"))
    steps = add_up(found, count=5)
    assert steps[0].start == 0
    assert [one.start for one in steps[1:]] == [one.end for one in steps[:-1]]
    assert steps[-1].end == pytest.approx(found.score, abs=1e-5)
    kinds = ["for"] * 5 + ["others for"] + ["against"] * 5 + ["others against", "bias"]
    assert [one.kind for one in steps] == kinds
    assert sum(one.count for one in steps) == np.count_nonzero(found.values)


@pytest.mark.parametrize("num_ablated", [1, 3, 40, 1280])
def test_what_is_left_is_the_logit_of_the_network_with_silenced_channels(num_ablated: int) -> None:
    network, cat = networks.load("efficientnet-lite0"), images.sample("cat")
    found = votes(network, cat, 281)
    ablated = strongest(found, "for", num_ablated)
    steps = add_up(found, ablated)
    assert steps[-1].end == pytest.approx(ablated_logits(network, cat, ablated)[281], abs=1e-5)
    assert sum(one.is_ablated for one in steps) == min(num_ablated, 5)


def test_strong_voters_have_a_step_and_the_others_share_one() -> None:
    rows = [(one.kind, one.channel, one.count, one.vote) for one in add_up(FIVE, count=1)]
    assert rows == [
        ("for", 0, 1, 1.0),
        ("others for", None, 1, 0.5),
        ("against", 1, 1, -2.0),
        ("others against", None, 1, -0.25),
        ("bias", None, 0, 0.5),
    ]


def test_a_silenced_channel_keeps_its_row_and_moves_nothing() -> None:
    first, *others = add_up(FIVE, [0, 4], count=1)
    assert (first.channel, first.is_ablated, first.vote) == (0, True, 1.0)
    assert first.start == first.end == 0.0
    # Channel 4 was the only one in its row, which is gone.
    assert [one.kind for one in others] == ["others for", "against", "bias"]
    assert others[-1].end == 0.5 - 2 + 0.5


def test_without_a_bias_the_steps_end_at_the_sum_of_votes() -> None:
    found = votes(residual(), picture(), 1, layer="inside")
    steps = add_up(found)
    assert "bias" not in [one.kind for one in steps]
    assert steps[-1].end == pytest.approx(found.total, abs=1e-6)


def test_nobody_votes() -> None:
    assert add_up(made_up([0, 1], [1, 0], None)) == ()
    assert sum_formula(made_up([0, 1], [1, 0], None)) == r"0 = \mathbf{0}"
    assert sum_formula(made_up([0, 1], [1, 0], -0.25)) == r"- 0.25 = \mathbf{-0.25}"


def test_the_formula_can_be_calculated() -> None:
    found = made_up([1, -2, -0.5], [2, 1, -4], -0.125)
    written, result = sum_formula(found).split(r" \approx ")
    assert written == r"1\cdot 2 - 0.5\cdot (-4) - 2\cdot 1 - 0.125"
    calculated = eval(written.replace(r"\cdot", "*"))  # noqa: S307
    assert re.findall(r"[-\d.]+", result) == [f"{calculated:.3g}"]


def test_rounded_numbers_are_not_called_equal() -> None:
    exact = made_up([0.5, -1], [4, 1], 0.25)
    assert sum_formula(exact) == r"0.5\cdot 4 - 1\cdot 1 + 0.25 = \mathbf{1.25}"
    for weights, means, bias in [
        ([0.1234], [1], 0.0),
        ([1], [0.1234], 0.0),
        ([1], [1], 0.1234),
        ([1], [1], 0.0625),
    ]:
        assert r"\approx" in sum_formula(made_up(weights, means, bias))


def test_the_formula_says_that_there_is_more() -> None:
    assert sum_formula(FIVE).startswith(r"1\cdot 1 + 0.5\cdot 1 + \dots - 2\cdot 1 + 0.5 =")
    assert r"\dots" not in sum_formula(FIVE, [4])


def test_the_strongest_of_a_side() -> None:
    assert strongest(FIVE, "for", 9) == (0, 2)
    assert strongest(FIVE, "against", 9) == (1, 4)
    assert strongest(FIVE, "against", 1) == (1,)
    assert strongest(FIVE, "for", 0) == ()


@pytest.mark.parametrize("ablated", [[5], [-1], [0.5]])
def test_a_channel_that_is_not_there_is_refused(ablated: list[int]) -> None:
    with pytest.raises(ValueError, match="ablated"):
        add_up(FIVE, ablated)
    with pytest.raises(ValueError, match="ablated"):
        sum_formula(FIVE, ablated)
    with pytest.raises(ValueError, match="count"):
        add_up(FIVE, count=0)


def test_channels_are_read_as_people_write_them() -> None:
    assert parse_channels("", 3) == parse_channels(" , ", 3) == ()
    assert parse_channels("3,1", 3) == parse_channels(" 3  1\t3 ", 3) == (2, 0)
    assert parse_channels("0012", 12) == (11,)


@pytest.mark.parametrize("text", ["x", "1.5", "-1", "1;2", "²", "٣", "1e3", "9" * 5000])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="whole numbers"):
        parse_channels(text, 10**6)


@pytest.mark.parametrize("text", ["0", "13", "1, 99999999"])
def test_a_channel_beyond_the_last_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="from 1 to 12"):
        parse_channels(text, 12)
