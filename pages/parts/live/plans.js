// @ts-check
/**
 * What each page shows with given settings: its pictures, its formulas, its frames.
 *
 * Settings come by the keys of the controls, as the page's address has them.
 *
 * @typedef {import("./layers.js").Maps} Maps
 * @typedef {import("./render.js").Scale} Scale
 * @typedef {Record<string, any>} Settings
 * @typedef {(sums: number) => number} Ease of so many sums, compute every n-th value in a direction
 * @typedef {import("./places.js").Box} Box
 * @typedef {import("./follow.js").Given} Given
 *
 * @typedef {{
 *   place: number, maps: Maps, shape: number[], isSampled: boolean, scale: Scale,
 *   display: "composite" | "tiles" | "single", index: number,
 *   room: {height: number, width: number}, factor: number, maxWidth?: number, outline?: Box,
 *   isClipped?: boolean, range?: [number, number], reducedFrom?: number[], called?: string,
 *   isRead?: boolean, numbers?: number[],
 *   layout?: import("./stages.js").Layout, draw?: () => ImageData, keepsFacts?: boolean,
 * }} Shown one of the page's pictures, the first at place 0; `room` is what it stands in, drawn
 *     `factor` times as large; `called` are words for the place of a value; what is written under it
 *     is left as it is if it `keepsFacts`; `range` are the extremes where the values are not all there;
 *     they may be read off the picture's colors, and tiles have numbers of their own
 *
 * @typedef {{
 *   shown: Shown[], sizes: [string, number][], texts: Record<string, string | string[]>,
 *   origin?: (place: number, cell: import("./cells.js").Cell) => import("./cells.js").Part | null,
 *   textsAt?: (cell: [number, number], index: number) => Record<string, string>,
 *   notes?: (shown: Shown, cell: import("./cells.js").Cell) => string[],
 * }} View pictures, how large they are, and what else is written where; the part of a picture that a
 *     value of another comes from, and what is written if one points at a value; there, and below it
 */
import { ascent } from "./ascent_plan.js";
import { sizeFormula } from "./facts.js";
import { layOver, namedKernel, randomKernels } from "./kernels.js";
import { featureMaps } from "./feature_maps_plan.js";
import { heatmaps } from "./heatmap_plan.js";
import { home } from "./home_plan.js";
import { activate, convolve, pool } from "./layers.js";
import { lenet } from "./lenet_plan.js";
import { readNumber } from "./numbers.js";
import { frame, kernelBetween, shares, sumAt, windowAt, windowOf } from "./places.js";
import { predictions } from "./predictions_plan.js";
import {
  ENLARGED_PIXELS,
  PICTURE_SCALE,
  anchoredChannelScale,
  channelScale,
  enlargement,
  valueScale,
} from "./render.js";
import { oneFilter } from "./sums.js";
import { votes } from "./votes_plan.js";
import { largestDilation, outputSize, span } from "./windows.js";

const TILES_WIDTH = 1024;
const INPUT_KERNEL = 3;

/** @param {Maps} maps @param {number} height @param {number} width @param {number} every */
const whole = (maps, height, width, every) => ({
  maps,
  shape: [height, width, maps.planes.length],
  isSampled: every > 1,
});

/** @param {Settings} said @param {string} kind @param {string} zeros */
const paddingOf = (said, kind, zeros) => (said[kind] === "zeros" ? said[zeros] : said[kind]);

/** @param {string} text @returns {number[][] | null} */
function readKernel(text) {
  const rows = text.trim().split(/[;\n]/).map((row) => row.trim().split(/[\s,]+/).map(readNumber)); // prettier-ignore
  const isGrid = rows.every((row) => row.length === rows[0].length && row.every(Number.isFinite));
  return isGrid ? rows : null;
}

/** @param {Settings} said */
function kernelsOf(said) {
  if (said.kernels === "random") {
    const { groups } = said;
    const filters = Math.max(Math.floor(said.filters / groups), 1) * groups;
    return randomKernels(said.size, filters, 3, said.seed, groups);
  }
  if (said.kernels === "named") {
    const grid = namedKernel(said.kernel, said.kernel_size, said.angle);
    return layOver(grid, said.named_colors, 3);
  }
  const grid = readKernel(said.weights);
  return grid && layOver(grid, said.colors, 3);
}

/**
 * @param {Maps} picture
 * @param {Settings} said
 * @param {Ease} ease
 * @param {Given} given
 * @returns {View | null}
 */
