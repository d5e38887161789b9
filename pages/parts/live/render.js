// @ts-check
/**
 * From numbers to pictures, as `cnnviz_core/drawing/rendering.py` has it.
 *
 * @typedef {import("./layers.js").Maps} Maps
 * @typedef {{low: number, high: number, color_map: "sequential" | "diverging" | "channels"}} Scale
 * @typedef {[number, number, number][]} Palette 253 colors from low to high
 */
import { halfToEven } from "./numbers.js";

/** @type {Scale} */
export const PICTURE_SCALE = { low: 0, high: 255, color_map: "channels" };

/** As wide as a picture is on most screens. */
export const ENLARGED_PIXELS = 600;

/** Between tiles. */
export const GAP = 2;
const GAP_LEVEL = 128;

/**
 * The smallest and the largest finite value; 0 and 0 where there is none.
 *
 * @param {Float32Array[]} planes
 * @returns {[number, number]}
 */
export function valueRange(planes) {
  let low = Infinity;
  let high = -Infinity;
  for (const plane of planes) {
    for (let at = 0; at < plane.length; at++) {
      const value = plane[at];
      if (value < low && value !== -Infinity) low = value;
      if (value > high && value !== Infinity) high = value;
    }
  }
  return low <= high ? [low, high] : [0, 0];
}

/**
 * Diverging and centered on zero if any value is negative; else sequential from zero.
 *
 * @param {Float32Array[]} planes
 * @returns {Scale}
 */
export function valueScale(planes) {
  const [low, high] = valueRange(planes);
  if (low >= 0) return { low: 0, high: high > 0 ? high : 1, color_map: "sequential" };
  const reach = Math.max(-low, high);
  return { low: -reach, high: reach, color_map: "diverging" };
}

/**
 * Spread the values over the full brightness of red, green and blue.
 *
 * @param {Float32Array[]} planes
 * @returns {Scale}
 */
export function channelScale(planes) {
  const [low, high] = valueRange(planes);
  const top = high > low ? high : low + Math.max(1, Math.abs(low));
  return { low, high: top, color_map: "channels" };
}

/** As `valueScale`, for red, green and blue. @param {Float32Array[]} planes @returns {Scale} */
export function anchoredChannelScale(planes) {
  return { ...valueScale(planes), color_map: "channels" };
}

/**
 * A value's way from the scale's low end, 0, to its high end, `top`, in float32 as on the server.
 *
 * @param {number} value
 * @param {number} low
 * @param {number} reach from the low end to the high one
 * @param {number} top
 */
function along(value, low, reach, top) {
  const exact = Math.fround(Math.fround(Math.fround(value - low) / reach) * top);
  return exact > top ? top : exact;
}

/**
 * The levels of values, from 0 for the scale's low end to `top`, rounded half to even.
 *
 * @param {Float32Array} values
 * @param {Scale} scale
 * @param {number} top at most 255
 */
export function levels(values, scale, top) {
  const low = Math.fround(scale.low);
  const reach = Math.fround(scale.high - scale.low);
  // Such an array rounds halves to even, and takes what is negative, and NaN, for 0.
  const found = new Uint8ClampedArray(values.length);
  for (let at = 0; at < found.length; at++) found[at] = along(values[at], low, reach, top);
  return found;
}

const rounded = new Uint8ClampedArray(1);

/** As `levels`, of one. @param {number} value @param {Scale} scale @param {number} top */
export function level(value, scale, top) {
  rounded[0] = along(value, Math.fround(scale.low), Math.fround(scale.high - scale.low), top);
  return rounded[0];
}

/**
 * Show three maps as the red, green and blue of one picture.
 *
 * @param {Maps} maps
 * @param {Scale} scale
 * @returns {ImageData}
 */
export function composite(maps, scale) {
  const image = new ImageData(maps.width, maps.height);
  const bytes = image.data.fill(255);
  maps.planes.slice(0, 3).forEach((plane, channel) => {
    const found = levels(plane, scale, 255);
    for (let at = 0; at < found.length; at++) bytes[4 * at + channel] = found[at];
  });
  return image;
}

/**
 * Color one map.
 *
 * @param {Maps} maps
 * @param {number} index of the map
 * @param {Scale} scale
 * @param {Palette} palette of the scale's color map
 * @returns {ImageData}
 */
export function colorize(maps, index, scale, palette) {
  const image = new ImageData(maps.width, maps.height);
  const colors = new Uint32Array(image.data.buffer);
  const packed = Uint32Array.from(palette, ([red, green, blue]) =>
    ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0,
  );
  const found = levels(maps.planes[index], scale, packed.length - 1);
  for (let at = 0; at < found.length; at++) colors[at] = packed[found[at]];
  return image;
}

/** By how much the server enlarges a picture whose pixels are to be seen. @param {number} width */
export const enlargement = (width) => Math.max(1, Math.floor(ENLARGED_PIXELS / width));

/**
 * How many columns make tiles about as wide as they are high together.
 *
 * @param {number} height
 * @param {number} width
 * @param {number} count
 */
export function squareColumns(height, width, count) {
  const ideal = Math.sqrt((count * height) / width);
  const nearest = halfToEven(ideal);
  const fewest = Math.max(1, Math.min(count, nearest));
  const most = Math.max(1, Math.min(count, nearest >= 5 ? nearest + 1 : nearest));
  /** @param {number} columns @returns {[number, number]} */
  const cost = (columns) => [(columns - (count % columns)) % columns, Math.abs(columns - ideal)];
  const [first, second] = [cost(fewest), cost(most)];
  const isSecond = second[0] < first[0] || (second[0] === first[0] && second[1] < first[1]);
  return isSecond ? most : fewest;
}

/**
 * Where tiles lie in one sheet of at most `maxWidth` pixels.
 *
 * @param {number} height
 * @param {number} width
 * @param {number} count
 * @param {number} maxWidth
 */
export function tileSheet(height, width, count, maxWidth) {
  const columns = squareColumns(height, width, count);
  const reduction = Math.min((maxWidth / columns - GAP) / width, 1);
  const tile = {
    height: Math.max(1, halfToEven(height * reduction)),
    width: Math.max(1, halfToEven(width * reduction)),
  };
  return {
    tile,
    columns,
    height: Math.ceil(count / columns) * (tile.height + GAP) - GAP,
    width: columns * (tile.width + GAP) - GAP,
    gap: `rgb(${GAP_LEVEL},${GAP_LEVEL},${GAP_LEVEL})`,
    places: Array.from({ length: count }, (_, index) => ({
      left: (index % columns) * (tile.width + GAP),
      top: Math.floor(index / columns) * (tile.height + GAP),
    })),
  };
}
