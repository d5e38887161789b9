// @ts-check
/**
 * LeNet: convolution, activation and pooling twice, and how many numbers stand behind them, as
 * `cnnviz_core/views/lenet.py` has them.
 *
 * @typedef {import("./layers.js").Maps} Maps
 * @typedef {import("./plans.js").Ease} Ease
 * @typedef {import("./plans.js").Settings} Settings
 * @typedef {import("./plans.js").View} View
 * @typedef {import("./plans.js").Shown} Shown
 * @typedef {import("./render.js").Scale} Scale
 * @typedef {import("./blocks.js").Block} Block
 * @typedef {import("./blocks.js").Computed & {scale: Scale}} Stage
 */
import { originIn, run } from "./blocks.js";
import { randomKernels } from "./kernels.js";
import { laterSeed } from "./random.js";
import { anchoredChannelScale, channelScale, valueScale } from "./render.js";
import { stageLayout } from "./stages.js";
import { largestDilation, largestKernel, outputSize } from "./windows.js";

/** Activations whose values have an upper limit. */
const BOUNDED = ["sigmoid", "tanh", "relu6", "hard_sigmoid", "softmax"];

/** Units of the dense layers. */
const HEAD = [120, 84, 10];

/** @type {{key: string, picture: Maps | null, stages: Stage[]}} The first block, if known in full. */
let known = { key: "", picture: null, stages: [] };

/**
 * What the controls of a block say; no window is larger than the room that is left for it.
 *
 * @param {Settings} said
 * @param {number} number of the block
 * @param {{height: number, width: number}} before
 * @returns {Block}
 */
function blockOf(said, number, before) {
  /** @param {string} name */
  const setting = (name) => said[`lenet_${name}${number}`];
  const padding = setting("padding");
  const stride = setting("stride");
  const room = Math.min(before.height, before.width);
  const size = Math.min(setting("size"), largestKernel(room, padding));
  const dilation = Math.min(setting("dilation"), largestDilation(room, size, padding));
  const window = Math.min(setting("window"), outputSize(room, size, stride, padding, dilation));
  return {
    filters: setting("filters"),
    size,
    stride,
    padding,
    dilation,
    activation: setting("function"),
    slope: setting("slope"),
    window,
    // As the server has it: 0 stands for windows that touch.
    poolStride: setting("pool_stride") || window,
    poolPadding: setting("pool_padding"),
    mode: setting("mode"),
  };
}

/** @param {Block} block @param {number} channels that it gets */
const countParameters = (block, channels) => (block.size ** 2 * channels + 1) * block.filters;

/**
 * The scales of a block's three pictures.
 *
 * @param {Maps[]} maps
 * @param {boolean} isComposite
 * @param {string} sharing "zero", "shared" or "own"
 * @param {boolean} isBounded
 * @returns {Scale[]}
 */
function scalesOf(maps, isComposite, sharing, isBounded) {
  const forChannels = sharing === "zero" ? anchoredChannelScale : channelScale;
  const scaleOf = isComposite ? forChannels : valueScale;
  const [first, ...later] = maps.map(({ planes }) => planes);
  if (sharing === "own") return maps.map(({ planes }) => scaleOf(planes));
  if (sharing === "shared" && !isBounded) {
    const shared = scaleOf([...first, ...later.flat()]);
    return [shared, shared, shared];
  }
  const rest = scaleOf(later.flat());
  return [scaleOf(first), rest, rest];
}

/**
 * A block's three stages with their scales.
 *
 * @param {Maps} before
 * @param {Block} block
 * @param {number} seed
 * @param {Settings} said
 * @param {Ease} ease
 * @returns {Stage[]}
 */
function stagesOf(before, block, seed, said, ease) {
  const kernels = randomKernels(block.size, block.filters, before.planes.length, seed);
  const stages = run(before, block, kernels, ease);
  const isComposite = said.lenet_maps === "composite" && block.filters === 3;
  const maps = stages.map((stage) => stage.maps);
  const scales = scalesOf(maps, isComposite, said.lenet_scale, BOUNDED.includes(block.activation));
  return stages.map((stage, at) => ({ ...stage, scale: scales[at] }));
}

