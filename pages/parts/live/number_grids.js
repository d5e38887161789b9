// @ts-check
/**
 * Numbers in colored cells, as `pages/parts/number_grid.py` has them.
 *
 * @typedef {import("./render.js").Scale} Scale
 * @typedef {import("./render.js").Palette} Palette
 */
import { shortNumber } from "./numbers.js";
import { level } from "./render.js";

/** The relative luminance at which black and white contrast alike (WCAG 2.1, 1.4.3). */
const MIDDLE = 0.179;

/** @param {[number, number, number]} color */
function legible(color) {
  const [red, green, blue] = color.map((byte) => {
    const share = byte / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > MIDDLE ? "#000000" : "#ffffff";
}

/**
 * The colors of a cell.
 *
 * @param {number} value
 * @param {Scale} scale
 * @param {Palette} palette
 */
export function cellStyle(value, scale, palette) {
  const color = palette[level(value, scale, palette.length - 1)];
  return `background:rgb(${color.join(",")});color:${legible(color)}`;
}

/**
 * Grids side by side, each under its title, in the colors of one scale.
 *
 * @param {{title: string, width: number, values: number[]}[]} grids row by row
 * @param {Scale} scale
 * @param {Palette} palette
 */
export function numberGrids(grids, scale, palette) {
  const tables = grids.map(({ title, width, values }) => {
    const cells = values.map(
      (value) => `<td style="${cellStyle(value, scale, palette)}">${shortNumber(value)}</td>`,
    );
    const rows = [];
    for (let at = 0; at < cells.length; at += width) {
      rows.push(`<tr>${cells.slice(at, at + width).join("")}</tr>`);
    }
    return `<table><caption>${title}</caption>${rows.join("")}</table>`;
  });
  return `<div class="cnnviz-grids">${tables.join("")}</div>`;
}
