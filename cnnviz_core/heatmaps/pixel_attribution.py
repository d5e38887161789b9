"""How much each pixel counts for a class, by the derivatives of its logit.

All derivatives are taken with respect to the network's preprocessed input, the numbers that it
sees, and brought back to the size of the picture. The score is a weighted sum of logits, with
weights from `class_gradients.score_weights`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cnnviz_core.arrays import FloatArray, require_choice, require_whole
from cnnviz_core.heatmaps.baselines import BASELINES, Baseline, baseline_picture
from cnnviz_core.heatmaps.class_scores import (
    at_picture_size,
    chunk_size,
    input_gradients,
    logits_of,
    require_logit_weights,
)
from cnnviz_core.heatmaps.records import MapState, chunks
from cnnviz_core.images import ImageArray
from cnnviz_core.networks.network import Network


@dataclass(frozen=True, slots=True, eq=False)
class IntegratedState:
    """Integrated gradients after some of their steps, and how complete they are.

    Attributes
    ----------
    done, total : int
        Steps.
    values : float32 (H, W)
        The map as the steps so far estimate it; signed.
    attributed : float
        The sum over all numbers of the network's input. It is taken before the map is brought to
        the picture's size.
    difference : float
        The score of the picture less that of the baseline. `attributed` comes the closer to it,
        the more steps there are (completeness: Sundararajan et al. 2017, proposition 1).
    """

    done: int
    total: int
    values: FloatArray
    attributed: float
    difference: float


def saliency(network: Network, image: ImageArray, logit_weights: FloatArray) -> FloatArray:
    """Return how strongly each pixel moves the score, up or down.

    The largest absolute derivative of a pixel's channels: Simonyan, Vedaldi and Zisserman, *Deep
    Inside Convolutional Networks* (2013), section 3.1.

    Parameters
    ----------
    image : uint8 or float32 (H, W, 3)
        RGB, 0..255, of any size.
    logit_weights : float32 (classes,)

    Returns
    -------
    float32 (H, W)
        Never negative; score per unit of the preprocessed input.

    Raises
    ------
    ValueError
        If the network has no classifier or gives NaN, `logit_weights` does not fit, or `image` is
        no picture.
    """
    _, gradients = input_gradients(network, network.preprocess(image), logit_weights)
    return at_picture_size(_strength(gradients[0]), image)


def gradient_times_input(
    network: Network, image: ImageArray, logit_weights: FloatArray
) -> FloatArray:
    """Return how much each pixel adds to the score, as if the network were linear.

    The sum of derivative × value over a pixel's channels: Shrikumar et al., *Not Just a Black Box*
    (2016). What counts as nothing is where the preprocessed input is zero: for
    EfficientNet-Lite0 a middle gray, for networks that take 0..1 black.

    Parameters
    ----------
    image : uint8 or float32 (H, W, 3)
        RGB, 0..255, of any size.
    logit_weights : float32 (classes,)

    Returns
    -------
    float32 (H, W)
        Signed: positive where a pixel speaks for the class, negative where against it.

    Raises
    ------
    ValueError
        As `saliency`.
    """
    batch = network.preprocess(image)
    _, gradients = input_gradients(network, batch, logit_weights)
    return at_picture_size((gradients * batch)[0].sum(-1), image)


def smoothgrad_states(
    network: Network,
    image: ImageArray,
    logit_weights: FloatArray,
    *,
    samples: int = 32,
    noise: float = 0.15,
    seed: int = 0,
) -> Iterator[MapState]:
    """Average the derivative over noisy copies of the picture, a few at a time.

    Smilkov, Thorat, Kim, Viégas and Wattenberg, *SmoothGrad: Removing Noise by Adding Noise*
    (2017). Of the mean of the signed derivatives, the map shows what `saliency` shows of one.

    Parameters
    ----------
    image : uint8 or float32 (H, W, 3)
        RGB, 0..255, of any size.
    logit_weights : float32 (classes,)
    samples : int
        At least 1. The paper sees little change beyond 50.
    noise : float
        Standard deviation of the Gaussian noise, as a share of the range of the preprocessed input:
        its largest number less its smallest. At least 0; the paper advises 0.1 to 0.2. A picture
        of a single gray has no range, and gets no noise.
    seed : int
        Of the noise. How many samples run together does not change it.

    Yields
    ------
    MapState
        After every few samples; the last one has them all. Taking the next one goes on with the
        work, leaving the iterator stops it.

    Raises
    ------
    ValueError
        As `saliency`, or if a number is out of range; at the call, but NaN at the first state.
    """
    weights = require_logit_weights(network, logit_weights)
    require_whole(samples, "samples", low=1)
    require_whole(seed, "seed", low=0)
    if not (np.isfinite(noise) and noise >= 0):
        raise ValueError(f"noise must be a number from 0 on, but came as {noise!r}.")
    batch = network.preprocess(image)
    return _smoothgrad_states(network, image, batch, weights, samples, noise, seed)


def integrated_gradients_states(
    network: Network,
    image: ImageArray,
    logit_weights: FloatArray,
    *,
    steps: int = 32,
    baseline: Baseline = "gray",
) -> Iterator[IntegratedState]:
    """Add up the derivatives on the straight way from a baseline to the picture.

    Sundararajan, Taly and Yan, *Axiomatic Attribution for Deep Networks* (2017), equation 1:
    (x − x′) × the mean derivative between x′ and x. The way is cut into equal steps, the derivative
    taken in the middle of each. The steps come in an order in which the first few already lie all
    along the way, so that every state is an estimate of the whole.

    Parameters
    ----------
    image : uint8 or float32 (H, W, 3)
        RGB, 0..255, of any size.
    logit_weights : float32 (classes,)
    steps : int
        At least 1. The paper found 20 to 300 to be enough.
    baseline : "gray", "mean", "blur" or "black"
        The picture with nothing in it; see `baselines.baseline_picture`. The paper takes black;
        from there a network may leap at the first light, and need many hundreds of steps.

    Yields
    ------
    IntegratedState
        After every few steps; the last one has them all. Taking the next one goes on with the
        work, leaving the iterator stops it.

    Raises
    ------
    ValueError
        As `saliency`, or if an argument is out of range; at the call, but NaN at the first state.
    """
    weights = require_logit_weights(network, logit_weights)
    require_whole(steps, "steps", low=1)
    require_choice(baseline, "baseline", BASELINES)
    start = network.preprocess(baseline_picture(image, baseline))
    return _integrated_states(network, image, weights, steps, start)


def _smoothgrad_states(
    network: Network,
    image: ImageArray,
    batch: FloatArray,
    logit_weights: FloatArray,
    samples: int,
    noise: float,
    seed: int,
) -> Iterator[MapState]:
    deviation = np.float32(noise * float(np.ptp(batch)))
    random = np.random.default_rng(seed)
    total = np.zeros(batch.shape[1:])
    for part in chunks(samples, chunk_size(network)):
        noises = random.standard_normal((len(part), *batch.shape[1:]), np.float32)
        _, gradients = input_gradients(network, batch + deviation * noises, logit_weights)
        total += gradients.sum(0, dtype=np.float64)
        values = _strength((total / part.stop).astype(np.float32))
        yield MapState(part.stop, samples, at_picture_size(values, image))


def _integrated_states(
    network: Network, image: ImageArray, logit_weights: FloatArray, steps: int, start: FloatArray
) -> Iterator[IntegratedState]:
    end = network.preprocess(image)
    way = (end - start)[0]
    scores = [float(logits_of(network, batch)[0] @ logit_weights) for batch in (start, end)]
    places = _spread(steps)
    total = np.zeros(way.shape)
    for part in chunks(steps, chunk_size(network)):
        shares = places[part.start : part.stop, np.newaxis, np.newaxis, np.newaxis]
        _, gradients = input_gradients(network, start + shares * way, logit_weights)
        total += gradients.sum(0, dtype=np.float64)
        values = way * (total / part.stop)
        yield IntegratedState(
            part.stop,
            steps,
            at_picture_size(values.sum(-1).astype(np.float32), image),
            attributed=float(values.sum()),
            difference=scores[1] - scores[0],
        )


def _spread(steps: int) -> FloatArray:
    """Return the middles of equal parts of 0..1, in an order that is even from the start.

    In the order of van der Corput (1935): the numbers from 0 on, their binary digits mirrored at
    the point.

    >>> _spread(4).tolist()
    [0.125, 0.625, 0.375, 0.875]
    """
    digits = max(1, (steps - 1).bit_length())
    mirrored = [int(f"{number:0{digits}b}"[::-1], 2) for number in range(2**digits)]
    order = [number for number in mirrored if number < steps]
    return ((np.array(order) + 0.5) / steps).astype(np.float32)


def _strength(gradient: FloatArray) -> FloatArray:
    strength: FloatArray = np.abs(gradient).max(-1)
    return strength
