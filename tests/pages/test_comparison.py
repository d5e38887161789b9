"""A pinned result stands beside the next ones, in this session and in one that follows a link."""

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnnviz_core.drawing.rendered import rendered
from cnnviz_core.drawing.rendering import PICTURE_SCALE
from cnnviz_core.views.comparison import Change, compare
from cnnviz_core.views.files import Saved
from tests.pages.visits import opened

PICTURE = rendered(np.zeros((2, 2, 3), np.uint8), np.zeros((2, 2, 3), np.uint8), PICTURE_SCALE)

# On each page that can compare: a control, by its address, and two settings of it.
MOVES = {
    "convolution": {"kernel": ("gabor", "sobel-x")},
    "pooling": {"pool_mode": ("average", "max")},
    "activation": {"act_function": ("tanh", "relu")},
    "lenet": {"lenet_seed": ("3", "4")},
    "feature_maps": {"maps_order": ("maximum", "index")},
    "kernels": {"kernels_layer": ("block1a_project", "stem_conv")},
    "predictions": {"predict_temperature": ("2.0", "0.5")},
    "occlusion": {"occlusion_fill": ("black", "gray")},
    "architecture": {"arch_layer": ("block2a_expand_relu", "stem_relu")},
    "heatmaps": {"heat_method": ("layer-cam", "grad-cam")},
}


def shown(app: AppTest) -> list[str]:
    return [one.value for one in app.markdown]


def test_a_result_is_pinned_compared_and_unpinned() -> None:
    app = opened("pooling", {"pool_size": "3"})
    assert "**Pinned**" not in shown(app)
    app.button(key="pin").click().run()
    assert "**Now − pinned**" in shown(app)
    assert any("move a control" in one.value for one in app.caption)
    app.slider(key="pool_size").set_value(4).run()
    assert not app.exception
    assert any("Window size: 3 → 4" in one.value for one in app.caption)
    app.button(key="unpin").click().run()
    assert "**Pinned**" not in shown(app)
    assert "pin" not in app.query_params


@pytest.mark.parametrize("name", MOVES)
def test_a_link_carries_the_pin(name: str) -> None:
    ((key, (pinned, now)),) = MOVES[name].items()
    app = opened(name, {key: now, "pin": f"{key}={pinned}"})
    assert not app.exception
    assert "**Pinned**" in shown(app)
    assert app.query_params["pin"] == f"{key}={pinned}"
    (said,) = [one.value for one in app.caption if "Pinned → now" in one.value]
    assert said.count("→") >= 2


@pytest.mark.parametrize("pin", ["", "%%%", "pool_size=-5", "pin=pin%3D", "x" * 5000, "pool_size"])
def test_a_hostile_pin_leaves_the_page_as_it_is(pin: str) -> None:
    app = opened("pooling", {"pool_size": "4", "pin": pin})
    assert not app.exception
    assert app.slider(key="pool_size").value == 4


def test_a_page_without_results_takes_no_notice_of_a_pin() -> None:
    app = opened("filter_ascent", {"pin": "ascent_count=1"})
    assert not app.exception
    assert "**Pinned**" not in shown(app)


def table(values: Any, names: tuple[str, ...] = ("cat", "dog", "axolotl")) -> Saved:
    return Saved(
        name="name",
        picture=PICTURE,
        values=np.float32(values),
        axes=("class", "quantity"),
        labels={"class": names, "quantity": ("logit", "probability")},
    )


def test_of_a_table_the_largest_changes_come_first_and_what_stays_is_left_out() -> None:
    before = table([[3, 0.5], [2, 0.25], [2, 0.25]])
    found = compare(before, table([[4, 0.125], [2, 0.25], [9, 0.375]]))
    assert found.quantity == "probability"
    assert found.changes == (Change("cat", 0.5, 0.125), Change("axolotl", 0.25, 0.375))
    assert found.pinned is found.now is PICTURE
    assert compare(before, before).changes == ()
    # Of a network with other classes, no row can be compared.
    assert compare(before, table(before.values + 1, ("0", "1", "2"))).changes == ()


def saved(values: Any) -> Saved:
    return Saved(name="name", picture=None, values=np.float32(values))  # type: ignore[arg-type]


def test_the_difference_is_centered_on_zero_and_both_have_one_scale() -> None:
    found = compare(saved([[[0.0], [2.0]]]), saved([[[1.0], [-3.0]]]))
    assert found.pinned.scale == found.now.scale
    assert (found.now.scale.low, found.now.scale.high) == (-3, 3)
    assert found.difference is not None
    assert (found.difference.low, found.difference.high) == (-5, 1)
    assert (found.difference.scale.low, found.difference.scale.high) == (-5, 5)
    assert compare(saved([[[0.0]]]), saved([[[0.0], [1.0]]])).difference is None
