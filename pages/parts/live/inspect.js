// @ts-check
/**
 * The numbers under the finger: point at a picture, and a loupe shows the value that is drawn there
 * and the part of the picture before it that it comes from.
 *
 * Hovering, tapping and the arrow keys ask nothing of the server: the values are computed here.
 *
 * @typedef {import("./follow.js").Given} Given
 * @typedef {import("./plans.js").Shown} Shown
 * @typedef {import("./plans.js").View} View
 * @typedef {import("./cells.js").Cell} Cell
 * @typedef {(chosen: {place: number, down: number, across: number, tile: number | null}) => void} Send
 *     of the page's pictures which, where in it in percent of the way, and which of its tiles
 */
import { boxesOf, cellAt, unitOf, valuesAt, within } from "./cells.js";
import { exactPlanes } from "./exact.js";
import { seen } from "./fields.js";
import { hideLoupe, showLoupe } from "./loupe.js";
import { marksOf } from "./marks.js";
import { restore, writeAll } from "./overwriting.js";
import { ROW, imageBelow, images, isFollowing, now, picture, said } from "./page_state.js";
import { frame } from "./places.js";
import { PLANS } from "./plans.js";
import { read } from "./readings.js";
import { PICTURE_SCALE } from "./render.js";

/** Rows and columns that an arrow key moves by, alone and with the shift key. */
const STEP = 1;
const LONG_STEP = 10;

/** Where the page says what the units of a network see. */
const FIELD = "data-live-field";

/** A hand that presses moves by so many pixels without meaning to. */
const STILL = 4;

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** @type {Given} */
let given;

/** @type {{key: string, pixels: unknown, view: View | null}} What settings make of a picture, in full. */
let known = { key: "", pixels: null, view: null };

/** @type {{key: string, shown: Shown | null}} What was read off the picture that is pointed at. */
let readings = { key: "", shown: null };

/** @type {Send} */
let send;

/** @type {(name: string) => void} */
let ask;

/** Where the hand has pressed last. */
let pressed = { x: 0, y: 0 };
let isTouch = false;

/** @type {{image: HTMLImageElement, shown: Shown, cell: Cell, isNew: boolean, isExact: boolean} | null} */
let pointed = null;

/** @returns {View | null} what the settings make of the picture, as soon as that is there */
function view() {
  const settings = said();
  const pixels = picture();
  if (!settings || !pixels || !PLANS[settings.page]) return null;
  const key = JSON.stringify(now(settings));
  if (known.key !== key || known.pixels !== pixels) {
    known = { key, pixels, view: PLANS[settings.page](pixels, now(settings), () => 1, given) };
  }
  return known.view;
}

/**
 * What a picture of the page shows; the first may be the picture itself.
 *
 * @param {View | null} current
 * @param {number} place
 * @returns {Shown | null}
 */
function shownAt(current, place) {
  const read = readAt(place);
  const shown = current?.shown.find((one) => one.place === place);
  if (read || shown) return read ?? shown ?? null;
  const pixels = picture();
  if (!current || place !== 0 || !pixels) return null;
  return {
    place: 0,
    maps: pixels,
    shape: [pixels.height, pixels.width, pixels.planes.length],
    isSampled: false,
    scale: PICTURE_SCALE,
    display: "composite",
    index: 0,
    room: pixels,
    factor: 1,
  };
}

/**
 * What can be read off a picture whose values are on the server; null where the page says no more.
 *
 * @param {number} place
 */
function readAt(place) {
  const image = images()[place];
  const grid = document.querySelectorAll(`${ROW} .cnnviz-facts`)[place]?.getAttribute("data-grid");
  if (!grid || !image?.complete) return null;
  const key = grid + image.src;
  if (readings.key !== key) {
    readings = { key, shown: read(image, JSON.parse(grid), place, given.palettes) };
  }
  return readings.shown;
}

/**
 * Show what is drawn at a value of a picture, and where that comes from.
 *
 * @param {HTMLImageElement} image
 * @param {(shown: Shown) => Cell | null} choose which value of it
 */
function pointAt(image, choose) {
  // What is written over the page then is the slider's.
  if (isFollowing()) return;
  const current = view();
  const shown = shownAt(current, images().indexOf(image));
  const cell = shown && choose(shown);
  if (!cell) return leave();
  if (pointed?.image === image && JSON.stringify(pointed.cell) === JSON.stringify(cell)) return;
  leave();
  const exact = exactAt(shown);
  pointed = { image, shown, cell, isNew: true, isExact: exact !== null };
  const values = valuesAt(shown, cell);
  const { pinch, wheel } = given.words;
  const notes = current?.notes?.(shown, cell) ?? [];
  const written = exact ? valuesAt(exact, cell) : values;
  const hint = isTouch ? pinch : wheel;
  showLoupe(image, exact ?? shown, cell, written, given.words, { notes, hint });
  mark(shown, values);
  const field = seenBy(shown, cell);
  if (field) outline(images()[field.place], [field.box]);
  if (shown.display === "tiles") layOver(image, marksOf(image, shown, cell));
  const origin = current?.origin?.(shown.place, cell);
  if (!current || !origin) return;
  if (current.textsAt) writeAll(current.textsAt([cell.row, cell.column], cell.index));
  else outlinePart(current, origin);
}

/**
 * The same picture with the values that the server has, where it has sent them.
 *
 * @param {Shown} shown
 * @returns {Shown | null}
 */
function exactAt(shown) {
  const planes = shown.isRead ? exactPlanes(shown.place, shown.maps, ask) : null;
  return planes && { ...shown, maps: { ...shown.maps, planes }, isClipped: false };
}

