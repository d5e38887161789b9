// @ts-check
/**
 * Values that are read off the colors of a picture, where the server alone has them in full.
 *
 * A palette tells some 250 apart: what is read is about right, and at an end of it, a bound.
 *
 * @typedef {import("./plans.js").Shown} Shown
 * @typedef {import("./render.js").Scale} Scale
 * @typedef {import("./render.js").Palette} Palette
 * @typedef {{
 *   tiles: number, tiles_a_row: number, height: number, width: number, gap: number,
 *   rows: number, columns: number, shape: number[], scale: Scale, is_clipped: boolean,
 *   place: string | null, numbers: number[] | null,
 * }} Grid where values lie in a picture, as the page says, and what it calls such a place; clipped if
 *     some lie outside the scale; the numbers of the tiles, from 0, where they are out of order
 */
import { bytesOf } from "./canvas.js";

/** Of red, green and blue, the brightest. */
const TOP = 255;

/**
 * Read all values of a picture that has arrived.
 *
 * @param {HTMLImageElement} image
 * @param {Grid} grid
 * @param {number} place of the picture on the page
 * @param {Record<string, Palette>} palettes
 * @returns {Shown}
 */
export function read(image, grid, place, palettes) {
  const { tiles, tiles_a_row: columns, rows, scale } = grid;
  const { naturalWidth: width, naturalHeight: height } = image;
  const pixels = bytesOf(image);
  const isColored = scale.color_map === "channels";
  const numbers = isColored ? null : numbersOf(palettes[scale.color_map]);
  const planes = Array.from({ length: (isColored ? 3 : 1) * tiles }, () => new Float32Array(rows * grid.columns));
  for (let tile = 0; tile < tiles; tile++) {
    const top = Math.floor(tile / columns) * (grid.height + grid.gap);
    const left = (tile % columns) * (grid.width + grid.gap);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < grid.columns; column++) {
        const y = top + Math.floor(((row + 0.5) / rows) * grid.height);
        const x = left + Math.floor(((column + 0.5) / grid.columns) * grid.width);
        const at = 4 * (y * width + x);
        const cell = row * grid.columns + column;
        if (numbers) {
          planes[tile][cell] = valueOf(numbers(pixels, at), numbers.last, scale);
        } else {
          for (const channel of [0, 1, 2]) {
            planes[3 * tile + channel][cell] = valueOf(pixels[at + channel], TOP, scale);
          }
        }
      }
    }
  }
  const size = { height, width };
  return {
    place,
    maps: { height: rows, width: grid.columns, planes },
    shape: [rows, grid.columns, tiles],
    isSampled: true,
    isRead: true,
    isClipped: grid.is_clipped,
    called: grid.place ?? undefined,
    numbers: grid.numbers ?? undefined,
    // Of reduced tiles: as many rows and columns as the maps have.
    reducedFrom: rows < grid.shape[0] ? grid.shape : undefined,
    scale,
    display: tiles > 1 ? "tiles" : isColored ? "composite" : "single",
    index: 0,
    room: size,
    factor: 1,
    layout: {
      columns,
      tile: { height: grid.height, width: grid.width },
      gap: grid.gap,
      sheet: size,
      factor: 1,
      canvas: size,
      left: 0,
      top: 0,
    },
  };
}

/** @param {number} number @param {number} last @param {Scale} scale */
const valueOf = (number, last, { low, high }) => low + (number / last) * (high - low);

/**
 * Find the number of the color at a place, counted from the palette's low end.
 *
 * A frame around a tile has colors of its own: the nearest is taken.
 *
 * @param {Palette} palette
 */
function numbersOf(palette) {
  /** @type {Map<number, number>} */
  const known = new Map(palette.map(([red, green, blue], at) => [(red << 16) | (green << 8) | blue, at]));
  /** @param {Uint8ClampedArray} pixels @param {number} at */
  const find = (pixels, at) => {
    const [red, green, blue] = pixels.subarray(at, at + 3);
    const key = (red << 16) | (green << 8) | blue;
    const found = known.get(key);
    if (found !== undefined) return found;
    const distances = palette.map((one) => (one[0] - red) ** 2 + (one[1] - green) ** 2 + (one[2] - blue) ** 2);
    const nearest = distances.indexOf(Math.min(...distances));
    known.set(key, nearest);
    return nearest;
  };
  return Object.assign(find, { last: palette.length - 1 });
}
