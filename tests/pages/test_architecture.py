"""The architecture page: what it shows, whatever its controls say."""

from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnnviz_core import networks
from cnnviz_core.arrays import ByteArray, FloatArray
from cnnviz_core.images import sample
from cnnviz_core.inspection import effective_fields
from cnnviz_core.networks import Network, from_keras
from cnnviz_core.runtime.jobs import work_on
from cnnviz_core.views.architecture import effective_field_job, receptive_field
from cnnviz_core.views.sharing import Picture, sample_picture
from pages.parts import controls
from pages.parts.inspection import architecture_controls, architecture_view, network_drawing
from pages.parts.picker import OWN_KEY, OWN_NAME
from tests.pages.visits import opened

# What the presets promise: the field, and the formula that leads there.
PRESETS = {
    "A few pixels": ("3 × 3", r"1 + (3 - 1)\cdot 1 = \mathbf{3}"),
    "An eye": ("40 × 40", r"32 + (3 - 1)\cdot 4 = \mathbf{40}"),
    "Almost all": ("196 × 196", r"164 + (3 - 1)\cdot 16 = \mathbf{196}"),
    "Beyond the picture": ("851 × 851", ""),
    "After LeNet-5": ("14 × 14", r"6 + (5 - 1)\cdot 2 = \mathbf{14}"),
}


@pytest.fixture
def page() -> AppTest:
    return opened("architecture")


def press(page: AppTest, label: str) -> AppTest:
    return page.button(key=f"preset {label}").click().run()


def written(page: AppTest) -> str:
    return "\n".join(one.value for one in page.markdown)


def shapes(page: AppTest) -> list[str]:
    marker = '<span class="cnnviz-shape">'
    return [
        one.proto.body.split(marker)[1].split("</span>")[0]
        for one in page.get("html")
        if marker in one.proto.body
    ]


def table(page: AppTest) -> list[str]:
    return list(page.dataframe[0].value.iloc[:, 0])


def test_the_first_visit_shows_the_cats_eye(page: AppTest) -> None:
    assert not page.exception
    assert shapes(page) == ["320 × 400 × 3", "51 × 63 × 3"]
    assert "**35 × 35**" in written(page)
    assert [one.value for one in page.metric] == ["4.69 million", "385 million", "18.8 MB"]
    assert len(table(page)) == 142


@pytest.mark.parametrize("label", PRESETS)
def test_a_preset_shows_the_field_that_it_promises(page: AppTest, label: str) -> None:
    size, formula = PRESETS[label]
    press(page, label)
    assert not page.exception
    assert f"**{size}**" in written(page)
    assert formula in written(page)


def test_a_preset_undoes_the_one_before(page: AppTest) -> None:
    press(page, "An eye")
    press(page, "Beyond the picture")
    assert "**head_relu**" in written(page)
    assert len(table(page)) == 142


def test_a_network_without_the_chosen_layer_starts_at_its_own(page: AppTest) -> None:
    for key in ("vgg16-edges", "lenet-5", "lenet-cat", "efficientnet-lite0"):
        page.selectbox(key="network").set_value(key).run()
        assert not page.exception
        names = [layer.name for layer in networks.load(key).layers]
        assert page.select_slider(key="arch_layer").value in names
        assert table(page) == names


def test_every_control_can_be_moved_to_both_ends(page: AppTest) -> None:
    press(page, "After LeNet-5")
    for key in ("arch_down", "arch_across"):
        for end in (0, 100):
            page.slider(key=key).set_value(end).run()
            assert not page.exception, (key, end)
    for layer in networks.load("lenet-5").layers:
        page.select_slider(key="arch_layer").set_value(layer.name).run()
        assert not page.exception, layer.name
        assert f"**{layer.name}**" in written(page)


def test_a_layer_without_places_has_no_place_to_choose(page: AppTest) -> None:
    press(page, "After LeNet-5")
    page.select_slider(key="arch_layer").set_value("hidden1").run()
    assert {one.key for one in page.slider} == set()
    assert "depends on the whole input of 32 × 32" in written(page)


def test_what_lies_outside_the_picture_is_said(page: AppTest) -> None:
    press(page, "Beyond the picture")
    assert "93.1% of that field lies beyond the edges of the picture" in written(page)
    assert "each layer on the way pads its own maps" in written(page)
    press(page, "An eye")
    assert "beyond the edges" not in written(page)


