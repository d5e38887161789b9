// @ts-check
/**
 * What one filter does at one place, as `cnnviz_core/layers/window_sums.py` writes it.
 *
 * @typedef {import("./layers.js").Maps} Maps
 * @typedef {import("./kernels.js").Kernels} Kernels
 */
import { shortNumber } from "./numbers.js";

/** More terms than these do not fit on two lines of a page. */
const MAX_TERMS = 6;

/** Of the largest number that is added up: what is left of rounding. */
const RESIDUE = 1e-6;

/** @param {number} value */
const signed = (value) => `${value < 0 ? "−" : "+"} ${shortNumber(Math.abs(value))}`;

/**
 * Tell whether the number that is written is another one.
 *
 * @param {number} value
 */
function isRounded(value) {
  const size = Math.abs(value);
  const written = size >= 100 && size < 1e9 ? Math.round(value) : Number(value.toPrecision(3));
  return Math.abs(written - value) > 1e-6 * Math.max(Math.abs(written), size);
}

/**
 * How one value of a feature map comes about: what stands before the result, and the result.
 *
 * Terms with a weight of zero are left out. Of many, the largest are written, in their order, and
 * what the others come to together.
 *
 * @param {number[]} weights
 * @param {number[]} values as many
 * @returns {[string, string]}
 */
export function sumFormula(weights, values) {
  const terms = weights
    .map((weight, at) => ({ weight, value: values[at], product: weight * values[at], at }))
    .filter(({ weight }) => weight);
  const ranked = [...terms].sort((a, b) => Math.abs(b.product) - Math.abs(a.product));
  const shown = ranked.slice(0, MAX_TERMS).sort((a, b) => a.at - b.at);
  const rest = total(ranked.slice(MAX_TERMS).map(({ product }) => product));
  const sum = total(terms.map(({ product }) => product));
  const written = shown.map(
    ({ weight, value }) =>
      `${signed(weight)}·${value < 0 ? `(${shortNumber(value)})` : shortNumber(value)}`,
  );
  if (terms.length > shown.length) {
    written.push(`${signed(rest)} (from ${terms.length - shown.length} others)`);
  }
  const numbers = [...shown.flatMap(({ weight, value }) => [weight, value]), rest, sum];
  const left = written.join(" ").replace(/^\+ /, "").replace(/^− /, "−") || "0";
  return [`${left} ${numbers.some(isRounded) ? "≈" : "="}`, shortNumber(sum)];
}

/** @param {number[]} products */
function total(products) {
  const sum = products.reduce((added, one) => added + one, 0);
  const size = products.reduce((added, one) => added + Math.abs(one), 0);
  return Math.abs(sum) > RESIDUE * size ? sum : 0;
}

/**
 * Cut out the values under a kernel's weights, channel by channel; zero where padding is.
 *
 * @param {Maps} maps
 * @param {{height: number, width: number}} kernel
 * @param {[number, number]} start row and column of the first weight, less than 0 over the edge
 * @param {number} dilation
 * @returns {number[][]} for each channel, row by row
 */
export function windowValues(maps, kernel, [top, left], dilation) {
  return maps.planes.map((plane) => {
    const values = [];
    for (let y = 0; y < kernel.height; y++) {
      for (let x = 0; x < kernel.width; x++) {
        const row = top + y * dilation;
        const column = left + x * dilation;
        const isInside = row >= 0 && row < maps.height && column >= 0 && column < maps.width;
        values.push(isInside ? plane[row * maps.width + column] : 0);
      }
    }
    return values;
  });
}

/**
 * The weights of one filter, as they are thought of: all channels of a random kernel, or one grid.
 *
 * @param {Kernels} kernels
 * @param {number} index of the filter
 * @param {string} laid "random", "each_channel" or "brightness"
 * @returns {number[][]} for each channel, row by row
 */
export function oneFilter(kernels, index, laid) {
  const cells = kernels.height * kernels.width;
  /** @param {number} channel @param {number} factor */
  const grid = (channel, factor) =>
    Array.from({ length: cells }, (_, cell) => {
      const at = (cell * kernels.channels + channel) * kernels.filters + index;
      return Math.fround(kernels.weights[at] * factor);
    });
  if (laid === "each_channel") return [grid(index, 1)];
  if (laid === "brightness") return [grid(0, kernels.channels)];
  return [...Array(kernels.channels).keys()].map((channel) => grid(channel, 1));
}

/**
 * The values that such weights meet.
 *
 * @param {number[][]} values for each channel of the picture
 * @param {number} index of the filter
 * @param {string} laid
 */
export function metBy(values, index, laid) {
  if (laid === "each_channel") return [values[index]];
  if (laid !== "brightness") return values;
  return [values[0].map((_, at) => values.reduce((sum, one) => sum + one[at], 0) / values.length)];
}
