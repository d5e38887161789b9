// @ts-check
/**
 * What stands under a picture, as `pages/parts/pictures.py` and `formulas.py` write it.
 *
 * @typedef {import("./layers.js").Maps} Maps
 * @typedef {import("./render.js").Scale} Scale
 * @typedef {import("./windows.js").Padding} Padding
 */
import { halfToEven, shortNumber } from "./numbers.js";
import { valueRange } from "./render.js";
import { outputSize, padAmounts } from "./windows.js";

/**
 * The words in the visitor's language, and the colors along each scale.
 *
 * @typedef {{
 *   values: string, black: string, gray: string, place: string, filter: string,
 *   cell: string, map: string, pinch: string, wheel: string,
 *   parameters: string, noParameters: string, contributions: string, contribution: string,
 *   letters: string[], channels: string[], gradients: Record<string, string[][]>,
 * }} Words
 */

/** How near to an end of a color bar zero has no room for a number of its own. */
const ZERO_MARGIN = 0.15;

/** @param {[number, number]} range */
const between = ([low, high]) => `${shortNumber(low)} … ${shortNumber(high)}`;

/** @param {string[]} colors */
const bar = (colors) =>
  `<div class="cnnviz-bar" style="background:linear-gradient(to right, ${colors.join(", ")})"></div>`;

/** @param {string[]} marks */
const row = (marks) => `<div class="cnnviz-marks">${marks.join("")}</div>`;

/** @param {number} value */
const mark = (value) => `<span>${shortNumber(value)}</span>`;

/**
 * Color bars with their numbers, the shape, and the extremes.
 *
 * @param {{maps: Maps, shape: number[], isSampled: boolean, range?: [number, number]}} shown
 *     `isSampled` where not all values were computed: the extremes are about right, unless the
 *     `range` is known.
 * @param {Scale} scale
 * @param {Words} words
 */
export function facts({ maps, shape, isSampled, range }, scale, words) {
  const shown = `<span class="cnnviz-shape">${shape.join(" × ")}</span>`;
  const about = isSampled && !range ? "≈ " : "";
  let bars;
  let note;
  if (scale.color_map === "channels") {
    bars = channelBars(maps, scale, words, about);
    note = zero(scale, words);
  } else {
    bars = colorBar(scale, words);
    note = words.values.replace("{range}", about + between(range ?? valueRange(maps.planes)));
  }
  return `${bars}${shown} <span class="cnnviz-range">${note}</span>`;
}

/**
 * The colors from low to high with three numbers below them.
 *
 * @param {Scale} scale
 * @param {Words} words
 */
export function colorBar(scale, words) {
  const middle = scale.low * 0.5 + scale.high * 0.5;
  const marks = [scale.low, middle, scale.high].map(mark);
  return bar(words.gradients[scale.color_map][0]) + row(marks);
}

/** @param {Maps} maps @param {Scale} scale @param {Words} words @param {string} about */
function channelBars(maps, scale, words, about) {
  const rows = words.letters.map((letter, channel) => {
    const own = about + between(valueRange([maps.planes[channel]]));
    return `<b>${letter}</b>${bar(words.gradients.channels[channel])}<span>${own}</span>`;
  });
  const marks = [mark(scale.low), mark(scale.high)];
  const share = -scale.low / (scale.high - scale.low);
  if (ZERO_MARGIN < share && share < 1 - ZERO_MARGIN) {
    const left = `left:${(halfToEven(1000 * share) / 10).toFixed(1)}%`;
    marks.splice(1, 0, `<span class="cnnviz-zero" style="${left}">0</span>`);
  }
  return `<div class="cnnviz-channels">${rows.join("")}${row(marks)}</div>`;
}

/** @param {Scale} scale @param {Words} words */
function zero(scale, words) {
  if (scale.low === 0 && scale.high === 255) return "";
  if (scale.low === 0) return words.black;
  return scale.low === -scale.high ? words.gray : "";
}

/**
 * How the size of one side comes about: the text before the result, and the result.
 *
 * @param {number} size
 * @param {number} kernel
 * @param {number} stride
 * @param {Padding} padding
 * @param {number} dilation
 * @returns {[string, number]}
 */
export function sizeFormula(size, kernel, stride, padding, dilation = 1) {
  const result = outputSize(size, kernel, stride, padding, dilation);
  if (padding === "same") return [`⌈${size} / ${stride}⌉`, result];
  const [before] = padAmounts(size, kernel, stride, padding, dilation);
  const window = dilation === 1 ? kernel : `(${dilation}·(${kernel} − 1) + 1)`;
  return [`⌊(${size} + 2·${before} − ${window}) / ${stride}⌋ + 1`, result];
}
