// @ts-check
/**
 * The pictures of layers in a row, as `cnnviz_core/drawing/stages.py` has them.
 *
 * @typedef {import("./layers.js").Maps} Maps
 * @typedef {import("./render.js").Scale} Scale
 * @typedef {import("./render.js").Palette} Palette
 * @typedef {{height: number, width: number}} Size
 *
 * @typedef {{
 *   columns: number, tile: Size, gap: number, sheet: Size, factor: number, canvas: Size,
 *   left: number, top: number,
 * }} Layout tiles in columns on a sheet, which lies, `factor` times as large, in the middle of a
 *     canvas; one column is one picture without tiles
 */
import { halfToEven } from "./numbers.js";
import { GAP, colorize, composite } from "./render.js";

const STAGE_PIXELS = 480;
/** The gray between tiles, packed as a canvas has it. */
const GAP_COLOR = 0xff808080;

/**
 * Lay a stage out as large as the others, or as large as it is beside the picture.
 *
 * @param {Maps} maps
 * @param {boolean} isComposite whether three maps are one picture
 * @param {Size} picture that the stage was made from
 * @param {boolean} isEnlarged
 * @returns {Layout}
 */
export function stageLayout({ height, width, planes }, isComposite, picture, isEnlarged) {
  const columns = isComposite ? 1 : Math.ceil(Math.sqrt(planes.length));
  const full = Math.min(picture.width, Math.floor(STAGE_PIXELS / columns) - GAP);
  const beside = halfToEven(columns * ((full * width) / picture.width + GAP));
  const most = isEnlarged ? STAGE_PIXELS : beside;
  const reduction = columns > 1 ? Math.min((most / columns - GAP) / width, 1) : 1;
  const tile = {
    height: Math.max(1, halfToEven(height * reduction)),
    width: Math.max(1, halfToEven(width * reduction)),
  };
  const rows = columns > 1 ? Math.ceil(planes.length / columns) : 1;
  const sheet = {
    height: rows * (tile.height + GAP) - GAP,
    width: columns * (tile.width + GAP) - GAP,
  };
  const longest = Math.max(sheet.height, sheet.width);
  const factor = isEnlarged ? Math.max(1, Math.floor(STAGE_PIXELS / longest)) : 1;
  const high = factor * sheet.height;
  const wide = Math.max(factor * sheet.width, isEnlarged ? 0 : columns * (full + GAP) - GAP);
  const canvas = {
    height: Math.max(high, Math.ceil((wide * picture.height) / picture.width)),
    width: Math.max(wide, Math.ceil((high * picture.width) / picture.height)),
  };
  const left = Math.floor((canvas.width - factor * sheet.width) / 2);
  const top = Math.floor((canvas.height - factor * sheet.height) / 2);
  return { columns, tile, gap: GAP, sheet, factor, canvas, left, top };
}

/**
 * Draw what lies on a sheet.
 *
 * @param {Maps} maps
 * @param {Scale} scale
 * @param {Layout} layout
 * @param {Palette} palette of the scale's color map
 */
export function drawSheet(maps, scale, { columns, tile, sheet }, palette) {
  if (scale.color_map === "channels") return composite(maps, scale);
  const reduced = averaged(maps, tile);
  const image = new ImageData(sheet.width, sheet.height);
  const colors = new Uint32Array(image.data.buffer);
  if (columns > 1) fillGaps(colors, sheet, maps.planes.length, columns, tile);
  for (let index = 0; index < maps.planes.length; index++) {
    const drawn = new Uint32Array(colorize(reduced, index, scale, palette).data.buffer);
    const top = Math.floor(index / columns) * (tile.height + GAP);
    const left = (index % columns) * (tile.width + GAP);
    for (let row = 0; row < tile.height; row++) {
      const line = drawn.subarray(row * tile.width, (row + 1) * tile.width);
      colors.set(line, (top + row) * sheet.width + left);
    }
  }
  return image;
}

/**
 * Gray between tiles; nothing where there are none.
 *
 * @param {Uint32Array} colors
 * @param {Size} sheet
 * @param {number} count
 * @param {number} columns
 * @param {Size} tile
 */
export function fillGaps(colors, sheet, count, columns, tile) {
  colors.fill(GAP_COLOR);
  const used = count % columns;
  if (!used) return;
  const lastRow = Math.max(0, (Math.ceil(count / columns) - 1) * (tile.height + GAP) - GAP);
  const left = used * (tile.width + GAP) - GAP;
  for (let row = lastRow; row < sheet.height; row++) {
    colors.fill(0, row * sheet.width + left, (row + 1) * sheet.width);
  }
}

/**
 * Reduce maps to a size by averaging, as OpenCV's `INTER_AREA`.
 *
 * @param {Maps} maps
 * @param {Size} size
 * @returns {Maps}
 */
export function averaged(maps, { height, width }) {
  if (height === maps.height && width === maps.width) return maps;
  const rows = shares(maps.height, height);
  const columns = shares(maps.width, width);
  const planes = maps.planes.map((plane) => {
    const reduced = new Float64Array(height * width);
    const narrow = new Float64Array(width);
    let known = -1;
    rows.share.forEach((share, at) => {
      if (rows.from[at] !== known) {
        known = rows.from[at];
        addRow(narrow.fill(0), plane, known * maps.width, columns);
      }
      const start = rows.to[at] * width;
      for (let column = 0; column < width; column++) reduced[start + column] += share * narrow[column];
    });
    return new Float32Array(reduced);
  });
  return { height, width, planes };
}

/**
 * Add a row's cells to those of a narrower one. Alone, so that the engine compiles it well.
 *
 * @param {Float64Array} narrow
 * @param {Float32Array} plane
 * @param {number} start of the row in the plane
 * @param {ReturnType<typeof shares>} columns
 */
function addRow(narrow, plane, start, { to, from, share }) {
  for (let at = 0; at < share.length; at++) narrow[to[at]] += share[at] * plane[start + from[at]];
}

/**
 * Which cell of the smaller axis gets what share of which cell of the larger, in their order.
 *
 * @param {number} large
 * @param {number} small
 */
function shares(large, small) {
  const cell = large / small;
  /** @type {{to: number[], from: number[], share: number[]}} */
  const found = { to: [], from: [], share: [] };
  for (let to = 0; to < small; to++) {
    const start = to * cell;
    const end = Math.min(start + cell, large);
    for (let from = Math.floor(start); from < end; from++) {
      const covered = Math.min(from + 1, end) - Math.max(from, start);
      // Less than that, OpenCV leaves out.
      if (covered <= 1e-3) continue;
      found.to.push(to);
      found.from.push(from);
      found.share.push(covered / (end - start));
    }
  }
  return found;
}
