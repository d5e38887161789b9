// @ts-check
/**
 * What the page has been drawn with, what its sliders say by now, and its pictures.
 *
 * @typedef {import("./plans.js").Settings} Settings
 */
import { pixelsOf } from "./canvas.js";

/** Where the page says what it has been drawn with. */
export const SAID = "data-live-settings";

/** Where other things that a hand moves say what they are at by now, as JSON by the control's key. */
export const NOW = "data-live-now";

/** The pictures that controls change. */
export const ROW = ".st-key-in-view";
const PICTURES = `${ROW} [data-testid="stImage"] img`;

/** The picture that the page is about, where it shows something else or draws on it. */
const SOURCE = ".st-key-live-source img";
/** What else plans need of the server, as pictures that nobody sees. */
const OTHERS = ".st-key-live-others img";

/** @type {{address: string, maps: import("./layers.js").Maps | null}} */
let source = { address: "", maps: null };

/** @returns {HTMLImageElement[]} */
export const images = () => [...document.querySelectorAll(PICTURES)].map((one) => /** @type {HTMLImageElement} */ (one)); // prettier-ignore

const ROOM = '[data-testid="stImageContainer"]';
/** Where a link lies over a picture and all that belongs to it. */
const LINKED = '[class*="st-key-stage-"]';

/**
 * The picture below the pointer; where something lies over it, too.
 *
 * @param {MouseEvent} event
 * @returns {HTMLImageElement | null}
 */
export function imageBelow(event) {
  const target = /** @type {Element | null} */ (event.target);
  const room = target?.closest?.(ROOM) ?? linkedBelow(target, event);
  const image = room?.querySelector("img");
  return image && images().includes(image) ? image : null;
}

/**
 * @param {Element | null} link
 * @param {MouseEvent} event
 */
function linkedBelow(link, { clientX: x, clientY: y }) {
  const room = link?.closest?.(LINKED)?.querySelector(ROOM);
  const box = room?.getBoundingClientRect();
  const isBelow = box && x >= box.left && x < box.right && y >= box.top && y < box.bottom;
  return isBelow ? room : null;
}

/** The page says so while its pictures are the browser's, for whoever waits for the server's. */
const FOLLOWING = "data-following";

/** @param {boolean} whether pictures follow a slider */
export const setFollowing = (whether) => document.body.toggleAttribute(FOLLOWING, whether);

export const isFollowing = () => document.body.hasAttribute(FOLLOWING);

/** @returns {Settings | null} what the page has been drawn with */
export function said() {
  const text = document.querySelector(`[${SAID}]`)?.getAttribute(SAID);
  return text ? JSON.parse(text) : null;
}

/**
 * What the page would be drawn with if what a hand moves were let go now.
 *
 * @param {Settings} drawn
 * @returns {Settings}
 */
export function now(drawn) {
  const current = { ...drawn };
  for (const [key, value] of Object.entries(drawn)) {
    if (typeof value !== "number" && typeof value !== "string") continue;
    const slider = document.querySelector(`.st-key-${key} input[type="range"]`);
    const text = slider?.getAttribute("aria-valuetext") ?? "";
    if (typeof value === "string") {
      if (text) current[key] = text;
      continue;
    }
    const shown = drawn.titles?.[key]?.[text] ?? Number(text.replaceAll(",", "") || NaN);
    if (Number.isFinite(shown)) current[key] = shown;
  }
  for (const one of document.querySelectorAll(`[${NOW}]`)) {
    Object.assign(current, JSON.parse(one.getAttribute(NOW) ?? "{}"));
  }
  return current;
}

/** @returns {import("./layers.js").Maps | null} the picture's pixels, as soon as they are there */
export function picture() {
  const first = /** @type {HTMLImageElement | null} */ (document.querySelector(SOURCE)) ?? images()[0];
  const others = /** @type {NodeListOf<HTMLImageElement>} */ (document.querySelectorAll(OTHERS));
  const all = first ? [first, ...others] : [];
  if (!first || !all.every((one) => one.complete && one.naturalWidth)) return null;
  const address = all.map((one) => one.src).join(" ");
  if (source.address !== address) {
    const [picture, ...beside] = all.map(pixelsOf);
    source = { address, maps: { ...picture, others: beside } };
  }
  return source.maps;
}
