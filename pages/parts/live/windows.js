// @ts-check
/** Where a sliding window stops, as `cnnviz_core/layers/windows.py` has it. */

/** @typedef {"valid" | "same" | number} Padding */

/**
 * Count the cells from the first weight of a window to its last, both included.
 *
 * @param {number} kernel
 * @param {number} dilation
 */
export function span(kernel, dilation) {
  return dilation * (kernel - 1) + 1;
}

/**
 * Count the cells that padding adds before and after one axis.
 *
 * @param {number} size
 * @param {number} kernel
 * @param {number} stride
 * @param {Padding} padding
 * @param {number} dilation
 * @returns {[number, number]}
 */
export function padAmounts(size, kernel, stride, padding, dilation = 1) {
  if (padding === "valid") return [0, 0];
  if (padding !== "same") return [padding, padding];
  const lastStop = Math.floor((size - 1) / stride) * stride;
  const missing = Math.max(lastStop + span(kernel, dilation) - size, 0);
  return [Math.floor(missing / 2), missing - Math.floor(missing / 2)];
}

/**
 * Count the places where a window stops along one axis; less than 1 where it does not fit.
 *
 * @param {number} size
 * @param {number} kernel
 * @param {number} stride
 * @param {Padding} padding
 * @param {number} dilation
 */
export function outputSize(size, kernel, stride, padding, dilation = 1) {
  const [before, after] = padAmounts(size, kernel, stride, padding, dilation);
  return Math.floor((size + before + after - span(kernel, dilation)) / stride) + 1;
}

/**
 * Count the weights that a kernel without gaps may have, as the page offers it.
 *
 * @param {number} size
 * @param {Padding} padding
 */
export function largestKernel(size, padding) {
  return padding === "same" ? 2 * size - 1 : size + 2 * (padding === "valid" ? 0 : padding);
}

/**
 * How far apart a kernel's weights may be, as the page offers it.
 *
 * @param {number} size
 * @param {number} kernel
 * @param {Padding} padding
 */
export function largestDilation(size, kernel, padding) {
  const gaps = kernel - 1;
  return gaps ? Math.max(Math.floor((largestKernel(size, padding) - 1) / gaps), 1) : 1;
}