/** Show the loupe anew, if what it shows has come meanwhile. */
function refresh() {
  if (!pointed || pointed.isExact || !exactAt(pointed.shown)) return;
  const { image, cell } = pointed;
  leave();
  pointAt(image, () => cell);
}

/**
 * The part of the picture that a unit of a network sees, where the page says so.
 *
 * @param {Shown} shown
 * @param {Cell} cell
 */
function seenBy(shown, cell) {
  const text = document.querySelector(`[${FIELD}]`)?.getAttribute(FIELD);
  return text ? seen(JSON.parse(text), ...unitOf(shown, cell)) : null;
}

/** Put the loupe away, and all that came with it. */
export function leave() {
  if (!pointed) return;
  pointed = null;
  hideLoupe();
  restore();
  for (const one of document.querySelectorAll(".cnnviz-origin")) one.remove();
  for (const one of document.querySelectorAll(`${ROW} .cnnviz-bar`)) one.removeAttribute("data-at");
}

/**
 * Mark values on the color bars of a picture.
 *
 * @param {Shown} shown
 * @param {number[]} values
 */
function mark({ place, scale }, values) {
  const facts = document.querySelectorAll(`${ROW} .cnnviz-facts`)[place];
  const bars = facts?.querySelectorAll(".cnnviz-bar") ?? [];
  values.forEach((value, channel) => {
    const bar = /** @type {HTMLElement | undefined} */ (bars[channel]);
    if (!bar) return;
    const share = (value - scale.low) / (scale.high - scale.low);
    bar.style.setProperty("--at", `${100 * Math.min(Math.max(share, 0), 1)}%`);
    bar.setAttribute("data-at", "");
  });
}

/**
 * @param {View} current
 * @param {import("./cells.js").Part} part
 */
function outlinePart(current, part) {
  const before = shownAt(current, part.place);
  if (before) outline(images()[part.place], boxesOf(before, part));
}

/**
 * Frame what a value comes from.
 *
 * @param {HTMLImageElement | undefined} image
 * @param {import("./places.js").Box[]} boxes
 */
function outline(image, boxes) {
  if (image) layOver(image, boxes.map(frame).join(""));
}

/**
 * @param {HTMLImageElement} image
 * @param {string} html
 */
function layOver(image, html) {
  const room = /** @type {HTMLElement} */ (image.parentElement);
  const over = document.createElement("div");
  over.className = "cnnviz-origin";
  over.innerHTML = html;
  room.style.position = "relative";
  over.style.left = `${image.offsetLeft}px`;
  over.style.top = `${image.offsetTop}px`;
  over.style.width = `${image.offsetWidth}px`;
  over.style.height = `${image.offsetHeight}px`;
  room.append(over);
}

/** @param {PointerEvent} event which the loupe goes with */
function follow(event) {
  const image = imageBelow(event);
  if (!image) return leave();
  const { left, top, width, height } = image.getBoundingClientRect();
  const [across, down] = [(event.clientX - left) / width, (event.clientY - top) / height];
  pointAt(image, (shown) => cellAt(shown, across, down));
}

/** @param {PointerEvent} event */
function press(event) {
  pressed = { x: event.clientX, y: event.clientY };
  isTouch = event.pointerType === "touch";
  follow(event);
}

/** @param {KeyboardEvent} event which moves the loupe by a value or ten, or takes it away */
function step(event) {
  const image = /** @type {HTMLImageElement} */ (event.target);
  if (event.key === "Escape") return leave();
  const arrow = ARROWS[event.key];
  if (!arrow || !images().includes(image)) return;
  event.preventDefault();
  const far = event.shiftKey ? LONG_STEP : STEP;
  const from = pointed?.image === image ? pointed.cell : null;
  pointAt(image, (shown) => {
    const start = from ?? cellAt(shown, 0.5, 0.5) ?? { row: 0, column: 0, index: 0 };
    const moved = { ...start, row: start.row + far * arrow[0], column: start.column + far * arrow[1] };
    return from ? (within(shown, moved) ?? start) : start;
  });
}

/**
 * Tell the page what was chosen by a click; on a touch screen, by a tap on what the loupe shows.
 *
 * @param {MouseEvent} event
 */
function choose(event) {
  if (!imageBelow(event)) return;
  const isDragged = Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > STILL;
  const isFirstTap = isTouch && pointed?.isNew;
  if (pointed) pointed.isNew = false;
  if (isDragged || isFirstTap) {
    // Where a link lies over the picture, it is not followed.
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  if (!pointed) return;
  const { shown, cell } = pointed;
  const [height, width] = shown.shape;
  send({
    place: shown.place,
    down: percent(cell.row, height),
    across: percent(cell.column, width),
    tile: shown.display === "tiles" ? cell.index : null,
  });
}

/**
 * How far along an axis a value is.
 *
 * @param {number} at
 * @param {number} length
 */
const percent = (at, length) => (length > 1 ? Math.round((100 * at) / (length - 1)) : 0);

/** Have the page's pictures be reached by the tabulator. */
export function offer() {
  for (const image of images()) image.tabIndex = 0;
  refresh();
}

/**
 * Listen until `signal` says that it is over.
 *
 * @param {Given} words
 * @param {Send} answer
 * @param {(name: string) => void} wish for values in full, by what the page calls them
 * @param {AbortSignal} signal
 */
export function inspect(words, answer, wish, signal) {
  given = words;
  send = answer;
  ask = wish;
  known = { key: "", pixels: null, view: null };
  const options = { signal, passive: true };
  document.addEventListener("pointermove", follow, options);
  document.addEventListener("pointerdown", press, options);
  document.addEventListener("scroll", leave, { ...options, capture: true });
  document.addEventListener("keydown", step, { signal });
  document.addEventListener("click", choose, { signal, capture: true });
  signal.addEventListener("abort", leave);
}
