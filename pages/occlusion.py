"""Occlusion: cover a part of the picture, and watch what the network says."""

from pages.parts import (
    class_controls,
    code_drawer,
    layout,
    long_work,
    network_links,
    picker,
    presets,
    results,
)
from pages.parts.heatmaps.occlusion_controls import (
    ACROSS,
    BASELINE,
    DOWN,
    PATCH_CONTROLS,
    SIZE,
    choose_patch,
)
from pages.parts.heatmaps.occlusion_faithfulness import show_faithfulness
from pages.parts.heatmaps.occlusion_view import show_by_hand, show_sliding
from pages.parts.prediction_controls import choose_classifier
from pages.parts.presets import Preset
from pages.parts.references import show_references
from pages.parts.refusals import fragment
from pages.parts.texts import N_, _

CONTROLS = (*PATCH_CONTROLS, picker.PICTURE)
PRESETS = (
    Preset(
        N_("Cover nose and eye"),
        N_("The Egyptian cat falls from 65% to 47%, and still comes first."),
        {},
    ),
    Preset(
        N_("Cover the face"),
        N_("No eyes, no nose, no mouth: the network is as sure as before."),
        {DOWN: 50, ACROSS: 55, SIZE: 75},
    ),
    Preset(
        N_("Cover an ear"),
        N_("Blur one ear, and the network is surer: 86% instead of 65%."),
        {DOWN: 10, ACROSS: 80, BASELINE: "blur"},
    ),
    Preset(
        N_("Hide the rocket"),
        N_("Blur it, and the network calls the rest a drilling platform."),
        {picker.PICTURE: "rocket", DOWN: 30, ACROSS: 50, SIZE: 20, BASELINE: "blur"},
    ),
    Preset(
        N_("Out comes a Model T"),
        N_("A black square turns a motorcycle into a car from 1908."),
        {picker.PICTURE: "motorcycle", DOWN: 50, ACROSS: 40, SIZE: 30, BASELINE: "black"},
    ),
    Preset(
        N_("The patch is a thing, too"),
        N_("Put a small gray square among galaxies, and the network says “traffic light.”"),
        {picker.PICTURE: "hubble", DOWN: 90, ACROSS: 60, SIZE: 10},
    ),
)


@fragment
def occlusion() -> None:
    """Show what a moved control changes; what the patch changes is in parts of its own."""
    long_work.stop_all()
    left, right = layout.controls_and_pictures()
    picture = picker.current()
    theme = layout.page_theme()
    network = choose_classifier(
        left, right, _("As soon as the network is loaded, you can cover the picture here.")
    )
    if network is None:
        return
    with left:
        target, size, baseline = choose_patch(network, picture)
    name = class_controls.class_name(network, picture, target)
    with right:
        show_by_hand(network, picture, target, size, baseline, name)
        network_links.show_class(network, target, name, here="occlusion")
        show_sliding(network, picture, target, size, baseline, name)
        show_faithfulness(network, picture, target, name, theme)


layout.heading("occlusion")
presets.row(PRESETS, CONTROLS)
occlusion()
code_drawer.offer()
results.offer()
show_references("occlusion", "visualizing", "rise", "roar", "grad-cam++", "inpainting")
