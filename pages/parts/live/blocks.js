// @ts-check
/**
 * A block of layers, convolution, activation and pooling, as fast as a hand moves a slider.
 *
 * @typedef {import("./layers.js").Maps} Maps
 * @typedef {import("./kernels.js").Kernels} Kernels
 * @typedef {import("./plans.js").Ease} Ease
 * @typedef {import("./windows.js").Padding} Padding
 *
 * @typedef {{
 *   filters: number, size: number, stride: number, padding: Padding, dilation: number,
 *   activation: string, slope: number,
 *   window: number, poolStride: number, poolPadding: Padding, mode: string,
 * }} Block its settings as far as there is room for them
 *
 * @typedef {{maps: Maps, isSampled: boolean}} Computed sampled where not all values were computed
 */
import { activate, convolve, pool } from "./layers.js";
import { windowOf } from "./places.js";
import { outputSize, span } from "./windows.js";

/** What an activation costs, and a comparison of pooling, in sums of a convolution. */
const ACTIVATION_COST = 10;
const COMPARISON_COST = 3;

/**
 * @param {Maps} before
 * @param {Block} block
 * @param {Kernels} kernels
 * @param {Ease} ease
 * @returns {Computed[]} after convolution, activation and pooling
 */
export function run(before, block, kernels, ease) {
  const { filters, size, stride, padding, dilation, window, poolStride, poolPadding } = block;
  const channels = before.planes.length;
  const sides = convolved(before, block);
  const cells = sides.height * sides.width * filters;
  const every = ease(cells * (size ** 2 * channels + ACTIVATION_COST));
  const some = convolve(before, kernels, { stride, padding, dilation, every });
  const convolution = spread(some, sides, every);
  const activation = spread(activate(some, block.activation, block.slope), sides, every);
  const stages = [convolution, activation].map((maps) => ({ maps, isSampled: every > 1 }));
  /** @param {number} side */
  const pooled = (side) => outputSize(side, window, poolStride, poolPadding);
  const left = { height: pooled(sides.height), width: pooled(sides.width) };
  const comparisons = left.height * left.width * filters * window ** 2;
  const everyPooled = ease(comparisons * COMPARISON_COST);
  const pooling = pool(activation, window, {
    stride: poolStride,
    padding: poolPadding,
    mode: block.mode,
    every: everyPooled,
  });
  const isSampled = every > 1 || everyPooled > 1;
  return [...stages, { maps: spread(pooling, left, everyPooled), isSampled }];
}

/**
 * The size of a block's maps before pooling.
 *
 * @param {{height: number, width: number}} before
 * @param {Block} block
 */
function convolved({ height, width }, { size, stride, padding, dilation }) {
  /** @param {number} side */
  const after = (side) => outputSize(side, size, stride, padding, dilation);
  return { height: after(height), width: after(width) };
}

/**
 * Let each of the values that were computed stand for those that were not.
 *
 * @param {Maps} maps every `every`-th value in both directions
 * @param {{height: number, width: number}} size of all
 * @param {number} every
 * @returns {Maps}
 */
function spread(maps, { height, width }, every) {
  if (every === 1) return maps;
  const planes = maps.planes.map((plane) => {
    const all = new Float32Array(height * width);
    for (let row = 0; row < height; row++) {
      const start = Math.floor(row / every) * maps.width;
      for (let column = 0; column < width; column++) {
        all[row * width + column] = plane[start + Math.floor(column / every)];
      }
    }
    return all;
  });
  return { height, width, planes };
}

/**
 * The part of what a layer gets that a value after it comes from.
 *
 * @param {Block} block
 * @param {{height: number, width: number}} input of the block
 * @param {number} layer 0 is the convolution, 1 the activation, 2 pooling
 * @param {import("./cells.js").Cell} cell
 * @returns {Omit<import("./cells.js").Part, "place">}
 */
export function originIn(block, input, layer, { row, column, index }) {
  const { size, stride, padding, dilation, window, poolStride, poolPadding } = block;
  if (layer === 1) return { start: [row, column], height: 1, width: 1, index };
  if (layer === 0) {
    const kernel = { height: size, width: size };
    const { start } = windowOf(input, kernel, { stride, padding, dilation }, [row, column]);
    const side = span(size, dilation);
    return { start, height: side, width: side };
  }
  const kernel = { height: window, width: window };
  const sliding = { stride: poolStride, padding: poolPadding, dilation: 1 };
  const { start } = windowOf(convolved(input, block), kernel, sliding, [row, column]);
  return { start, ...kernel, index };
}
