// @ts-check
/**
 * A kernel to write by hand: weights in colored cells, to type, to drag up and down, or to paint.
 *
 * What a hand holds stands in the page at once, for pictures that follow; the server hears of it
 * once it is let go.
 *
 * @typedef {{
 *   text: string, rows: number[][], palette: import("./render.js").Palette,
 *   words: {cell: string, paint: string},
 * }} Given the kernel as the page writes it, and its weights
 *
 * @typedef {{
 *   given: Given, send: (text: string) => void, sent: string | null,
 *   height: number, width: number, values: number[], brush: number | null,
 *   held: {cell: number, y: number, from: number, isMoved: boolean} | null,
 * }} Grid `values` row by row; what the server has been sent and has not answered yet
 */
import { cellStyle } from "./number_grids.js";
import { exactNumber, readNumber, shortNumber } from "./numbers.js";
import { NOW } from "./page_state.js";

/** A weight changes by so much each so many pixels that the hand moves up, and for each key. */
const STEP = 0.25;
const PIXELS = 8;

/** What a hand may move without meaning to. */
const STILL = 4;

/** As `cnnviz_core/layers/typed_grids.py` has it. */
const LARGEST = 9999;

const BRUSHES = [-1, 0, 1];

/** @type {WeakMap<HTMLElement, Grid>} */
const grids = new WeakMap();

/**
 * The kernel as text; as the page writes it where it is the page's.
 *
 * @param {Grid} grid
 * @returns {string}
 */
function textOf({ given: { text, rows }, values, width }) {
  const isPages = rows.flat().every((value, at) => value === values[at]);
  return isPages ? text : inRows(values.map(String), width);
}

/** @param {string[]} cells @param {number} width */
function inRows(cells, width) {
  const starts = [...cells.keys()].filter((at) => at % width === 0);
  return starts.map((start) => cells.slice(start, start + width).join(", ")).join("; ");
}

/** @param {HTMLElement} root */
const inputsOf = (root) => [...root.querySelectorAll("input")];

/** @param {HTMLElement} root @param {Grid} grid */
function draw(root, grid) {
  const reach = Math.max(...grid.values.map(Math.abs)) || 1;
  inputsOf(root).forEach((input, at) => {
    const value = grid.values[at];
    input.style.cssText = cellStyle(
      value,
      { low: -reach, high: reach, color_map: "diverging" },
      grid.given.palette,
    );
    if (input !== document.activeElement) input.value = shortNumber(value);
  });
  for (const button of root.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", `${Number(button.value) === grid.brush}`);
  }
}

/** @param {HTMLElement} root @param {Grid} grid */
function build(root, { height, width, given: { words } }) {
  const cell = (/** @type {number} */ row, /** @type {number} */ column) => {
    const name = words.cell.replace("{row}", `${row + 1}`).replace("{column}", `${column + 1}`);
    return `<input inputmode="decimal" autocomplete="off" aria-label="${name}">`;
  };
  const columns = [...Array(width).keys()];
  const cells = [...Array(height).keys()].flatMap((row) => columns.map((column) => cell(row, column)));
  const brushes = BRUSHES.map((one) => `<button type="button" value="${one}">${shortNumber(one)}</button>`);
  root.innerHTML =
    `<div class="cnnviz-cells" style="--columns:${width}">${cells.join("")}</div>` +
    `<div role="group" aria-label="${words.paint}"><span>${words.paint}</span>${brushes.join("")}</div>`;
}

/**
 * Set a weight, and show what the page would be drawn with.
 *
 * @param {HTMLElement} root
 * @param {Grid} grid
 * @param {number} cell
 * @param {number} value
 */
function set(root, grid, cell, value) {
  grid.values[cell] = Math.min(Math.max(value, -LARGEST), LARGEST);
  draw(root, grid);
  root.setAttribute(NOW, JSON.stringify({ weights: textOf(grid) }));
}

/** Tell the server, if there is something to tell. @param {HTMLElement} root @param {Grid} grid */
function commit(root, grid) {
  const text = textOf(grid);
  if (text === (grid.sent ?? grid.given.text)) {
    root.removeAttribute(NOW);
  } else {
    grid.sent = text;
    grid.send(text);
  }
}

/** @param {HTMLElement} root @param {Event} event */
function cellOf(root, event) {
  return inputsOf(root).indexOf(/** @type {HTMLInputElement} */ (event.target));
}

/** @param {HTMLElement} root @param {Grid} grid @param {PointerEvent} event */
function press(root, grid, event) {
  const cell = cellOf(root, event);
  if (event.button || cell < 0) return;
  grid.held = { cell, y: event.clientY, from: grid.values[cell], isMoved: false };
  if (grid.brush === null) return;
  event.preventDefault();
  grid.held.isMoved = true;
  root.setPointerCapture(event.pointerId);
  set(root, grid, cell, grid.brush);
}

