"""How an ascending picture is written down: the sizes of its Fourier coefficients."""

import numpy as np
import pytest

from cnnviz_core.filter_ascent.parameterization import fourier_scales


@pytest.mark.parametrize("size", [(4, 6), (6, 5), (5, 2), (1, 3)])
def test_coefficients_of_deviation_one_have_power_one_over_the_whole_transform(
    size: tuple[int, int],
) -> None:
    height, width = size
    heights = fourier_scales(height, width)
    # A real picture's transform is symmetric: its right half repeats the left one.
    whole = np.stack([heights[:, min(place, width - place)] for place in range(width)], axis=1)
    # Parseval's theorem, for real and imaginary parts of deviation 1 each.
    assert 2 * (whole**2).sum() / (height * width) ** 2 == pytest.approx(1, rel=1e-5)
