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
 * @typedef {{left: number, top: number, width: number, height: number}} Box in shares of a picture
 *
 * @typedef {{
 *   place: number, maps: Maps, shape: number[], isSampled: boolean, scale: Scale,
 *   display: "composite" | "tiles" | "single", index: number,
 *   room: {height: number, width: number}, maxWidth?: number, outline?: Box,
 * }} Shown one of the page's pictures, the first at place 0; `room` is what it stands in
 *
 * @typedef {{
 *   shown: Shown[], sizes: [string, number][], frames: Record<string, Box | null>,
 * }} View
 */
import { sizeFormula } from "./facts.js";
import { layOver, namedKernel, randomKernels } from "./kernels.js";
import { activate, convolve, pool } from "./layers.js";
import { PICTURE_SCALE, anchoredChannelScale, channelScale, valueScale } from "./render.js";
import { largestDilation, outputSize, padAmounts, span } from "./windows.js";

const TILES_WIDTH = 1024;
const ENLARGED_PIXELS = 600;
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
  const rows = text.trim().split(/[;\n]/).map((row) => row.trim().split(/[\s,]+/).map(Number)); // prettier-ignore
  const isGrid = rows.every((row) => row.length === rows[0].length && row.every(Number.isFinite));
  return isGrid ? rows : null;
}

/** @param {Settings} said */
function kernelsOf(said) {
  if (said.kernels === "random") return randomKernels(said.size, said.filters, 3, said.seed);
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
 * @returns {View | null}
 */
export function convolution(picture, said, ease) {
  const kernels = kernelsOf(said);
  if (!kernels) return null;
  const padding = paddingOf(said, "padding", "zeros");
  const most = Math.max(kernels.height, kernels.width);
  const shortest = Math.min(picture.height, picture.width);
  const dilation = Math.min(said.dilation, largestDilation(shortest, most, padding));
  const { stride } = said;
  const height = outputSize(picture.height, kernels.height, stride, padding, dilation);
  const width = outputSize(picture.width, kernels.width, stride, padding, dilation);
  if (height < 1 || width < 1) return null;
  const every = ease(height * width * kernels.weights.filter(Boolean).length);
  const maps = convolve(picture, kernels, { stride, padding, dilation, every });
  const display =
    kernels.filters === 1 ? "single" : kernels.filters === 3 ? said.display : said.display_many;
  const isFitted = display === "composite" && said.color_range === "fitted";
  const scale = isFitted ? channelScale(maps.planes) : display === "composite" ? PICTURE_SCALE : valueScale(maps.planes); // prettier-ignore
  const isProportional = display !== "tiles" && said.size_on_screen === "proportional";
  const room = isProportional
    ? { height: Math.max(height, picture.height), width: Math.max(width, picture.width) }
    : { height, width };
  const after = {
    ...whole(maps, height, width, every),
    place: 1,
    scale,
    display,
    index: Math.min(said.filter, kernels.filters) - 1,
    room,
    maxWidth: TILES_WIDTH,
  };
  /** @param {number} size @param {number} kernel */
  const formula = (size, kernel) => sizeFormula(size, kernel, stride, padding, dilation);
  const { source, target } = frames(picture, [kernels.height, kernels.width], said, {
    sides: [height, width], stride, padding, dilation, room, down: "down", across: "across",
  }); // prettier-ignore
  return {
    shown: [after],
    sizes: [formula(picture.height, kernels.height), formula(picture.width, kernels.width)],
    frames: {
      ".st-key-conv-frame .conv-box": source,
      ".st-key-conv-after .conv-box": display === "tiles" ? null : target,
    },
  };
}

/**
 * The window in the picture, and the value in what came of it, at a place in percent of the way.
 *
 * @param {Maps} picture
 * @param {[number, number]} kernel
 * @param {Settings} said
 * @param {{
 *   sides: [number, number], stride: number, padding: import("./windows.js").Padding,
 *   dilation: number, room: {height: number, width: number}, down: string, across: string,
 * }} sliding
 * @returns {{source: Box, target: Box}}
 */
function frames(picture, kernel, said, { sides, stride, padding, dilation, room, down, across }) {
  const lengths = [picture.height, picture.width];
  const rooms = [room.height, room.width];
  const edges = [said[down], said[across]].map((percent, axis) => {
    const cell = Math.floor((percent * (sides[axis] - 1)) / 100);
    const [before] = padAmounts(lengths[axis], kernel[axis], stride, padding, dilation);
    const start = cell * stride - before;
    const low = Math.max(start, 0);
    const high = Math.min(start + span(kernel[axis], dilation), lengths[axis]);
    const at = cell + Math.floor((rooms[axis] - sides[axis]) / 2);
    return {
      source: [low / lengths[axis], (high - low) / lengths[axis]],
      target: [at / rooms[axis], 1 / rooms[axis]],
    };
  });
  /** @param {"source" | "target"} which */
  const box = (which) => {
    const [[top, height], [left, width]] = edges.map((edge) => edge[which]);
    return { left, top, width, height };
  };
  return { source: box("source"), target: box("target") };
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
    maxWidth: ENLARGED_PIXELS,
  }));
  return { shown, sizes: [], frames: {} };
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
  const whereAfter = whole(after, height, width, every);
  const place = { stride, padding, dilation: 1, down: "pool_down", across: "pool_across" };
  const { source, target } = frames(before, [size, size], said, {
    sides: [height, width],
    room: { height, width },
    ...place,
  });
  return {
    shown: [
      { ...whole(before, before.height, before.width, 1), place: 0, ...look, room, outline: source },
      { ...whereAfter, place: 1, ...look, room },
      { ...whereAfter, place: 2, ...look, room: { height, width }, outline: target },
    ],
    sizes: [before.height, before.width].map((side) => sizeFormula(side, size, stride, padding)),
    frames: {},
  };
}

/** @type {Record<string, (picture: Maps, said: Settings, ease: Ease) => View | null>} */
export const PLANS = { convolution, activation, pooling };
