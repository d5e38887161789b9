// @ts-check
/**
 * Heatmaps: their opacity and their threshold; the maps come from the server.
 *
 * @typedef {import("./layers.js").Maps} Maps
 * @typedef {import("./plans.js").Settings} Settings
 * @typedef {import("./plans.js").View} View
 * @typedef {import("./plans.js").Shown} Shown
 * @typedef {import("./render.js").Scale} Scale
 *
 * @typedef {[number, string][]} Channels those that contribute most to a value, and how much
 * @typedef {{
 *   reach: number, evidence: string, scale: Scale, strongest: Channels[][] | null,
 * }} HeatMap what the page says of a map
 * @typedef {{key: string, values: Maps, heat: ReturnType<typeof heatOf>}} Spread over the picture
 */
import { decoded, heatOf, overlay, stretched } from "./overlays.js";

/** @type {WeakMap<Maps, Spread>} What was made of each map: opacity and threshold leave it alone. */
const known = new WeakMap();

/**
 * @param {Maps} coded
 * @param {HeatMap} map
 * @param {Maps} picture
 * @param {number} last of the scale's colors
 * @returns {Spread}
 */
function spread(coded, map, picture, last) {
  const key = JSON.stringify([map, picture.height, picture.width]);
  const before = known.get(coded);
  if (before?.key === key) return before;
  const values = stretched(decoded(coded, map.reach, map.evidence), picture);
  const made = { key, values, heat: heatOf(values.planes[0], map.scale, last) };
  known.set(coded, made);
  return made;
}

/**
 * @param {Maps} picture with the maps beside it, in the order of the page's pictures
 * @param {Settings} said with `maps`, a `HeatMap` for each
 * @param {import("./plans.js").Ease} _ease
 * @param {import("./follow.js").Given} given
 * @returns {View | null}
 */
export function heatmaps(picture, said, _ease, { palettes, words }) {
  const coded = picture.others ?? [];
  /** @type {HeatMap[]} */
  const maps = said.maps;
  if (coded.length !== maps.length) return null;
  const { height, width } = picture;
  /** @type {Shown[]} */
  const shown = maps.map((map, place) => {
    const palette = palettes[map.scale.color_map];
    const { values, heat } = spread(coded[place], map, picture, palette.length - 1);
    return {
      place,
      maps: values,
      shape: [height, width, 1],
      // Values have two bytes each.
      isSampled: true,
      scale: map.scale,
      display: "single",
      index: 0,
      room: { height, width },
      factor: 1,
      // Opacity and threshold change no value.
      keepsFacts: true,
      draw: () => overlay(picture, heat, palette, said.heat_opacity / 100, said.heat_threshold / 100),
    };
  });
  /** @type {import("./plans.js").View["notes"]} */
  const notes = ({ place, shape }, cell) => {
    // Beside a single map stands the same one, as it is.
    const { strongest } = maps[place] ?? maps[0];
    return strongest ? contributions(strongest, shape, cell, words) : [];
  };
  return { shown, sizes: [], texts: {}, notes };
}

/**
 * Say what channels contribute most to the value of a map that lies at a pixel.
 *
 * @param {Channels[][]} strongest
 * @param {number[]} shape of the picture
 * @param {import("./cells.js").Cell} pixel
 * @param {import("./facts.js").Words} words
 */
function contributions(strongest, [height, width], pixel, words) {
  const row = Math.floor(((pixel.row + 0.5) / height) * strongest.length);
  const column = Math.floor(((pixel.column + 0.5) / width) * strongest[0].length);
  const named = strongest[row][column].map(([number, contribution]) =>
    words.contribution.replace("{number}", `${number}`).replace("{contribution}", contribution),
  );
  const where = words.contributions.replace("{row}", `${row + 1}`).replace("{column}", `${column + 1}`);
  return named.length ? [where, ...named] : [];
}
