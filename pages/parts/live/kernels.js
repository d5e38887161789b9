// @ts-check
/** Where kernels come from, as `cnnviz_core/layers/kernels.py` and `named_kernels.py` have it. */
import { uniform } from "./random.js";

/**
 * Weights (height, width, channels, filters), the last axis fastest.
 *
 * @typedef {{height: number, width: number, channels: number, filters: number, weights: Float32Array}} Kernels
 */

/** @typedef {number[][]} Grid */

/** As many as one page has layers with kernels of their own. */
const MOST_SEEDS = 2;

/** @type {Map<number, Float32Array>} What was drawn last: the next size begins alike. */
const drawn = new Map();

/** @param {number} seed @param {number} count @returns {Float32Array} so many at least */
function numbersOf(seed, count) {
  let numbers = drawn.get(seed);
  if (!numbers || numbers.length < count) numbers = uniform(seed, Math.max(2 * count, 4096));
  drawn.delete(seed);
  drawn.set(seed, numbers);
  for (const oldest of [...drawn.keys()].slice(0, -MOST_SEEDS)) drawn.delete(oldest);
  return numbers;
}

/**
 * Draw kernels as an untrained layer has them: Glorot and Bengio, 2010, equation 16.
 *
 * @param {number} size
 * @param {number} filters
 * @param {number} channels
 * @param {number} seed
 * @param {number} groups of the channels, each with filters of its own
 * @returns {Kernels}
 */
export function randomKernels(size, filters, channels, seed, groups = 1) {
  const read = channels / groups;
  const cells = size * size * read;
  const numbers = numbersOf(seed, cells * filters);
  const limit = Math.fround(Math.sqrt(6 / (size * size * (read + filters))));
  const weights = new Float32Array(size * size * channels * filters);
  for (let filter = 0; filter < filters; filter++) {
    const first = Math.floor((filter * groups) / filters) * read;
    for (let cell = 0; cell < cells; cell++) {
      const pattern = 2 * numbers[filter * cells + cell] - 1;
      const at = Math.floor(cell / read) * channels + first + (cell % read);
      weights[at * filters + filter] = Math.fround(pattern) * limit;
    }
  }
  return { height: size, width: size, channels, filters, weights };
}

/**
 * Lay one kernel over every channel on its own, or over the mean of all.
 *
 * @param {Grid} grid
 * @param {string} colors "each_channel" or "brightness"
 * @param {number} channels
 * @returns {Kernels}
 */
export function layOver(grid, colors, channels) {
  const height = grid.length;
  const width = grid[0].length;
  const filters = colors === "each_channel" ? channels : 1;
  const weights = new Float32Array(height * width * channels * filters);
  grid.forEach((row, y) =>
    row.forEach((weight, x) => {
      for (let channel = 0; channel < channels; channel++) {
        const at = ((y * width + x) * channels + channel) * filters;
        if (filters === 1) weights[at] = Math.fround(weight) / channels;
        else weights[at + channel] = weight;
      }
    }),
  );
  return { height, width, channels, filters, weights };
}

/**
 * Make a grid from what stands at each row and column, counted from the center.
 *
 * @param {number} size
 * @param {(row: number, column: number) => number} at
 * @returns {Grid}
 */
function gridOf(size, at) {
  const middle = (size - 1) / 2;
  const places = Array.from({ length: size }, (_, index) => index - middle);
  return places.map((row) => places.map((column) => at(row, column)));
}

/** @param {Grid} grid @param {(value: number) => number} counted */
const total = (grid, counted = (value) => value) =>
  grid.flat().reduce((sum, value) => sum + counted(value), 0);

/** @param {Grid} grid @param {number} factor */
const times = (grid, factor) => grid.map((row) => row.map((value) => value * factor));

/** @param {Grid} one @param {Grid} other @param {number} factor */
const plus = (one, other, factor) =>
  one.map((row, y) => row.map((value, x) => value + factor * other[y][x]));

