// @ts-check
/**
 * A layer's channels while the slider along the layers is moved: small, from the server, enlarged.
 *
 * @typedef {import("./layers.js").Maps} Maps
 * @typedef {import("./plans.js").Settings} Settings
 * @typedef {import("./plans.js").View} View
 * @typedef {import("./render.js").Scale} Scale
 * @typedef {import("./render.js").Palette} Palette
 * @typedef {import("./stages.js").Layout} Layout
 *
 * @typedef {{
 *   name: string, type: string, shape: number[], scale: Scale, low: number, high: number,
 *   top: number, rows: number, columns: number,
 *   grid: {tiles: number, tiles_a_row: number, height: number, width: number, gap: number},
 * }} Preview as `cnnviz_core/views/layer_previews.py` describes it
 */
import { escaped } from "./bars.js";
import { colorize } from "./render.js";
import { fillGaps } from "./stages.js";

/**
 * Cut the maps of a layer out of the sheets of all.
 *
 * @param {Maps} sheets whose red has the levels
 * @param {Preview} preview
 * @param {number} levels
 * @returns {Maps}
 */
export function cut(sheets, { top, rows, columns, scale, grid }, levels) {
  const [reds] = sheets.planes;
  const unit = (scale.high - scale.low) / (levels - 1);
  const planes = Array.from({ length: grid.tiles }, (_, tile) => {
    const plane = new Float32Array(rows * columns);
    const first = top + Math.floor(tile / grid.tiles_a_row) * rows;
    const left = (tile % grid.tiles_a_row) * columns;
    for (let at = 0; at < plane.length; at++) {
      const row = first + Math.floor(at / columns);
      plane[at] = scale.low + unit * reds[row * sheets.width + left + (at % columns)];
    }
    return plane;
  });
  return { height: rows, width: columns, planes };
}

/** @param {Preview["grid"]} grid @returns {Layout} of the page's sheet */
function layoutOf({ tiles, tiles_a_row: columns, height, width, gap }) {
  const sheet = {
    height: Math.ceil(tiles / columns) * (height + gap) - gap,
    width: columns * (width + gap) - gap,
  };
  return { columns, tile: { height, width }, gap, sheet, factor: 1, canvas: sheet, left: 0, top: 0 };
}

/**
 * Draw maps as the tiles of a sheet, their values as rectangles.
 *
 * @param {Maps} maps
 * @param {Scale} scale
 * @param {Layout} layout
 * @param {Palette} palette
 */
function draw(maps, scale, { columns, tile, gap, sheet }, palette) {
  const image = new ImageData(sheet.width, sheet.height);
  const colors = new Uint32Array(image.data.buffer);
  fillGaps(colors, sheet, maps.planes.length, columns, tile);
  const across = Int32Array.from({ length: tile.width }, (_, x) => Math.floor(((x + 0.5) / tile.width) * maps.width));
  // All at once: a palette takes longer to prepare than a small tile to color.
  const count = maps.planes.length;
  const size = maps.height * maps.width;
  const stacked = new Float32Array(count * size);
  maps.planes.forEach((plane, index) => stacked.set(plane, index * size));
  const stack = { height: count * maps.height, width: maps.width, planes: [stacked] };
  const small = new Uint32Array(colorize(stack, 0, scale, palette).data.buffer);
  for (let index = 0; index < count; index++) {
    const left = (index % columns) * (tile.width + gap);
    const top = Math.floor(index / columns) * (tile.height + gap);
    for (let y = 0; y < tile.height; y++) {
      const row = Math.floor(((y + 0.5) / tile.height) * maps.height);
      const from = index * size + row * maps.width;
      const to = (top + y) * sheet.width + left;
      for (let x = 0; x < tile.width; x++) colors[to + x] = small[from + across[x]];
    }
  }
  return image;
}

/**
 * @param {Maps} picture with the sheets of all layers beside it
 * @param {Settings} said with `layers`, a `Preview` for each by its name
 * @param {import("./plans.js").Ease} _ease
 * @param {import("./follow.js").Given} given
 * @returns {View | null}
 */
export function featureMaps(picture, said, _ease, { palettes }) {
  /** @type {Preview | undefined} */
  const preview = said.layers[said.maps_layer];
  const sheets = picture.others?.[0];
  if (!preview || !sheets) return null;
  const { name, type, shape, scale, low, high } = preview;
  const maps = cut(sheets, preview, said.levels);
  const layout = layoutOf(preview.grid);
  return {
    shown: [
      {
        place: 0,
        maps,
        shape,
        isSampled: true,
        range: [low, high],
        scale,
        display: "tiles",
        index: 0,
        room: layout.canvas,
        factor: 1,
        layout,
        draw: () => draw(maps, scale, layout, palettes[scale.color_map]),
      },
    ],
    sizes: [],
    texts: { ".maps-title": escaped(`${name} (${type})`) },
  };
}
