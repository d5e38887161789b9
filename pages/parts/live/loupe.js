// @ts-check
/**
 * The loupe: a few pixels, enlarged, and the value of the one in the middle.
 *
 * @typedef {import("./plans.js").Shown} Shown
 * @typedef {import("./cells.js").Cell} Cell
 * @typedef {import("./facts.js").Words} Words
 */
import { layoutOf, middleOf, unitOf } from "./cells.js";
import { exactNumber, shortNumber } from "./numbers.js";

/** So many squares a side, an odd number, each so many pixels wide. */
const SQUARES = 9;
const SQUARE = 12;
const SIDE = SQUARES * SQUARE;

/** Between the pointed square and the loupe, in pixels: a finger covers what is nearer. */
const DISTANCE = 24;

const NAME = "cnnviz-loupe";

/** @returns {HTMLElement} */
function loupe() {
  const there = /** @type {HTMLElement | null} */ (document.querySelector(`.${NAME}`));
  if (there) return there;
  const made = document.createElement("div");
  made.className = NAME;
  made.setAttribute("role", "status");
  made.innerHTML = `<canvas width="${SIDE}" height="${SIDE}"></canvas><div></div><small></small>`;
  document.body.append(made);
  return made;
}

/**
 * What a value is called: its channel, its map, or nothing where there is only one.
 *
 * @param {Shown} shown
 * @param {Cell} cell
 * @param {number[]} values
 * @param {Words} words
 */
function lines(shown, cell, values, words) {
  const written = values.map((value, channel) => {
    const name = values.length > 1 ? `<b>${words.letters[channel]}</b> ` : "";
    return name + (shown.isSampled ? about(value, shown) : exactNumber(value));
  });
  const [row, column] = unitOf(shown, cell);
  const isOneOf = shown.display !== "composite" && shown.shape[2] > 1;
  const where = (shown.called ?? (isOneOf ? `${words.map}: ${words.cell}` : words.cell))
    .replace("{number}", `${(shown.numbers?.[cell.index] ?? cell.index) + 1}`)
    .replace("{row}", `${row + 1}`)
    .replace("{column}", `${column + 1}`);
  return [where, ...written];
}

/**
 * A value that was read off a color: about this, or, at an end of the scale, at least this.
 *
 * @param {number} value
 * @param {Shown} shown
 */
function about(value, { scale, isClipped }) {
  if (isClipped && value >= scale.high) return `≥ ${shortNumber(scale.high)}`;
  if (isClipped && scale.low < 0 && value <= scale.low) return `≤ ${shortNumber(scale.low)}`;
  return `≈ ${shortNumber(value)}`;
}

/**
 * Show the loupe beside a value of a picture.
 *
 * @param {HTMLImageElement} image
 * @param {Shown} shown
 * @param {Cell} cell
 * @param {number[]} values
 * @param {Words} words
 * @param {{notes: string[], hint: string}} more what else there is to say, and what can be done
 */
export function showLoupe(image, shown, cell, values, words, { notes, hint }) {
  const element = loupe();
  const [canvas, text, more] = element.children;
  const [across, down] = middleOf(shown, cell);
  const over = /** @type {HTMLCanvasElement | null} */ (image.parentElement?.querySelector("canvas.cnnviz-live"));
  enlarge(/** @type {HTMLCanvasElement} */ (canvas), over ?? image, shown, [across, down]);
  text.innerHTML = [...lines(shown, cell, values, words), ...notes].join("<br>");
  more.textContent = hint;
  const box = image.getBoundingClientRect();
  const { width, height } = element.getBoundingClientRect();
  const [x, y] = [box.left + across * box.width, box.top + down * box.height];
  const isRoomRight = x + DISTANCE + width < innerWidth;
  const left = isRoomRight ? x + DISTANCE : Math.max(x - DISTANCE - width, 4);
  // Not over the color bars below the picture, which have their marks.
  const lowest = Math.min(box.bottom, innerHeight - 4) - height;
  const top = Math.max(Math.min(y - height / 2, lowest), 4);
  element.style.left = `${left}px`;
  element.style.top = `${top}px`;
}

/**
 * Draw the squares around a place, and a frame around the one in the middle.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLImageElement | HTMLCanvasElement} source
 * @param {Shown} shown
 * @param {[number, number]} middle in shares of the source
 */
function enlarge(canvas, source, shown, [across, down]) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const width = "naturalWidth" in source ? source.naturalWidth : source.width;
  const height = "naturalHeight" in source ? source.naturalHeight : source.height;
  const { tile, factor } = layoutOf(shown);
  // In a reduced tile a value may be less than a pixel wide; cells of a large picture are wide.
  const square = Math.max(1, (factor * tile.width) / shown.shape[1]);
  const start = [across * width, down * height].map((at) => at - (SQUARES * square) / 2);
  context.clearRect(0, 0, SIDE, SIDE);
  context.imageSmoothingEnabled = false;
  context.drawImage(source, start[0], start[1], SQUARES * square, SQUARES * square, 0, 0, SIDE, SIDE);
  const edge = ((SQUARES - 1) / 2) * SQUARE;
  for (const [reach, color] of /** @type {[number, string][]} */ ([[2, "#000"], [0.5, "#fff"]])) {
    context.strokeStyle = color;
    context.lineWidth = 1.5;
    context.strokeRect(edge - reach, edge - reach, SQUARE + 2 * reach, SQUARE + 2 * reach);
  }
}

export function hideLoupe() {
  document.querySelector(`.${NAME}`)?.remove();
}
