"""The picture with a patch on it that follows mouse and finger."""

import math
from typing import Any

import streamlit as st

from cnnviz_core.heatmaps.baselines import Baseline
from cnnviz_core.views.occlusion import Patch, baseline_background
from cnnviz_core.views.sharing import Picture, original
from pages.parts import controls, pictures
from pages.parts.heatmaps.occlusion_controls import ACROSS, DOWN
from pages.parts.texts import _

KEY = "occlusion_pad"

# It lies over the picture and draws the patch itself, at once; the server gets the place in whole
# percent, at most every 80 ms, the last one always. What the server answers moves the patch only
# if it is not behind the hand.
_mount: Any = st.components.v2.component(
    "cnnviz_occlusion_pad",
    html=(
        '<div class="occlusion-pad">'
        '<i class="occlusion-baseline"></i><i class="occlusion-frame"></i></div>'
    ),
    js="""
const PAUSE = 80, PATIENCE = 3000;

export default function ({ data, parentElement, setTriggerValue }) {
  const pad = parentElement.querySelector(".occlusion-pad");
  const [baseline, frame] = pad.children;
  const hand = (pad.hand ??= { at: 0 });
  hand.data = data;

  const draw = () => {
    const { height, width, size } = hand.data, half = Math.floor(size / 2);
    const top = Math.floor(hand.down * (height - 1) / 100 + 0.5) - half;
    const left = Math.floor(hand.across * (width - 1) / 100 + 0.5) - half;
    const inset = [
      top / height, (width - left - size) / width, (height - top - size) / height, left / width,
    ].map((share) => 100 * Math.max(share, 0) + "%").join(" ");
    baseline.style.background = hand.data.baseline;
    baseline.style.clipPath = `inset(${inset})`;
    frame.style.inset = inset;
  };
  const isAt = (place) => place.down === hand.down && place.across === hand.across;
  const send = () => {
    if (isAt(hand.sent ?? hand.data)) return;
    hand.sent = { down: hand.down, across: hand.across };
    hand.at = performance.now();
    setTriggerValue("place", hand.sent);
  };
  // However far out the hand is, the whole patch stays on the picture.
  const percent = (part, length) => {
    const { size } = hand.data, half = Math.floor(size / 2), last = Math.max(length - 1, 1);
    const low = Math.ceil(100 * half / last);
    const high = Math.floor(100 * (length - size + half) / last);
    return Math.min(Math.max(Math.round(100 * part), low), high);
  };
  const follow = (event) => {
    const box = pad.getBoundingClientRect();
    hand.down = percent((event.clientY - box.y) / box.height, hand.data.height);
    hand.across = percent((event.clientX - box.x) / box.width, hand.data.width);
    draw();
    clearTimeout(hand.next);
    hand.next = setTimeout(send, Math.max(0, hand.at + PAUSE - performance.now()));
  };
  const obey = () => {
    hand.sent = null;
    if (!hand.isDown) ({ down: hand.down, across: hand.across } = hand.data);
    draw();
  };

  clearTimeout(hand.late);
  const isBehind = hand.sent
    && (hand.sent.down !== data.down || hand.sent.across !== data.across);
  if (isBehind) {
    hand.late = setTimeout(obey, PATIENCE);
    draw();
  } else obey();

  pad.onpointerdown = (event) => {
    if (event.button) return;
    event.preventDefault();
    pad.setPointerCapture(event.pointerId);
    hand.isDown = true;
    follow(event);
  };
  pad.onpointermove = (event) => { if (hand.isDown) follow(event); };
  pad.onpointerup = pad.onpointercancel = pad.onlostpointercapture = () => { hand.isDown = false; };
}
""",
    isolate_styles=False,
)


def show_pad(picture: Picture, patch: Patch, down: int, across: int, baseline: Baseline) -> None:
    """Show the picture, and the patch over it."""
    height, width = picture.pixels.shape[:2]
    with st.container(key="occlusion-stage", gap=None):
        pictures.image(original(picture), alt=_("The picture; a patch covers a part of it"))
        _mount(
            data={
                "height": height,
                "width": width,
                "size": patch.size,
                "down": down,
                "across": across,
                "baseline": baseline_background(picture, baseline),
            },
            key=KEY,
            on_place_change=_follow,
        )


def _follow() -> None:
    """Move the sliders to where the hand is."""
    place = st.session_state[KEY].place
    if not isinstance(place, dict):
        return
    for control, name in ((DOWN, "down"), (ACROSS, "across")):
        percent: Any = place.get(name)
        # What comes from a browser may be anything.
        if type(percent) is int or (type(percent) is float and math.isfinite(percent)):
            controls.say(control, min(max(round(percent), control.low), control.high))
