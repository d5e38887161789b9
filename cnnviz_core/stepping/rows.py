"""Rows of numbers in the order of time."""

import math

import numpy as np

from cnnviz_core.arrays import FloatArray

# Waves P, Q, R, S and T: where in the cycle each is, how strongly it pulls, and how wide it is, in
# radians. McSharry et al., 2003, table I.
WAVES = (
    (-math.pi / 3, 1.2, 0.25),
    (-math.pi / 12, -5.0, 0.1),
    (0.0, 30.0, 0.1),
    (math.pi / 12, -7.5, 0.1),
    (math.pi / 2, 0.75, 0.4),
)
# Numbers a cycle, such that one falls on each of the sharp waves; the quiet third is left out.
PER_CYCLE = 24
FIRST, NUM_BEATEN = -5, 16
# The highest, R, is near to this.
HIGHEST = 3.0


def heart_beat() -> FloatArray:
    """Return an electrocardiogram of one heart beat, in tenths, as a row for `causal.stack_causal`.

    The sum of five bumps: what the differential equation of the source leads to while its baseline
    is left out, since the derivative of a·b²·exp(−Δθ² / 2b²) is −a·Δθ·exp(−Δθ² / 2b²).

    Returns
    -------
    float32 (1, 16)
        R, the sixth, is 3.

    References
    ----------
    P. E. McSharry et al., "A dynamical model for generating synthetic electrocardiogram signals",
    2003, equation 1.

    Examples
    --------
    >>> heart_beat()[0, :8]
    array([ 0.4,  0.8,  0.4,  0.1, -0.4,  3. , -0.6,  0. ], dtype=float32)
    """
    angles = 2 * math.pi / PER_CYCLE * (FIRST + np.arange(NUM_BEATEN))
    bumps = [
        pull * width**2 * np.exp(-((angles - place) ** 2) / (2 * width**2))
        for place, pull, width in WAVES
    ]
    highest = max(pull * width**2 for _, pull, width in WAVES)
    row: FloatArray = np.sum(bumps, axis=0, keepdims=True).astype(np.float32)
    return np.round(row * np.float32(HIGHEST / highest), 1)
