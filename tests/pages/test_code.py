"""The drawer with the program behind a page: today's settings, and nothing before it is asked."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz_core.views import convolution_files
from tests.pages.visits import opened

# A link to each page that has a program, and what that program says.
PAGES: dict[str, tuple[dict[str, Any], str]] = {
    "convolution": ({"kernels": "random", "size": "7", "seed": "78"}, "np.ndindex(7, 7)"),
    "pooling": ({"pool_size": "4", "pool_mode": "average"}, "windows.mean(axis=(3, 4))"),
    "activation": ({"act_function": "tanh"}, "tanh_1 = np.tanh(conv_1)"),
    "lenet": ({"lenet_seed": "62"}, "np.random.default_rng(62)"),
    "predictions": ({"predict_temperature": "2.0"}, "scaled = logits / 2"),
    "feature_maps": ({"maps_layer": "block2a_expand_relu"}, 'get_layer("block2a_expand_relu")'),
    "kernels": ({"network": "vgg16-edges"}, 'networks.load("vgg16-edges")'),
    "stepping": ({"step_stride": "2"}, "window = grid[2 * row : 2 * row + 3"),
    "votes": ({"votes_count": "1"}, "silenced = ["),
    "architecture": ({"arch_layer": "block2a_expand_relu"}, '"block2a_expand_relu").output'),
    "heatmaps": ({"heat_method": "layer-cam"}, "np.maximum(gradients, 0) * maps"),
    "occlusion": ({"occlusion_fill": "black"}, "covered[place] = 0"),
}


# What *Step by step* can do, and what its program says.
STEPS: dict[str, tuple[dict[str, Any], str]] = {
    "depthwise, then pointwise": (
        {"step_operation": "separable", "step_act": "pointwise", "step_channels": "3"},
        "result = depthwise @ mixing.T",
    ),
    "back to the kernel": ({"step_direction": "kernel"}, "result[i, j] = (met * gradient).sum()"),
    "back through pooling": (
        {"step_operation": "max", "step_direction": "input"},
        "window.argmax()",
    ),
    "a whole grid": ({"step_operation": "average", "step_whole": "true"}, "grid.mean(axis=(0, 1)"),
    "causal": ({"step_operation": "causal"}, "for dilation in [1"),
    "a batch": ({"step_operation": "batch"}, "variance = "),
    "there and back": ({"step_operation": "chain"}, "loss = pooled.sum()"),
}


def script(app: AppTest) -> str:
    """What the open drawer shows."""
    app.button(key="code").click().run()
    assert not app.exception
    assert not app.error
    (shown,) = app.code
    return str(shown.value)


@pytest.mark.parametrize("name", ["predictions", "heatmaps", "votes", "occlusion"])
def test_a_network_without_classes_has_no_program_and_no_other_page_s(name: str) -> None:
    app = opened("pooling", {"network": "vgg16-edges"})
    app.session_state["network"] = "vgg16-edges"
    app.switch_page(f"pages/{name}.py").run()
    app.button(key="code").click().run()
    assert not app.exception
    assert not app.code
    assert any("Choose a network" in one.value for one in app.info)


@pytest.mark.parametrize("name", PAGES)
def test_the_drawer_shows_a_program_of_the_present_settings_that_runs(name: str) -> None:
    asked, said = PAGES[name]
    app = opened(name, asked)
    assert not app.code
    shown = script(app)
    assert said in shown
    # It ends in a check of its shape and of a value of the page.
    assert "\nassert " in shown
    exec(shown, {})  # noqa: S102
    labels = [
        one.label for one in app.get("download_button") if (one.key or "").startswith("code ")
    ]
    assert labels == ["Save as a script", "Save as a notebook"]


@pytest.mark.parametrize("name", STEPS)
def test_whatever_is_done_step_by_step_has_a_program(name: str) -> None:
    asked, said = STEPS[name]
    shown = script(opened("stepping", asked))
    assert said in shown
    exec(shown, {})  # noqa: S102


def test_a_moved_slider_has_another_program() -> None:
    app = opened("pooling")
    assert "(5, 5)" in script(app)
    app.slider(key="pool_size").set_value(3).run()
    assert "(3, 3)" in script(app)


def test_nothing_is_made_before_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    make = convolution_files.program

    def counted(*given: Any, **named: Any) -> Any:
        made.append(1)
        return make(*given, **named)

    monkeypatch.setattr(convolution_files, "program", counted)
    app = opened("convolution")
    assert made == []
    script(app)
    assert made == [1]
