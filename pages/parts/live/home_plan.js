// @ts-check
/**
 * Home: convolution, ReLU and pooling, as `cnnviz_core/views/home.py` has them.
 *
 * @typedef {import("./layers.js").Maps} Maps
 * @typedef {import("./plans.js").Settings} Settings
 * @typedef {import("./plans.js").View} View
 * @typedef {import("./plans.js").Shown} Shown
 * @typedef {import("./render.js").Scale} Scale
 */
import { originIn, run } from "./blocks.js";
import { layOver, namedKernel, randomKernels } from "./kernels.js";
import { anchoredChannelScale, channelScale, enlargement, valueRange } from "./render.js";

const FILTERS = 3;
/** The last hundredth of an outline's values share a color. */
const CLIPPED_SHARE = 0.99;
/** Of so many ranges of values, the one with the place is found first. */
const RANGES = 4096;

/** What is said of the last picture. */
const POOLED = '.st-key-home-sentences [data-testid="stColumn"]:last-child p';

/**
 * The kernels that the controls ask for, none larger than the picture, and what they slide over.
 *
 * @param {Maps} picture
 * @param {Settings} said
 * @returns {[Maps, import("./kernels.js").Kernels]}
 */
function inputOf(picture, said) {
  const side = Math.min(picture.height, picture.width);
  if (said.home_kernels === "random") {
    return [picture, randomKernels(Math.min(said.home_size, side), FILTERS, 3, said.home_seed)];
  }
  // Outlines are of odd size, three at least.
  const size = Math.min(said.home_outline, side - 1 + (side % 2));
  const grid = size < 3 ? namedKernel("identity", 1, 0) : namedKernel("laplacian", size, 0);
  // The mean of the channels first: the same sums in a third of the time.
  return [brightness(picture), layOver(grid, "brightness", 1)];
}

/** @param {Maps} picture @returns {Maps} the mean of its channels */
function brightness({ height, width, planes: [red, green, blue] }) {
  return { height, width, planes: [red.map((value, at) => (value + green[at] + blue[at]) / 3)] };
}

/**
 * The value below which lies a share of all; between two of them, in proportion.
 *
 * @param {Float32Array} values none of them negative
 * @param {number} share from 0 to below 1
 */
export function quantile(values, share) {
  const place = share * (values.length - 1);
  const before = Math.floor(place);
  // Sorting all would take longer than computing them: sorted are those from the place on alone.
  const [, top] = valueRange([values]);
  const scale = top ? (RANGES - 1) / top : 0;
  const counts = new Uint32Array(RANGES);
  for (let at = 0; at < values.length; at++) counts[Math.floor(values[at] * scale)]++;
  let range = 0;
  let below = 0;
  while (below + counts[range] <= before) below += counts[range++];
  const above = values.filter((value) => Math.floor(value * scale) >= range).sort();
  const low = above[before - below];
  const high = above[before - below + 1] ?? low;
  return low + (high - low) * (place - before);
}

/**
 * The scales before ReLU and after it.
 *
 * @param {Maps} summed
 * @param {Maps} kept
 * @returns {[Scale, Scale]}
 */
function scalesOf(summed, kept) {
  if (summed.planes.length === 3) return [channelScale(summed.planes), anchoredChannelScale(kept.planes)];
  const reach = quantile(summed.planes[0].map(Math.abs), CLIPPED_SHARE) || 1;
  return [
    { low: -reach, high: reach, color_map: "diverging" },
    { low: 0, high: reach, color_map: "sequential" },
  ];
}

/**
 * @param {Maps} picture
 * @param {Settings} said with what stands under the last picture: `pooled`, or `kept` where windows
 *     have one value each
 * @param {import("./plans.js").Ease} ease
 * @returns {View}
 */
export function home(picture, said, ease) {
  const [input, kernels] = inputOf(picture, said);
  const size = kernels.height;
  const window = Math.min(said.home_window, Math.min(picture.height, picture.width) - size + 1);
  /** @type {import("./blocks.js").Block} */
  const block = {
    filters: kernels.filters,
    size,
    stride: 1,
    padding: "valid",
    dilation: 1,
    activation: "relu",
    slope: 0,
    window,
    poolStride: window,
    poolPadding: "valid",
    mode: "max",
  };
  const stages = run(input, block, kernels, ease);
  const [before, after] = scalesOf(stages[0].maps, stages[1].maps);
  return {
    shown: stages.map(({ maps, isSampled }, at) => ({
      place: at + 1,
      maps,
      shape: [maps.height, maps.width, maps.planes.length],
      isSampled,
      scale: at ? after : before,
      display: maps.planes.length === 3 ? "composite" : "single",
      index: 0,
      room: maps,
      factor: enlargement(maps.width),
    })),
    sizes: [],
    texts: { [POOLED]: window > 1 ? said.pooled.replaceAll("{window}", `${window}`) : said.kept },
    origin: (place, cell) =>
      place === 0 ? null : { place: place - 1, ...originIn(block, picture, place - 1, cell) },
  };
}
