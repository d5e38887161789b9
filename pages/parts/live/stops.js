// @ts-check
/**
 * Step by step: the picture of a stop follows the slider, and the window follows the hand.
 *
 * The server sends the stop that the page is at; what is different at the others stands in the page.
 *
 * @typedef {{
 *   texts: string[], first: number[], later: [number, number][][],
 *   middles: ([number, number] | null)[],
 * }} Changes groups of marks as SVG; the numbers of those of the first stop; at each stop, groups
 *     that have other numbers, and where the middle of the window lies on the first grid, in cells
 * @typedef {{
 *   html: string, label: string, stop: number, cells: [number, number],
 * }} Given stops are counted from 0; `cells` are the rows and columns of the first grid
 * @typedef {{given: Given, send: (stop: number) => void, shown: number, isDown: boolean}} Player
 */

const SLIDER = '.st-key-step_stop input[type="range"]';
const SAYS = "aria-valuetext";

/** @type {WeakMap<HTMLElement, Player>} */
const players = new WeakMap();

/** @returns {Changes | null} what the page says of all stops; nothing where that is too much */
function known() {
  const text = document.querySelector("[data-step-changes]")?.getAttribute("data-step-changes");
  return JSON.parse(text || "null");
}

/** @param {Changes} changes @param {number} stop */
function numbersOf({ first, later }, stop) {
  const numbers = [...first];
  for (const [group, number] of later[stop]) numbers[group] = number;
  return numbers;
}

/** @param {HTMLElement} root @param {Player} player @param {number} stop */
function show(root, player, stop) {
  if (stop === player.shown) return;
  const changes = known();
  if (!changes?.later[stop]) return;
  const before = numbersOf(changes, player.shown);
  const groups = root.querySelectorAll("g");
  numbersOf(changes, stop).forEach((number, at) => {
    if (number !== before[at]) groups[at].innerHTML = changes.texts[number];
  });
  player.shown = stop;
}

/** @param {HTMLElement} root @param {Player} player */
function follow(root, player) {
  const says = Number(document.querySelector(SLIDER)?.getAttribute(SAYS) || NaN);
  if (!player.isDown && Number.isInteger(says)) show(root, player, says - 1);
}

/** @param {HTMLElement} root */
const firstGrid = (root) => /** @type {SVGElement} */ (root.querySelector("svg"));

/**
 * The stop whose window is nearest to the hand; of several, the nearest to what is shown.
 *
 * @param {HTMLElement} root
 * @param {Player} player
 * @param {PointerEvent} event
 */
function stopBelow(root, { given: { cells }, shown }, event) {
  const tiles = firstGrid(root).querySelectorAll("rect:not(.frame)");
  const start = tiles[0].getBoundingClientRect();
  const end = tiles[tiles.length - 1].getBoundingClientRect();
  const row = ((event.clientY - start.top) / (end.bottom - start.top)) * cells[0];
  const column = ((event.clientX - start.left) / (end.right - start.left)) * cells[1];
  const distances = (known()?.middles ?? []).map((middle) =>
    middle ? Math.hypot(middle[0] - row, middle[1] - column) : Infinity,
  );
  const nearest = Math.min(...distances);
  const stops = [...distances.keys()].filter((stop) => distances[stop] === nearest);
  return stops.sort((one, other) => Math.abs(one - shown) - Math.abs(other - shown))[0];
}

/** @param {HTMLElement} root @param {Player} player @param {PointerEvent} event */
function press(root, player, event) {
  const isOnGrid = firstGrid(root)?.contains(/** @type {Node} */ (event.target));
  if (event.button || !isOnGrid || !known()) return;
  event.preventDefault();
  root.setPointerCapture(event.pointerId);
  player.isDown = true;
  move(root, player, event);
}

/** @param {HTMLElement} root @param {Player} player @param {PointerEvent} event */
function move(root, player, event) {
  if (player.isDown) show(root, player, stopBelow(root, player, event));
}

/** @param {Player} player */
function letGo(player) {
  if (!player.isDown) return;
  player.isDown = false;
  if (player.shown !== player.given.stop) player.send(player.shown);
}

/** @param {HTMLElement} root @param {Player} player */
function listen(root, player) {
  root.onpointerdown = (event) => press(root, player, event);
  root.onpointermove = (event) => move(root, player, event);
  root.onpointerup = root.onpointercancel = () => letGo(player);
  const observer = new MutationObserver(() => {
    if (root.isConnected) follow(root, player);
    else observer.disconnect();
  });
  observer.observe(document.body, { subtree: true, attributes: true, attributeFilter: [SAYS] });
}

/**
 * On a phone, look at the channel that is read; of several, at the one that was looked at.
 *
 * @param {HTMLElement} root
 * @param {number} before where the channels were scrolled to
 */
function lookAt(root, before) {
  const row = /** @type {HTMLElement | null} */ (root.querySelector(".step-parts"));
  if (!row) return;
  const parts = [...row.children].map((one) => /** @type {HTMLElement} */ (one));
  const [read, ...others] = parts.filter((one) => one.querySelector(".frame"));
  const left = others.length || !read ? before : read.offsetLeft - row.offsetLeft;
  row.scrollTo({ left, behavior: "instant" });
}

/**
 * @param {{
 *   data: Given, parentElement: HTMLElement,
 *   setTriggerValue: (name: string, value: unknown) => void,
 * }} component
 */
export default function ({ data, parentElement, setTriggerValue }) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector(".cnnviz-step"));
  /** @param {number} stop */
  const send = (stop) => setTriggerValue("stop", stop);
  const before = players.get(root);
  const player = before ?? { given: data, send, shown: data.stop, isDown: false };
  Object.assign(player, { given: data, send, shown: data.stop });
  if (!before) {
    players.set(root, player);
    listen(root, player);
  }
  const across = root.querySelector(".step-parts")?.scrollLeft ?? 0;
  root.innerHTML = data.html;
  lookAt(root, across);
  root.setAttribute("aria-label", data.label);
  root.toggleAttribute("data-drags", known() !== null);
}
