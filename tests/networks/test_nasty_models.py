"""Model files made to do harm: each is refused for a plain reason, in little time and memory."""

from pathlib import Path

import pytest

from cnnviz_core import networks
from tests import nasty_models
from tests.costs import cost_of

pytestmark = [
    pytest.mark.usefixtures("tensorflow_loaded"),
    pytest.mark.filterwarnings(
        # Keras 3.15 copies variables in a way that NumPy 2 is to drop.
        "ignore:__array__ implementation:DeprecationWarning"
    ),
]


def load(data: bytes) -> object:
    return networks.from_upload(data, title="theirs")


def test_every_file_is_refused_for_little(tmp_path: Path) -> None:
    files = nasty_models.refused(tmp_path)
    for name, (data, reason) in files.items():
        cost = cost_of(load, data)
        assert reason in cost.answer, name
        assert cost.is_bearable, (name, cost)
    assert not (tmp_path / "written").exists()


def test_members_for_places_outside_are_never_unpacked(tmp_path: Path) -> None:
    inside = tmp_path / "deep" / "down"
    inside.mkdir(parents=True)
    data = nasty_models.with_members_outside(inside)
    before = {*tmp_path.rglob("*")}
    assert networks.from_upload(data, title="theirs").layers
    assert {*tmp_path.rglob("*")} == before
    assert not Path("/tmp/outside").exists()  # noqa: S108


@pytest.mark.parametrize(
    "name", ["<img src=x onerror=alert(1)>", "größer", "a b", "x" * 101, "$x$"]
)
def test_a_name_that_tensorflow_refuses_is_refused_at_once(name: str) -> None:
    config = nasty_models.sequential_config({"class_name": "ReLU", "config": {"name": name}})
    with pytest.raises(ValueError, match="Names of layers may have up to 100 letters"):
        load(nasty_models.archive(config))
