// @ts-check
/**
 * What a unit of a network sees, as `cnnviz_core/inspection/receptive_fields.py` has it.
 *
 * @typedef {{first: number, last: number, jump: number}} Span along an axis, in pixels of the input
 * @typedef {{place: number, input: [number, number], rows: Span, columns: Span}} Field `place` is
 *     that of the picture among those of the page
 */

/**
 * The part of the picture that a unit sees, without the padding.
 *
 * @param {Field} field
 * @param {number} row
 * @param {number} column
 * @returns {{place: number, box: import("./places.js").Box}}
 */
export function seen({ place, input, rows, columns }, row, column) {
  const [top, bottom] = clipped(rows, row, input[0]);
  const [left, right] = clipped(columns, column, input[1]);
  return { place, box: { left, top, width: right - left, height: bottom - top } };
}

/**
 * @param {Span} span
 * @param {number} at which unit
 * @param {number} size of the input
 * @returns {[number, number]} in shares of the input
 */
function clipped({ first, last, jump }, at, size) {
  /** @param {number} pixel */
  const share = (pixel) => Math.min(Math.max(pixel, 0), size) / size;
  return [share(first + at * jump), share(last + at * jump + 1)];
}
