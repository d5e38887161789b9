// @ts-check
/**
 * One place of a picture and what a kernel makes of it, as `pages/parts/layers/convolution_view.py`
 * shows it: frames, the kernel, the sum.
 *
 * @typedef {import("./layers.js").Maps} Maps
 * @typedef {import("./kernels.js").Kernels} Kernels
 * @typedef {import("./windows.js").Padding} Padding
 * @typedef {import("./follow.js").Given} Given
 * @typedef {{left: number, top: number, width: number, height: number}} Box in shares of a picture
 */
import { canvasOf } from "./canvas.js";
import { colorBar } from "./facts.js";
import { numberGrids } from "./number_grids.js";
import { colorize, composite, valueScale } from "./render.js";
import { metBy, sumFormula, windowValues } from "./sums.js";
import { padAmounts } from "./windows.js";

/** Between two pictures there is room for one grid of so many numbers a side, or three of so many. */
const MAX_NUMBERS = 5;
const MAX_NUMBERS_EACH = 3;
const LARGE_KERNEL_PIXELS = 150;

/**
 * The value of a result at a place in percent of the way, and where its window begins.
 *
 * @param {{height: number, width: number}} maps that the window slides over
 * @param {{height: number, width: number}} kernel
 * @param {{sides: [number, number], stride: number, padding: Padding, dilation: number}} sliding
 *     `sides` are those of the result
 * @param {[number, number]} place down and across
 */
export function windowAt(maps, kernel, sliding, [down, across]) {
  const [height, width] = sliding.sides;
  const row = Math.floor((down * (height - 1)) / 100);
  return windowOf(maps, kernel, sliding, [row, Math.floor((across * (width - 1)) / 100)]);
}

/**
 * A value of a result, and where its window begins: less than 0 where it reaches over the edge.
 *
 * @param {{height: number, width: number}} maps that the window slides over
 * @param {{height: number, width: number}} kernel
 * @param {{stride: number, padding: Padding, dilation: number}} sliding
 * @param {[number, number]} cell row and column of the result
 * @returns {{cell: [number, number], start: [number, number]}}
 */
export function windowOf(maps, kernel, { stride, padding, dilation }, cell) {
  const [above] = padAmounts(maps.height, kernel.height, stride, padding, dilation);
  const [before] = padAmounts(maps.width, kernel.width, stride, padding, dilation);
  return { cell, start: [cell[0] * stride - above, cell[1] * stride - before] };
}

/**
 * @param {[number, number]} start
 * @param {{height: number, width: number}} size
 * @param {{height: number, width: number}} whole
 * @returns {Box}
 */
export function shares([top, left], { height, width }, whole) {
  return {
    left: left / whole.width,
    top: top / whole.height,
    width: width / whole.width,
    height: height / whole.height,
  };
}

/** @param {Box} box */
export function frame(box) {
  const style = Object.entries(box)
    .map(([side, share]) => `${side}:${(100 * share).toFixed(3)}%`)
    .join(";");
  return `<div class="conv-box" style="${style}"></div>`;
}

/**
 * The kernel between two pictures: its numbers, or its colors where there is no room for them.
 *
 * @param {Kernels} kernels
 * @param {number[][]} weights of one filter, for each channel
 * @param {Given} given
 */
export function kernelBetween({ height, width }, weights, { words, palettes }) {
  const count = weights.length;
  const planes = weights.map((one) => Float32Array.from(one));
  if (Math.max(height, width) <= (count === 1 ? MAX_NUMBERS : MAX_NUMBERS_EACH)) {
    const scale = valueScale(planes);
    const grids = weights.map((values, channel) => ({
      title: count > 1 ? words.channels[channel] : "",
      width,
      values: count > 1 ? values.map((one) => Math.round(100 * one) / 100) : values,
    }));
    return numberGrids(grids, scale, palettes[scale.color_map]);
  }
  const reach = Math.max(...weights.flat().map(Math.abs)) || 1;
  /** @type {import("./render.js").Scale} */
  const scale = { low: -reach, high: reach, color_map: count === 3 ? "channels" : "diverging" };
  const maps = { height, width, planes };
  const image = count === 3 ? composite(maps, scale) : colorize(maps, 0, scale, palettes.diverging);
  const drawn = enlarged(canvasOf(image), Math.ceil(LARGE_KERNEL_PIXELS / width));
  return drawn + (count === 3 ? "" : colorBar(scale, words));
}

/** @param {HTMLCanvasElement} small @param {number} factor */
function enlarged(small, factor) {
  const canvas = document.createElement("canvas");
  canvas.width = factor * small.width;
  canvas.height = factor * small.height;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, canvas.width, canvas.height);
  return `<img class="cnnviz-inline" alt="" src="${canvas.toDataURL()}">`;
}

/**
 * The framed window's values times the weights, added up.
 *
 * @param {Maps} picture
 * @param {Kernels} kernels
 * @param {{cell: [number, number], start: [number, number]}} at
 * @param {number} dilation
 * @param {{index: number, laid: string, weights: number[][]}} filter
 * @param {Given} given
 */
export function sumAt(picture, kernels, { cell, start }, dilation, filter, { words }) {
  const { index, laid, weights } = filter;
  const values = metBy(windowValues(picture, kernels, start, dilation), index, laid);
  // Row by row, at each place channel by channel, as the core goes through them.
  /** @param {number[][]} channels */
  const interleaved = (channels) => channels[0].flatMap((_, at) => channels.map((one) => one[at]));
  const [left, result] = sumFormula(interleaved(weights), interleaved(values));
  const [row, column] = cell.map((one) => (one + 1).toLocaleString("en-US"));
  const where = words.place.replace("{row}", row).replace("{column}", column);
  const color = laid === "each_channel" ? `, ${words.channels[index].toLowerCase()}` : "";
  return `${where}${color}: <span>${left} <b>${result}</b></span>`;
}