/** @param {HTMLElement} root @param {Grid} grid @param {PointerEvent} event */
function move(root, grid, event) {
  const { held, brush } = grid;
  if (!held) return;
  if (brush !== null) {
    const below = document.elementFromPoint(event.clientX, event.clientY);
    const cell = inputsOf(root).indexOf(/** @type {HTMLInputElement} */ (below));
    if (cell >= 0) set(root, grid, cell, brush);
    return;
  }
  const up = held.y - event.clientY;
  if (!held.isMoved && Math.abs(up) <= STILL) return;
  if (!held.isMoved) {
    held.isMoved = true;
    root.setPointerCapture(event.pointerId);
    inputsOf(root)[held.cell].blur();
    getSelection()?.removeAllRanges();
  }
  set(root, grid, held.cell, held.from + Math.round(up / PIXELS) * STEP);
}

/** @param {HTMLElement} root @param {Grid} grid */
function letGo(root, grid) {
  const { held } = grid;
  grid.held = null;
  if (held?.isMoved) commit(root, grid);
  else if (held) reveal(root, grid, held.cell);
}

/** @param {HTMLElement} root @param {Grid} grid @param {KeyboardEvent} event */
function step(root, grid, event) {
  const cell = cellOf(root, event);
  const input = inputsOf(root)[cell];
  if (!input) return;
  if (event.key === "Enter") input.blur();
  const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
  if (!way) return;
  event.preventDefault();
  set(root, grid, cell, grid.values[cell] + way * STEP);
  input.value = exactNumber(grid.values[cell]);
  commit(root, grid);
}

/** @param {HTMLElement} root @param {Grid} grid @param {Event} event after which a weight was typed */
function read(root, grid, event) {
  const cell = cellOf(root, event);
  if (cell < 0) return;
  const typed = inputsOf(root)[cell].value;
  const value = readNumber(typed);
  if (Math.abs(value) <= LARGEST) {
    set(root, grid, cell, value);
    commit(root, grid);
  } else {
    // The server says what is wrong with it.
    grid.send(inRows(grid.values.map((one, at) => (at === cell ? typed : String(one))), grid.width));
  }
}

/** Show all digits of a weight, to be typed over. @param {HTMLElement} root @param {Grid} grid @param {number} cell */
function reveal(root, grid, cell) {
  const input = inputsOf(root)[cell];
  if (!input || grid.held) return;
  input.value = exactNumber(grid.values[cell]);
  input.select();
}

/** @param {HTMLElement} root @param {Grid} grid @param {Event} event which takes a brush, or puts it away */
function choose(root, grid, event) {
  const button = /** @type {HTMLElement} */ (event.target).closest("button");
  if (!button) return;
  const brush = Number(button.value);
  grid.brush = grid.brush === brush ? null : brush;
  root.toggleAttribute("data-brush", grid.brush !== null);
  draw(root, grid);
}

/** @param {HTMLElement} root @param {Grid} grid */
function listen(root, grid) {
  root.onpointerdown = (event) => press(root, grid, event);
  root.onpointermove = (event) => move(root, grid, event);
  root.onpointerup = root.onpointercancel = () => letGo(root, grid);
  root.onkeydown = (event) => step(root, grid, event);
  root.onchange = (event) => read(root, grid, event);
  root.onclick = (event) => choose(root, grid, event);
  root.addEventListener("focusin", (event) => reveal(root, grid, cellOf(root, event)));
  root.addEventListener("focusout", () => draw(root, grid));
}

/**
 * @param {{
 *   data: Given, parentElement: HTMLElement,
 *   setTriggerValue: (name: string, value: unknown) => void,
 * }} component
 */
export default function ({ data, parentElement, setTriggerValue }) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector(".cnnviz-weights"));
  /** @param {string} text */
  const send = (text) => setTriggerValue("weights", text);
  const known = grids.get(root);
  const grid = known ?? { brush: null, held: null, height: 0, width: 0, values: [], given: data, send, sent: null };
  if (!known) {
    grids.set(root, grid);
    listen(root, grid);
  }
  const [height, width] = [data.rows.length, data.rows[0].length];
  const isNew = grid.height !== height || grid.width !== width;
  Object.assign(grid, { given: data, send, sent: null, height, width });
  if (isNew) build(root, grid);
  // What a hand holds stays there.
  if (grid.held && !isNew) return;
  grid.held = null;
  grid.values = data.rows.flat();
  root.removeAttribute(NOW);
  draw(root, grid);
}
