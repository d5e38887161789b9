// @ts-check
/**
 * Convolution, activation and pooling, as `cnnviz_core/layers` has them.
 *
 * @typedef {import("./windows.js").Padding} Padding
 * @typedef {import("./kernels.js").Kernels} Kernels
 */
import { outputSize, padAmounts } from "./windows.js";

/**
 * Feature maps: a plane for each channel, row by row.
 *
 * @typedef {{height: number, width: number, planes: Float32Array[], others?: Maps[]}} Maps `others`
 *     are what the page has beside its picture
 */

/**
 * Surround maps with zeros, and lay them out one after the other.
 *
 * @param {Maps} maps
 * @param {[number, number]} rows before and after
 * @param {[number, number]} columns before and after
 */
function padded(maps, rows, columns) {
  const height = maps.height + rows[0] + rows[1];
  const width = maps.width + columns[0] + columns[1];
  const values = new Float32Array(maps.planes.length * height * width);
  maps.planes.forEach((plane, channel) => {
    for (let row = 0; row < maps.height; row++) {
      const part = plane.subarray(row * maps.width, (row + 1) * maps.width);
      values.set(part, (channel * height + row + rows[0]) * width + columns[0]);
    }
  });
  return { height, width, values };
}

/**
 * Slide kernels over maps; every `every`-th value of the result in both directions.
 *
 * @param {Maps} maps
 * @param {Kernels} kernels
 * @param {{stride: number, padding: Padding, dilation: number, every?: number}} sliding
 * @returns {Maps}
 */
export function convolve(maps, kernels, { stride, padding, dilation, every = 1 }) {
  const rows = padAmounts(maps.height, kernels.height, stride, padding, dilation);
  const columns = padAmounts(maps.width, kernels.width, stride, padding, dilation);
  const height = Math.ceil(outputSize(maps.height, kernels.height, stride, padding, dilation) / every);
  const width = Math.ceil(outputSize(maps.width, kernels.width, stride, padding, dilation) / every);
  const room = padded(maps, rows, columns);
  const step = stride * every;
  const sums = new Float64Array(width);
  const planes = [];
  for (let filter = 0; filter < kernels.filters; filter++) {
    const { offsets, weights } = termsOf(kernels, filter, room, dilation);
    const plane = new Float32Array(height * width);
    for (let row = 0; row < height; row++) {
      sums.fill(0);
      const start = row * step * room.width;
      for (let first = 0; first < weights.length; first += TERMS) {
        addRows(sums, room.values, start, step, offsets, weights, first);
      }
      plane.set(sums, row * width);
    }
    planes.push(plane);
  }
  return { height, width, planes };
}

/** So many terms are added at once: twice as fast as one by one. */
const TERMS = 4;

/**
 * The weights of one filter that are not zero, and how far into the maps each reads; as many as
 * there must be, the last ones of which may be zero.
 *
 * @param {Kernels} kernels
 * @param {number} filter
 * @param {{height: number, width: number}} room
 * @param {number} dilation
 */
function termsOf(kernels, filter, room, dilation) {
  const terms = [];
  for (let y = 0; y < kernels.height; y++) {
    for (let x = 0; x < kernels.width; x++) {
      for (let channel = 0; channel < kernels.channels; channel++) {
        const at = ((y * kernels.width + x) * kernels.channels + channel) * kernels.filters + filter;
        const weight = kernels.weights[at];
        const offset = (channel * room.height + y * dilation) * room.width + x * dilation;
        if (weight) terms.push({ weight, offset });
      }
    }
  }
  while (terms.length % TERMS) terms.push({ ...terms[0], weight: 0 });
  return {
    offsets: Int32Array.from(terms, ({ offset }) => offset),
    weights: Float32Array.from(terms, ({ weight }) => weight),
  };
}

/**
 * Add `TERMS` rows of values, each times a weight. Alone, so that the engine compiles it well.
 *
 * @param {Float64Array} sums
 * @param {Float32Array} values
 * @param {number} start
 * @param {number} step
 * @param {Int32Array} offsets
 * @param {Float32Array} weights
 * @param {number} first of the terms
 */
function addRows(sums, values, start, step, offsets, weights, first) {
  const a = start + offsets[first];
  const b = start + offsets[first + 1];
  const c = start + offsets[first + 2];
  const d = start + offsets[first + 3];
  const p = weights[first];
  const q = weights[first + 1];
  const r = weights[first + 2];
  const s = weights[first + 3];
  for (let column = 0, at = 0; column < sums.length; column++, at += step) {
    sums[column] +=
      p * values[a + at] + q * values[b + at] + r * values[c + at] + s * values[d + at];
  }
}