/** As OpenCV's `getGaussianKernel`. @param {number} size */
const sigma = (size) => 0.3 * ((size - 1) * 0.5 - 1) + 0.8;

/** @param {number} size @returns {number[]} */
function binomial(size) {
  let row = [1];
  while (row.length < size) row = [...row, 0].map((value, at) => value + (row[at - 1] ?? 0));
  return row;
}

/** @param {number} size @returns {Grid} */
function identity(size) {
  const middle = Math.floor((size - 1) / 2);
  const places = [...Array(size).keys()];
  return places.map((row) => places.map((column) => Number(row === middle && column === middle)));
}

/** @param {number} size @returns {Grid} */
function laplacian(size) {
  if (size === 3) return [[0, 1, 0], [1, -4, 1], [0, 1, 0]]; // prettier-ignore
  const grid = gridOf(size, (row, column) => {
    const distance = (row ** 2 + column ** 2) / (2 * sigma(size) ** 2);
    return (distance - 1) * Math.exp(-distance);
  });
  const mean = total(grid) / size ** 2;
  const middle = (size - 1) / 2;
  const factor = -4 / (grid[middle][middle] - mean);
  return grid.map((row) => row.map((value) => (value - mean) * factor));
}

/** @param {number} size @returns {Grid} */
function sobel(size) {
  const steps = binomial(size - 2);
  const slope = [...Array(size).keys()].map((at) => (steps[at - 2] ?? 0) - (steps[at] ?? 0));
  const grid = binomial(size).map((smooth) => slope.map((value) => smooth * value));
  return times(grid, 4 / total(grid, (value) => Math.max(value, 0)));
}

/** @param {number} size @param {number} angle in radians @returns {Grid} */
function motionBlur(size, angle) {
  const grid = gridOf(size, (row, column) => {
    const across = Math.abs(row * Math.cos(angle) + column * Math.sin(angle));
    const along = Math.abs(column * Math.cos(angle) - row * Math.sin(angle));
    return Math.max(1 - across, 0) * Math.min(Math.max((size + 1) / 2 - along, 0), 1);
  });
  return times(grid, 1 / total(grid));
}

/** Daugman, 1985. @param {number} size @param {number} angle in radians @returns {Grid} */
function gabor(size, angle) {
  const envelope = gridOf(size, (row, column) =>
    Math.exp(-(row ** 2 + column ** 2) / (2 * (size / 5) ** 2)),
  );
  const middle = (size - 1) / 2;
  const wave = envelope.map((line, y) =>
    line.map((value, x) => {
      const across = (y - middle) * Math.cos(angle) + (x - middle) * Math.sin(angle);
      return value * Math.cos((2 * Math.PI * across) / (size / 2));
    }),
  );
  const grid = plus(wave, envelope, -total(wave) / total(envelope));
  return times(grid, 1 / total(grid, Math.abs));
}

/** @type {Record<string, (size: number, angle: number) => Grid>} */
const MAKERS = {
  identity,
  box_blur: (size) => gridOf(size, () => 1 / size ** 2),
  gaussian_blur: (size) => {
    const grid = gridOf(size, (row, column) =>
      Math.exp(-(row ** 2 + column ** 2) / (2 * sigma(size) ** 2)),
    );
    return times(grid, 1 / total(grid));
  },
  motion_blur: motionBlur,
  sharpen: (size) => plus(identity(size), laplacian(size), -1),
  sobel_x: sobel,
  sobel_y: (size) => sobel(size).map((row, y, grid) => row.map((_, x) => grid[x][y])),
  laplacian,
  emboss: (size) =>
    plus(gridOf(size, (row, column) => ((row + column) * 2) / (size - 1)), identity(size), 1),
  gabor,
};

/**
 * Make the kernel that does to a picture what its name says.
 *
 * @param {string} name
 * @param {number} size
 * @param {number} angle in degrees
 * @returns {Grid}
 */
export function namedKernel(name, size, angle) {
  return MAKERS[name](size, (angle * Math.PI) / 180);
}
