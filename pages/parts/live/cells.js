// @ts-check
/**
 * Which value of a picture one points at, and back.
 *
 * @typedef {import("./plans.js").Shown} Shown
 * @typedef {import("./stages.js").Layout} Layout
 * @typedef {import("./places.js").Box} Box
 * @typedef {{row: number, column: number, index: number}} Cell `index` is that of the map
 * @typedef {{
 *   place: number, start: [number, number], height: number, width: number, index?: number,
 * }} Part rows and columns of a picture of the page, of one of its maps, or of all
 */
import { GAP, tileSheet } from "./render.js";

/**
 * How a picture is laid out: in tiles, or as one.
 *
 * @param {Shown} shown
 * @returns {Layout}
 */
export function layoutOf({ shape, maps, display, room, factor, maxWidth, layout }) {
  if (layout) return layout;
  const [height, width] = shape;
  if (display === "tiles") {
    const sheet = tileSheet(height, width, maps.planes.length, maxWidth ?? width);
    const { tile, columns } = sheet;
    return { columns, tile, gap: GAP, sheet, factor: 1, canvas: sheet, left: 0, top: 0 };
  }
  return {
    columns: 1,
    tile: { height, width },
    gap: 0,
    sheet: { height, width },
    factor,
    canvas: { height: factor * room.height, width: factor * room.width },
    left: factor * Math.floor((room.width - width) / 2),
    top: factor * Math.floor((room.height - height) / 2),
  };
}

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
  const { columns, tile, gap, factor, canvas, left, top } = layoutOf(shown);
  const x = (across * canvas.width - left) / factor;
  const y = (down * canvas.height - top) / factor;
  const place = { row: Math.floor(y / (tile.height + gap)), column: Math.floor(x / (tile.width + gap)) };
  const [insideX, insideY] = [x - place.column * (tile.width + gap), y - place.row * (tile.height + gap)];
  const isTiled = shown.display === "tiles";
  const isBeside = place.row < 0 || place.column < 0 || place.column >= columns || (!isTiled && place.row > 0);
  if (isBeside || insideX >= tile.width || insideY >= tile.height) return null;
  return within(shown, {
    row: Math.floor((insideY / tile.height) * height),
    column: Math.floor((insideX / tile.width) * width),
    index: isTiled ? place.row * columns + place.column : shown.index,
  });
}

/**
 * The middle of a value's square in the drawn picture, across and down in shares of it.
 *
 * @param {Shown} shown
 * @param {Cell} cell
 * @returns {[number, number]}
 */
export function middleOf(shown, cell) {
  return middleIn(layoutOf(shown), shown, cell);
}

/**
 * The middles of a value's squares in all tiles, as `middleOf`.
 *
 * @param {Shown} shown
 * @param {Cell} cell
 * @returns {[number, number][]}
 */
export function middlesOf(shown, cell) {
  const layout = layoutOf(shown);
  return Array.from({ length: shown.shape[2] }, (_, index) => middleIn(layout, shown, { ...cell, index }));
}

/**
 * @param {Layout} layout
 * @param {Shown} shown
 * @param {Cell} cell
 * @returns {[number, number]}
 */
function middleIn({ columns, tile, gap, factor, canvas, left, top }, shown, { row, column, index }) {
  const [height, width] = shown.shape;
  const at = shown.display === "tiles" ? index : 0;
  const x = (at % columns) * (tile.width + gap) + ((column + 0.5) / width) * tile.width;
  const y = Math.floor(at / columns) * (tile.height + gap) + ((row + 0.5) / height) * tile.height;
  return [(left + factor * x) / canvas.width, (top + factor * y) / canvas.height];
}

/**
 * @param {Shown} shown
 * @param {Cell} cell
 * @returns {Cell | null} the cell, if there is such a one
 */
export function within({ shape: [height, width, count] }, cell) {
  const isThere =
    cell.row >= 0 && cell.row < height && cell.column >= 0 && cell.column < width &&
    cell.index >= 0 && cell.index < count; // prettier-ignore
  return isThere ? cell : null;
}

/**
 * The values at a cell: of one map, or of the three that are shown as one picture.
 *
 * @param {Shown} shown
 * @param {Cell} cell
 * @returns {number[]}
 */
export function valuesAt({ maps, display, scale }, { row, column, index }) {
  const at = row * maps.width + column;
  if (display === "composite") return maps.planes.map((plane) => plane[at]);
  const first = scale.color_map === "channels" ? 3 * index : index;
  const count = scale.color_map === "channels" ? 3 : 1;
  return maps.planes.slice(first, first + count).map((plane) => plane[at]);
}

/**
 * Row and column of a cell in the map; in a reduced tile, of the value in its middle.
 *
 * @param {Shown} shown
 * @param {Cell} cell
 * @returns {[number, number]}
 */
export function unitOf({ shape, reducedFrom = shape }, { row, column }) {
  return [
    Math.floor(((row + 0.5) / shape[0]) * reducedFrom[0]),
    Math.floor(((column + 0.5) / shape[1]) * reducedFrom[1]),
  ];
}

/**
 * Where a part lies in a drawn picture: in one of its tiles, or in each.
 *
 * @param {Shown} shown
 * @param {Part} part what of it lies outside is left out
 * @returns {Box[]} in shares of the picture
 */
export function boxesOf(shown, { start, height, width, index }) {
  const [rows, columns, count] = shown.shape;
  const top = Math.max(start[0], 0);
  const left = Math.max(start[1], 0);
  const bottom = Math.min(start[0] + height, rows) - 1;
  const right = Math.min(start[1] + width, columns) - 1;
  const isTiled = shown.display === "tiles";
  const tiles = isTiled && index === undefined ? [...Array(count).keys()] : [index ?? 0];
  const { tile, factor, canvas } = layoutOf(shown);
  const half = {
    x: ((factor * tile.width) / columns / canvas.width) * 0.5,
    y: ((factor * tile.height) / rows / canvas.height) * 0.5,
  };
  return tiles.map((at) => {
    const [x, y] = middleOf(shown, { row: top, column: left, index: at });
    const [x2, y2] = middleOf(shown, { row: bottom, column: right, index: at });
    return { left: x - half.x, top: y - half.y, width: x2 - x + 2 * half.x, height: y2 - y + 2 * half.y };
  });
}