/**
 * Keep the largest value of each window, or their average; every `every`-th of the result.
 *
 * What lies outside the maps never wins, and does not count.
 *
 * @param {Maps} maps
 * @param {number} size
 * @param {{stride: number, padding: Padding, mode: string, every?: number}} sliding
 * @returns {Maps}
 */
export function pool(maps, size, { stride, padding, mode, every = 1 }) {
  const [above] = padAmounts(maps.height, size, stride, padding);
  const [before] = padAmounts(maps.width, size, stride, padding);
  const height = Math.ceil(outputSize(maps.height, size, stride, padding) / every);
  const width = Math.ceil(outputSize(maps.width, size, stride, padding) / every);
  const planes = maps.planes.map((plane) => {
    const pooled = new Float32Array(height * width);
    for (let row = 0; row < height; row++) {
      const start = row * stride * every - above;
      const top = Math.max(start, 0);
      const bottom = Math.min(start + size, maps.height);
      for (let column = 0; column < width; column++) {
        const side = column * stride * every - before;
        const left = Math.max(side, 0);
        const right = Math.min(side + size, maps.width);
        let largest = -Infinity;
        let sum = 0;
        for (let y = top; y < bottom; y++) {
          for (let at = y * maps.width + left; at < y * maps.width + right; at++) {
            const value = plane[at];
            sum += value;
            if (value > largest) largest = value;
          }
        }
        const count = (bottom - top) * (right - left);
        pooled[row * width + column] = mode === "max" ? largest : sum / count;
      }
    }
    return pooled;
  });
  return { height, width, planes };
}

// Klambauer et al., "Self-Normalizing Neural Networks", 2017.
const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

/** @param {number} x */
const elu = (x) => (x > 0 ? x : Math.expm1(x));

/**
 * The normal distribution's share below x. Abramowitz and Stegun, 7.1.26 with one more term as in
 * Press et al., *Numerical Recipes*, 2nd edition, 6.2: relative error below 1.2e-7.
 *
 * @param {number} x
 */
function normalShare(x) {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.5 * z);
  const series = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398,
    1.48851587, -0.82215223, 0.17087277,
  ].reduceRight((sum, term) => sum * t + term, 0);
  const tail = 0.5 * t * Math.exp(-z * z + series);
  return x > 0 ? 1 - tail : tail;
}

/** @type {Record<string, (x: number, slope: number) => number>} */
const FUNCTIONS = {
  identity: (x) => x,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
  relu: (x) => (x > 0 ? x : 0),
  relu6: (x) => Math.min(Math.max(x, 0), 6),
  leaky_relu: (x, slope) => Math.max(x, slope * x),
  elu,
  selu: (x) => SELU_SCALE * (x > 0 ? x : SELU_ALPHA * Math.expm1(x)),
  gelu: (x) => x * normalShare(x),
  softplus: (x) => Math.log1p(Math.exp(-Math.abs(x))) + Math.max(x, 0),
  swish: (x) => x / (1 + Math.exp(-x)),
  hard_sigmoid: (x) => Math.min(Math.max(x + 3, 0), 6) / 6,
};

/**
 * Send every value through a function; with softmax, the channels of a place compete for shares.
 *
 * @param {Maps} maps
 * @param {string} name
 * @param {number} slope of leaky ReLU
 * @returns {Maps}
 */
export function activate(maps, name, slope) {
  const { height, width } = maps;
  if (name === "softmax") return { height, width, planes: softmax(maps.planes) };
  const one = FUNCTIONS[name];
  const planes = maps.planes.map((plane) => plane.map((value) => one(value, slope)));
  return { height, width, planes };
}

/** @param {Float32Array[]} planes @returns {Float32Array[]} */
function softmax(planes) {
  const shares = planes.map((plane) => new Float32Array(plane.length));
  for (let at = 0; at < planes[0].length; at++) {
    const largest = planes.reduce((most, plane) => Math.max(most, plane[at]), -Infinity);
    const powers = planes.map((plane) => Math.exp(plane[at] - largest));
    const sum = powers.reduce((total, power) => total + power, 0);
    shares.forEach((share, channel) => (share[at] = powers[channel] / sum));
  }
  return shares;
}
