// @ts-check
/**
 * The place that is pointed at in one tile of a sheet, marked in all others.
 *
 * @typedef {import("./plans.js").Shown} Shown
 * @typedef {import("./cells.js").Cell} Cell
 */
import { layoutOf, middlesOf } from "./cells.js";

/** Of a white ring and of the black one around it, in pixels of the page. */
const RADII = [2.5, 3.5];
/** A ring would hide too much of a tile that is less than so many pixels wide. */
const LEAST_TILE = 24;

/**
 * A small ring in each tile, as one drawing.
 *
 * @param {HTMLImageElement} image
 * @param {Shown} shown
 * @param {Cell} cell
 * @returns {string} nothing where there is no room
 */
export function marksOf({ offsetWidth: width, offsetHeight: height }, shown, cell) {
  const { tile, factor, canvas } = layoutOf(shown);
  if ((factor * tile.width * width) / canvas.width < LEAST_TILE) return "";
  const places = middlesOf(shown, cell).filter((_, index) => index !== cell.index);
  const rings = RADII.map((radius) => {
    const drawn = places.map(([across, down]) => ring(across * width, down * height, radius));
    return `<path d="${drawn.join("")}"/>`;
  });
  return `<svg class="cnnviz-rings" viewBox="0 0 ${width} ${height}">${rings.join("")}</svg>`;
}

/** @param {number} x @param {number} y @param {number} radius */
function ring(x, y, radius) {
  const half = `a${radius} ${radius} 0 0 0`;
  return `M${(x - radius).toFixed(1)} ${y.toFixed(1)}${half} ${2 * radius} 0${half} ${-2 * radius} 0`;
}