def test_the_neighbors_field_is_shifted_by_one_pixel_or_by_several(page: AppTest) -> None:
    press(page, "A few pixels")
    assert "The neighboring unit's field is as large, shifted by 1 pixel." in written(page)
    press(page, "An eye")
    assert "as large, shifted by 4 pixels." in written(page)


def test_the_layer_is_explained(page: AppTest) -> None:
    assert "Block 3 of 7, unit 1 of 2: depthwise convolution." in written(page)


def test_measuring_starts_from_its_button_alone(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: list[str] = []
    measure = effective_fields.effective_field

    def watched(network: Network, pixels: ByteArray, layer: str, *unit: int) -> FloatArray:
        measured.append(layer)
        return measure(network, pixels, layer, *unit)

    monkeypatch.setattr(effective_fields, "effective_field", watched)
    press(page, "After LeNet-5")
    assert "arch_measure" not in {one.key for one in page.button}
    page.session_state["arch_effective"] = True
    page.run()
    assert measured == []
    page.button(key="arch_measure").click().run()
    assert not page.exception
    (bar,) = page.get("progress")
    assert bar.proto.text == "Measuring"
    job = page.session_state["long work"]["effective field"].made
    work_on([job])
    page.run()
    assert not page.get("progress")
    assert measured == ["conv2"]
    assert "of 196**" in written(page)
    page.select_slider(key="arch_layer").set_value("conv1").run()
    assert measured == ["conv2"]
    assert "of 196**" not in written(page)


def test_a_click_on_a_box_or_a_row_chooses_its_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, object] = {
        network_drawing.KEY: SimpleNamespace(layer="conv1"),
        architecture_view.TABLE: SimpleNamespace(selection=SimpleNamespace(rows=[1])),
    }
    stand_in = SimpleNamespace(session_state=state)
    for module in (controls, network_drawing, architecture_view):
        monkeypatch.setattr(module, "st", stand_in)
    network_drawing._follow()
    assert state[architecture_controls.LAYER.key] == "conv1"
    architecture_view._follow(["conv1", "pool1"])()
    assert state[architecture_controls.LAYER.key] == "pool1"


def small(*layers: object) -> Network:
    import keras

    model = keras.Sequential([keras.Input((9, 9, 3)), *layers])
    return from_keras(model, title=f"small {layers}")


@pytest.mark.parametrize("place", [(0, 0), (38, 50), (100, 100)])
def test_the_part_shown_is_what_the_unit_sees(place: tuple[int, int]) -> None:
    down, across = place
    network = networks.load("vgg16-edges")
    picture = sample_picture("cat")
    view = receptive_field(network, picture, "block2_pool", down=down, across=across)
    assert (view.row, view.column) == (round(down * 0.55), round(across * 0.55))
    assert view.size == (16, 16)
    assert view.seen is not None
    # A 16×16 field of 224×224 takes 22.9 × 28.6 of 320×400 pixels, cut at the edges.
    assert view.seen.shape[0] <= 24
    assert (view.outside > 0) == (place != (38, 50))


def test_a_unit_in_the_padding_sees_nothing() -> None:
    import keras

    network = small(keras.layers.ZeroPadding2D(4))
    view = receptive_field(network, sample_picture("cat"), network.layers[0].name, down=0, across=0)
    assert view.seen is None
    assert view.outside == 1


def test_a_field_that_is_not_known_is_not_drawn() -> None:
    import keras

    network = small(keras.layers.LayerNormalization(axis=(1, 2, 3)), keras.layers.ReLU())
    view = receptive_field(network, sample_picture("cat"), network.layers[1].name, down=0, across=0)
    assert view.size is None
    assert view.seen is None
    assert view.size_formula is None


def test_the_heat_is_as_large_as_the_picture() -> None:
    network = networks.load("lenet-5")
    job = effective_field_job(network, sample_picture("cat"), "conv1", down=50, across=50)
    work_on([job])
    view = job.state
    assert view is not None
    assert job.is_finished
    assert view.heat.shape == (32, 32)
    assert view.num_seen <= 25
    assert 0 < view.num_most <= view.num_seen


def test_a_picture_smaller_than_the_input_is_framed(page: AppTest) -> None:
    page.session_state[OWN_KEY] = Picture("tiny", np.ascontiguousarray(sample("cat")[:6, :8]))
    page.run()
    page.radio(key="picture").set_value(OWN_NAME).run()
    for label in PRESETS:
        press(page, label)
        assert not page.exception, label
    assert shapes(page)[0] == "6 × 8 × 3"