export function convolution(picture, said, ease, given) {
  const kernels = kernelsOf(said);
  if (!kernels) return null;
  const { stride } = said;
  const padding = paddingOf(said, "padding", "zeros");
  const most = Math.max(kernels.height, kernels.width);
  const shortest = Math.min(picture.height, picture.width);
  const dilation = Math.min(said.dilation, largestDilation(shortest, most, padding));
  /** @param {number} size @param {number} kernel */
  const side = (size, kernel) => outputSize(size, kernel, stride, padding, dilation);
  const height = side(picture.height, kernels.height);
  const width = side(picture.width, kernels.width);
  if (height < 1 || width < 1) return null;
  const every = ease(height * width * kernels.weights.filter(Boolean).length);
  const maps = convolve(picture, kernels, { stride, padding, dilation, every });
  const look = lookOf(maps, said);
  const isProportional = look.display !== "tiles" && said.size_on_screen === "proportional";
  const room = isProportional
    ? { height: Math.max(height, picture.height), width: Math.max(width, picture.width) }
    : { height, width };
  const factor = isProportional ? 1 : enlargement(width);
  const sliding = { sides: /** @type {[number, number]} */ ([height, width]), stride, padding, dilation };
  /** @param {number} size @param {number} kernel */
  const formula = (size, kernel) => sizeFormula(size, kernel, stride, padding, dilation);
  /** @param {ReturnType<typeof windowOf>} at @param {number} index of the filter */
  const textsAt = (at, index) =>
    atPlace(picture, kernels, said, { ...sliding, at }, { ...look, index, room }, given);
  return {
    shown: [
      { ...whole(maps, height, width, every), place: 1, ...look, room, factor, maxWidth: TILES_WIDTH },
    ],
    sizes: [formula(picture.height, kernels.height), formula(picture.width, kernels.width)],
    texts: textsAt(windowAt(picture, kernels, sliding, [said.down, said.across]), look.index),
    origin: (place, { row, column }) => {
      if (place !== 1) return null;
      const { start } = windowOf(picture, kernels, sliding, [row, column]);
      const size = { height: span(kernels.height, dilation), width: span(kernels.width, dilation) };
      return { place: 0, start, ...size };
    },
    textsAt: (cell, index) => textsAt(windowOf(picture, kernels, sliding, cell), index),
  };
}

/**
 * How the maps of a convolution are shown.
 *
 * @param {Maps} maps
 * @param {Settings} said
 * @returns {Pick<Shown, "display" | "scale" | "index">}
 */
function lookOf(maps, said) {
  const count = maps.planes.length;
  const display = count === 1 ? "single" : count === 3 ? said.display : said.display_many;
  const index = display === "single" ? Math.min(said.filter, count) - 1 : 0;
  if (display !== "composite") return { display, index, scale: valueScale(maps.planes) };
  const isFitted = said.color_range === "fitted";
  return { display, index, scale: isFitted ? channelScale(maps.planes) : PICTURE_SCALE };
}

/**
 * Frames, kernel and sum at one place.
 *
 * @param {Maps} picture
 * @param {import("./kernels.js").Kernels} kernels
 * @param {Settings} said
 * @param {Parameters<typeof windowAt>[2] & {at: ReturnType<typeof windowOf>}} sliding
 * @param {Pick<Shown, "display" | "index" | "room">} look
 * @param {Given} given
 */
function atPlace(picture, kernels, said, sliding, { display, index, room }, given) {
  const { at, dilation, sides } = sliding;
  const spans = { height: span(kernels.height, dilation), width: span(kernels.width, dilation) };
  const laid = said.kernels === "random" ? "random" : said.kernels === "named" ? said.named_colors : said.colors; // prettier-ignore
  const filter = { index, laid, weights: oneFilter(kernels, index, laid) };
  const [row, column] = at.cell.map((one, axis) => {
    const around = [room.height, room.width][axis] - sides[axis];
    return one + Math.floor(around / 2);
  });
  const target = display === "tiles" ? "" : frame(shares([row, column], { height: 1, width: 1 }, room));
  const note = given.words.filter
    .replace("{number}", `${index + 1}`)
    .replace("{count}", `${kernels.filters}`);
  const isOneOf = laid === "random" && kernels.filters > 1;
  return {
    ".st-key-conv-frame .conv-overlay": frame(shares(at.start, spans, picture)),
    ".st-key-conv-after .conv-overlay": target,
    ".conv-kernel > div": kernelBetween(kernels, filter.weights, given),
    ...(laid === "random" ? { ".conv-kernel > small": isOneOf ? note : "" } : {}),
    ".conv-sum": sumAt(picture, kernels, at, dilation, filter, given),
  };
}

/**
 * What a page's layer gets: the picture, or the maps of a random convolution; ReLU after it or not.
 *
 * @param {Maps} picture
 * @param {Settings} said
 * @param {string} prefix of the controls' keys
 */