/**
 * The first block's stages; while the second block's sliders move, they stay as they are.
 *
 * @type {typeof stagesOf}
 */
function firstStages(picture, block, seed, said, ease) {
  const key = JSON.stringify([block, seed, said.lenet_maps, said.lenet_scale]);
  if (known.key === key && known.picture === picture) return known.stages;
  const stages = stagesOf(picture, block, seed, said, ease);
  if (!stages.some((stage) => stage.isSampled)) known = { key, picture, stages };
  return stages;
}

/**
 * @param {Maps} picture
 * @param {Settings} said with `pools`, whether the page shows a picture of each block's pooling
 * @param {Ease} ease
 * @param {import("./follow.js").Given} given
 * @returns {View}
 */
export function lenet(picture, said, ease, { words }) {
  const seed = said.lenet_seed;
  const first = blockOf(said, 1, picture);
  const before = firstStages(picture, first, seed, said, ease);
  const between = before[2].maps;
  const second = blockOf(said, 2, between);
  const after = stagesOf(between, second, laterSeed(seed, 1), said, ease);
  // What follows from values that are not all known is not known for sure.
  const isSampled = before[2].isSampled;
  const stages = [...before, ...after.map((one) => ({ ...one, isSampled: one.isSampled || isSampled }))];
  const counts = [countParameters(first, 3), 0, 0, countParameters(second, first.filters), 0, 0];
  const isThere = [true, true, said.pools[0], true, true, said.pools[1]];
  const onPage = [0, 1, 2, 3, 4, 5].filter((at) => isThere[at]);
  return {
    shown: onPage.map((at, place) => shownOf(stages[at], place, picture, said)),
    sizes: [],
    texts: {
      ".lenet-count": onPage.map((at) => parameters(counts[at], words)),
      ...headOf(after[2].maps, words),
    },
    origin: (place, cell) => originOf([first, second], [picture, between], onPage, place, cell),
  };
}

/**
 * The part of a stage's picture that a value of the next one comes from; the first comes from the
 * picture itself, which is not on the page.
 *
 * @param {Block[]} blocks
 * @param {Maps[]} inputs of the blocks
 * @param {number[]} onPage which of the stages are on the page
 * @param {number} place
 * @param {import("./cells.js").Cell} cell
 * @returns {import("./cells.js").Part | null}
 */
function originOf(blocks, inputs, onPage, place, cell) {
  if (place === 0) return null;
  const [number, kind] = [Math.floor(onPage[place] / 3), onPage[place] % 3];
  return { place: place - 1, ...originIn(blocks[number], inputs[number], kind, cell) };
}

/**
 * @param {Stage} stage
 * @param {number} place
 * @param {Maps} picture
 * @param {Settings} said
 * @returns {Shown}
 */
function shownOf({ maps, isSampled, scale }, place, picture, said) {
  const isComposite = scale.color_map === "channels";
  const isEnlarged = said.lenet_enlarge === "enlarged";
  const layout = stageLayout(maps, isComposite, picture, isEnlarged);
  return {
    place,
    maps,
    shape: [maps.height, maps.width, maps.planes.length],
    isSampled,
    scale,
    display: isComposite ? "composite" : layout.columns > 1 ? "tiles" : "single",
    index: 0,
    room: layout.canvas,
    factor: layout.factor,
    layout,
  };
}

/**
 * What stands in the boxes of the dense layers.
 *
 * @param {Maps} last
 * @param {import("./facts.js").Words} words
 */
function headOf({ height, width, planes }, words) {
  const units = [height * width * planes.length, ...HEAD];
  const counts = HEAD.map((count, at) => parameters((units[at] + 1) * count, words));
  return {
    ".lenet-box:not(:last-child) > b": units.map((count) => count.toLocaleString("en-US")),
    ".lenet-box:not(:last-child) > small": ["", ...counts],
  };
}

/** @param {number} count @param {import("./facts.js").Words} words */
function parameters(count, words) {
  return count ? words.parameters.replace("{count}", count.toLocaleString("en-US")) : words.noParameters;
}
