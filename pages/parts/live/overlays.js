// @ts-check
/**
 * Maps over pictures, as `cnnviz_core/heatmaps/overlays.py` has them.
 *
 * @typedef {import("./layers.js").Maps} Maps
 * @typedef {import("./render.js").Scale} Scale
 * @typedef {import("./render.js").Palette} Palette
 * @typedef {{height: number, width: number}} Size
 */
import { levels } from "./render.js";
import { averaged } from "./stages.js";

/** Where a coded value is zero; one more is a part in so many of the largest. */
const ZERO = 32768;
const PARTS = 32767;

/** @type {Record<string, (value: number) => number>} What counts of a value. */
const SIDES = {
  for: (value) => Math.max(value, 0),
  against: (value) => Math.max(-value, 0),
  both: (value) => value,
};

/**
 * Read one side of a map from the two bytes that each value has in red and green.
 *
 * @param {Maps} coded
 * @param {number} reach the largest value without its sign
 * @param {string} evidence "for", "against" or "both"
 * @returns {Maps}
 */
export function decoded({ height, width, planes: [high, low] }, reach, evidence) {
  const plane = high.map((byte, at) => SIDES[evidence](((256 * byte + low[at] - ZERO) / PARTS) * reach));
  return { height, width, planes: [plane] };
}

/**
 * Bring a map to the size of a picture, as `cnnviz_core/images.py` does.
 *
 * @param {Maps} maps
 * @param {Size} size
 * @returns {Maps}
 */
export function stretched(maps, { height, width }) {
  if (height <= maps.height && width <= maps.width) return averaged(maps, { height, width });
  const rows = between(maps.height, height);
  const columns = between(maps.width, width);
  const planes = maps.planes.map((plane) => {
    const larger = new Float32Array(height * width);
    rows.forEach(([top, bottom, down], row) => {
      const above = plane.subarray(top * maps.width, (top + 1) * maps.width);
      const below = plane.subarray(bottom * maps.width, (bottom + 1) * maps.width);
      for (let column = 0; column < width; column++) {
        const [left, right, across] = columns[column];
        const upper = mixed(above[left], above[right], across);
        const lower = mixed(below[left], below[right], across);
        larger[row * width + column] = mixed(upper, lower, down);
      }
    });
    return larger;
  });
  return { height, width, planes };
}

/** @param {number} one @param {number} other @param {number} share of the other */
const mixed = (one, other, share) => one * (1 - share) + other * share;

/**
 * Between which two cells of one axis those of another lie: the centers of both are aligned.
 *
 * @param {number} from
 * @param {number} to
 * @returns {[number, number, number][]} two cells, and the share of the second
 */
function between(from, to) {
  return Array.from({ length: to }, (_, index) => {
    const place = Math.min(Math.max(((index + 0.5) * from) / to - 0.5, 0), from - 1);
    const cell = Math.floor(place);
    return [cell, Math.min(cell + 1, from - 1), place - cell];
  });
}

/**
 * Where a map's values lie on a scale, from −1 or 0 to 1, and which color each has.
 *
 * @param {Float32Array} values
 * @param {Scale} scale
 * @param {number} last of its colors
 */
export function heatOf(values, scale, last) {
  const low = scale.low / scale.high;
  const heat = values.map((value) => Math.min(Math.max(value / Math.fround(scale.high), low), 1));
  return { heat, colors: levels(heat, { ...scale, low, high: 1 }, last) };
}

/**
 * Lay a map's colors over a picture, as strongly everywhere but below a threshold.
 *
 * @param {Maps} picture
 * @param {ReturnType<typeof heatOf>} map
 * @param {Palette} palette
 * @param {number} alpha 0 is the picture alone, 1 the colors alone
 * @param {number} threshold from 0 to 1
 */
export function overlay({ height, width, planes }, { heat, colors }, palette, alpha, threshold) {
  const image = new ImageData(width, height);
  const bytes = image.data.fill(255);
  const least = Math.fround(threshold);
  planes.forEach((plane, channel) => {
    const shares = palette.map((color) => alpha * color[channel]);
    for (let at = 0; at < plane.length; at++) {
      const isLow = Math.abs(heat[at]) < least;
      bytes[4 * at + channel] = isLow ? plane[at] : (1 - alpha) * plane[at] + shares[colors[at]];
    }
  });
  return image;
}
