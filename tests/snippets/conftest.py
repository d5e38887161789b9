"""How many settings a program is tried with: a few for every change, many before a release."""

import pytest

FEW, MANY = 3, 200


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give tests that ask for a `seed` a few, and the marker `slow` many more."""
    if "seed" in metafunc.fixturenames:
        more = [pytest.param(one, marks=pytest.mark.slow) for one in range(FEW, MANY)]
        metafunc.parametrize("seed", [*range(FEW), *more])
