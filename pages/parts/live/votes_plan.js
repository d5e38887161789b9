// @ts-check
/**
 * What a network says while channels are silenced: the server has tried every stop of the slider.
 *
 * @typedef {import("./layers.js").Maps} Maps
 * @typedef {import("./plans.js").Settings} Settings
 * @typedef {import("./plans.js").View} View
 *
 * @typedef {{name: string, before: number, isAsked: boolean}} Asked a class, its name as HTML
 * @typedef {{count: number, chances: [number, number][], text: string}} Stop of the slider: classes
 *     with their probabilities, and a sentence as HTML
 */
import { escaped, stretch } from "./bars.js";
import { floats, percent } from "./numbers.js";
import { heatOf, overlay, stretched } from "./overlays.js";

/**
 * As `pages/parts/change_bars.py` writes it.
 *
 * @param {Asked} asked
 * @param {number} after
 */
function row({ name, before, isAsked }, after) {
  const [was, now] = [before, after].map((one) => escaped(percent(one)));
  return (
    `<div class="change-row${isAsked ? " change-asked" : ""}"><span class="change-name">${name}</span>` +
    `<span class="change-chance">${was === now ? now : `${was} → ${now}`}</span>` +
    `<div class="change-track">${stretch("change-bar change-before", before)}` +
    `${stretch("change-bar change-after", after)}</div></div>`
  );
}

/**
 * @param {Maps} picture
 * @param {Settings} said with `stops`, all `classes` by their number, and for each stop the values
 *     of the map over the picture
 * @param {import("./plans.js").Ease} _ease
 * @param {import("./follow.js").Given} given
 * @returns {View | null}
 */
export function votes(picture, said, _ease, { palettes }) {
  const at = said.stops.findIndex((/** @type {Stop} */ one) => one.count === said.votes_count);
  if (at < 0) return null;
  /** @type {Stop} */
  const { chances, text } = said.stops[at];
  const [height, width] = said.heatShape;
  const plane = floats(said.heats).subarray(at * height * width, (at + 1) * height * width);
  const maps = { height, width, planes: [plane] };
  const size = { height: picture.height, width: picture.width };
  const palette = palettes[said.scale.color_map];
  const draw = () => {
    const heat = heatOf(stretched(maps, size).planes[0], said.scale, palette.length - 1);
    return overlay(picture, heat, palette, said.alpha, 0);
  };
  return {
    shown: [
      {
        place: 0,
        maps,
        shape: [height, width, 1],
        isSampled: false,
        scale: said.scale,
        display: "single",
        index: 0,
        room: size,
        factor: 1,
        layout: { columns: 1, tile: size, gap: 0, sheet: size, factor: 1, canvas: size, left: 0, top: 0 },
        draw,
      },
    ],
    sizes: [],
    texts: {
      ".change-rows": chances.map(([index, after]) => row(said.classes[index], after)).join(""),
      ".votes-silenced": text,
    },
  };
}
