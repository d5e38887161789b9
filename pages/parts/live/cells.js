// @ts-check
/**
 * Which value of a picture one points at, and back.
 *
 * @typedef {import("./plans.js").Shown} Shown
 * @typedef {{row: number, column: number, index: number}} Cell `index` is that of the map
 */
import { tileSheet } from "./render.js";

/**
 * The value at a place of a drawn picture; null between tiles and beside the picture.
 *
 * @param {Shown} shown
 * @param {number} across from 0 at the left to 1
 * @param {number} down from 0 at the top to 1
 * @returns {Cell | null}
 */
export function cellAt(shown, across, down) {
  const [height, width] = shown.shape;
  if (shown.display !== "tiles") {
    const { room } = shown;
    const row = Math.floor(down * room.height) - Math.floor((room.height - height) / 2);
    const column = Math.floor(across * room.width) - Math.floor((room.width - width) / 2);
    return within(shown, { row, column, index: shown.index });
  }
  const sheet = tileSheet(height, width, shown.maps.planes.length, shown.maxWidth ?? width);
  const [x, y] = [across * sheet.width, down * sheet.height];
  const { tile } = sheet;
  const index = sheet.places.findIndex(
    ({ left, top }) => x >= left && x < left + tile.width && y >= top && y < top + tile.height,
  );
  if (index < 0) return null;
  const { left, top } = sheet.places[index];
  return {
    row: Math.min(Math.floor(((y - top) / tile.height) * height), height - 1),
    column: Math.min(Math.floor(((x - left) / tile.width) * width), width - 1),
    index,
  };
}

/**
 * The middle of a value's square in the drawn picture, across and down in shares of it.
 *
 * @param {Shown} shown
 * @param {Cell} cell
 * @returns {[number, number]}
 */
export function middleOf(shown, { row, column, index }) {
  const [height, width] = shown.shape;
  if (shown.display !== "tiles") {
    const { room } = shown;
    const top = Math.floor((room.height - height) / 2);
    const left = Math.floor((room.width - width) / 2);
    return [(left + column + 0.5) / room.width, (top + row + 0.5) / room.height];
  }
  const sheet = tileSheet(height, width, shown.maps.planes.length, shown.maxWidth ?? width);
  const { left, top } = sheet.places[index];
  const x = left + ((column + 0.5) / width) * sheet.tile.width;
  const y = top + ((row + 0.5) / height) * sheet.tile.height;
  return [x / sheet.width, y / sheet.height];
}

/**
 * @param {Shown} shown
 * @param {Cell} cell
 * @returns {Cell | null} the cell, if there is such a one
 */
export function within(shown, cell) {
  const [height, width] = shown.shape;
  const isThere = cell.row >= 0 && cell.row < height && cell.column >= 0 && cell.column < width;
  return isThere ? cell : null;
}

/**
 * The values at a cell: of one map, or of the three that are shown as one picture.
 *
 * @param {Shown} shown
 * @param {Cell} cell
 * @returns {number[]}
 */
export function valuesAt({ maps, display }, { row, column, index }) {
  const at = row * maps.width + column;
  return display === "composite" ? maps.planes.map((plane) => plane[at]) : [maps.planes[index][at]];
}