function inputOf(picture, said, prefix) {
  if (said[`${prefix}_input`] === "picture") return picture;
  const size = Math.min(INPUT_KERNEL, picture.height, picture.width);
  const kernels = randomKernels(size, said[`${prefix}_filters`], 3, said[`${prefix}_seed`]);
  return convolve(picture, kernels, { stride: 1, padding: "valid", dilation: 1 });
}

/**
 * @param {Maps} picture
 * @param {Settings} said
 * @returns {View}
 */
export function activation(picture, said) {
  const isByte = said.act_values === 255;
  const planes = isByte ? picture.planes : picture.planes.map((plane) => plane.map((x) => x / 255));
  const before = inputOf({ ...picture, planes }, said, "act");
  const after = activate(before, said.act_function, said.act_slope);
  const count = before.planes.length;
  const display = count === 1 ? "single" : count === 3 ? said.act_display : "tiles";
  const anchored = said.act_scale === "zero" ? anchoredChannelScale : channelScale;
  const scaleOf = display === "composite" ? anchored : valueScale;
  const isShared = said.act_scale === "shared";
  const shown = [before, after].map((maps, place) => ({
    ...whole(maps, maps.height, maps.width, 1),
    place,
    scale: scaleOf(isShared ? [...before.planes, ...after.planes] : maps.planes),
    display,
    index: 0,
    room: maps,
    factor: 1,
    maxWidth: ENLARGED_PIXELS,
  }));
  return {
    shown,
    sizes: [],
    texts: {},
    origin: (place, { row, column, index }) =>
      place === 1 ? { place: 0, start: [row, column], height: 1, width: 1, index } : null,
  };
}

/**
 * @param {Maps} picture
 * @param {Settings} said
 * @param {Ease} ease
 * @returns {View | null}
 */
export function pooling(picture, said, ease) {
  const isPicture = said.pool_input === "picture";
  const linear = inputOf(picture, said, "pool");
  const before = said.pool_relu && !isPicture ? activate(linear, "relu", 0) : linear;
  const size = said.pool_size;
  const stride = said.pool_touch ? size : said.pool_stride;
  const padding = said.pool_padding;
  const sides = [before.height, before.width].map((side) => outputSize(side, size, stride, padding));
  const [height, width] = sides;
  if (height < 1 || width < 1) return null;
  const every = ease(3 * height * width * size * size * before.planes.length);
  const after = pool(before, size, { stride, padding, mode: said.pool_mode, every });
  const display = before.planes.length === 3 ? "composite" : "single";
  const fitted = display === "composite" ? channelScale : valueScale;
  const scale = isPicture ? PICTURE_SCALE : fitted(before.planes);
  const room = { height: before.height, width: before.width };
  /** @type {Pick<Shown, "scale" | "display" | "index">} */
  const look = { scale, display, index: 0 };
  const pooled = { ...whole(after, height, width, every), ...look };
  const kernel = { height: size, width: size };
  const sliding = { sides: /** @type {[number, number]} */ ([height, width]), stride, padding, dilation: 1 };
  const { cell, start } = windowAt(before, kernel, sliding, [said.pool_down, said.pool_across]);
  const own = { height, width };
  const outline = shares(cell, { height: 1, width: 1 }, own);
  return {
    shown: [
      {
        ...whole(before, before.height, before.width, 1),
        ...look,
        place: 0,
        room,
        factor: 1,
        outline: inside(start, kernel, before),
      },
      { ...pooled, place: 1, room, factor: 1 },
      { ...pooled, place: 2, room: own, factor: enlargement(width), outline },
    ],
    sizes: [before.height, before.width].map((side) => sizeFormula(side, size, stride, padding)),
    texts: {},
    origin: (place, { row, column, index }) => {
      if (place === 0) return null;
      const { start } = windowOf(before, kernel, sliding, [row, column]);
      return { place: 0, start, ...kernel, index };
    },
  };
}

/**
 * The part of a window that lies in the picture.
 *
 * @param {[number, number]} start
 * @param {{height: number, width: number}} size
 * @param {{height: number, width: number}} picture
 */
function inside([row, column], { height, width }, picture) {
  const top = Math.max(row, 0);
  const left = Math.max(column, 0);
  const seen = {
    height: Math.min(row + height, picture.height) - top,
    width: Math.min(column + width, picture.width) - left,
  };
  return shares([top, left], seen, picture);
}

/**
 * The picture itself, which needs nothing computed: no slider changes what the loupe shows of it.
 *
 * @returns {View}
 */
export const architecture = () => ({ shown: [], sizes: [], texts: {} });

/** @type {Record<string, (picture: Maps, said: Settings, ease: Ease, given: Given) => View | null>} */
export const PLANS = {
  convolution, activation, pooling, lenet, heatmaps, predictions, home,
  architecture, votes, feature_maps: featureMaps, ascent,
};
