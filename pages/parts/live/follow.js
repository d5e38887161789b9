// @ts-check
/**
 * Pictures follow a slider while it is moved; the server's take their place once it is let go.
 *
 * Streamlit's sliders report what they say when they are let go, and not before. What they say by
 * then stands in the page all the time, beside what the page has been drawn with (`SAID`).
 *
 * @typedef {import("./plans.js").Settings} Settings
 * @typedef {import("./facts.js").Words} Words
 * @typedef {import("./render.js").Palette} Palette
 * @typedef {{words: Words, palettes: Record<string, Palette>}} Given
 */
import { cover, covering, paint, pixelsOf, uncover } from "./canvas.js";
import { facts } from "./facts.js";
import { PLANS } from "./plans.js";

const SAID = "data-live-settings";
const ROW = ".st-key-in-view";
const PICTURES = `${ROW} [data-testid="stImage"] img`;
const SOURCE = `.st-key-live-source img`;

/** Half a frame of a screen that shows 60 a second: a picture takes no longer while it moves. */
const MILLISECONDS = 9;
/** Once the hand rests for so long, all values are computed. */
const REST = 120;

const page = /** @type {any} */ (window);

/** @type {Given} */
let given;

/** What the pictures over the page show; empty where there are none. */
let drawn = "";

/** How long a sum takes, as measured; at first a guess. */
let millisecondsPerSum = 2e-6;

/** @type {Map<Element, {before: string, written: string}>} What was written over, to put it back. */
const overwritten = new Map();

/** @type {{address: string, maps: import("./layers.js").Maps | null}} */
let source = { address: "", maps: null };

/** The next frame in which to look, and the moment in which a resting hand is noticed. */
let frame = 0;
let rest = 0;

/**
 * What the page would be drawn with if the sliders were let go now.
 *
 * @param {Settings} said
 * @returns {Settings}
 */
function now(said) {
  const current = { ...said };
  for (const [key, value] of Object.entries(said)) {
    if (typeof value !== "number") continue;
    const slider = document.querySelector(`.st-key-${key} input[type="range"]`);
    const shown = Number(slider?.getAttribute("aria-valuetext")?.replaceAll(",", "") || NaN);
    if (Number.isFinite(shown)) current[key] = shown;
  }
  return current;
}

/** @returns {import("./layers.js").Maps | null} the picture's pixels, as soon as they are there */
function picture() {
  const image = /** @type {HTMLImageElement | null} */ (
    document.querySelector(SOURCE) ?? document.querySelector(PICTURES)
  );
  if (!image?.complete || !image.naturalWidth) return null;
  if (source.address !== image.src) source = { address: image.src, maps: pixelsOf(image) };
  return source.maps;
}

function look() {
  const element = document.querySelector(`[${SAID}]`);
  const text = element?.getAttribute(SAID);
  if (!text) return release();
  const said = JSON.parse(text);
  const current = now(said);
  const wanted = JSON.stringify(current);
  if (wanted === JSON.stringify(said)) return release();
  if (wanted === drawn) return;
  clearTimeout(rest);
  if (draw(current, true)) rest = setTimeout(() => wanted === drawn && draw(current, false), REST);
  drawn = wanted;
}

/**
 * Draw the page's pictures, and give whether some values were left out to be fast.
 *
 * @param {Settings} current
 * @param {boolean} isMoving
 */
function draw(current, isMoving) {
  const pixels = picture();
  if (!pixels) return false;
  let sums = 0;
  let every = 1;
  const begun = performance.now();
  const view = PLANS[current.page](pixels, current, (count) => {
    sums += count;
    const needed = Math.sqrt((count * millisecondsPerSum) / MILLISECONDS);
    if (isMoving) every = Math.max(1, Math.ceil(needed));
    return isMoving ? every : 1;
  }, given);
  if (!view) return false;
  if (sums > 1e6) {
    const measured = (performance.now() - begun) / (sums / every ** 2);
    millisecondsPerSum = 0.7 * millisecondsPerSum + 0.3 * measured;
  }
  const images = document.querySelectorAll(PICTURES);
  const below = document.querySelectorAll(`${ROW} .cnnviz-facts`);
  for (const shown of view.shown) {
    const image = /** @type {HTMLImageElement | undefined} */ (images[shown.place]);
    if (image) paint(cover(image), shown, given.palettes);
    write(below[shown.place], facts(shown, shown.scale, given.words));
  }
  const sides = document.querySelectorAll(".cnnviz-output-size > span");
  view.sizes.forEach(([left, result], index) => {
    const name = sides[index]?.textContent?.split(":")[0];
    write(sides[index], `${name}: ${left} = <b>${result}</b>`);
  });
  for (const [selector, html] of Object.entries(view.texts)) write(document.querySelector(selector), html);
  document.body.toggleAttribute("data-following", true);
  return every > 1;
}

/** @param {Element | null | undefined} element @param {string} html */
function write(element, html) {
  if (!element) return;
  const known = overwritten.get(element);
  const before = known?.written === element.innerHTML ? known.before : element.innerHTML;
  element.innerHTML = html;
  overwritten.set(element, { before, written: element.innerHTML });
}

/** Leave the page to the server's pictures and words. */
function release() {
  clearTimeout(rest);
  if (!drawn) return;
  drawn = "";
  for (const [element, { before, written }] of overwritten) {
    // Where the page has written since, it is right.
    if (element.innerHTML === written) element.innerHTML = before;
  }
  overwritten.clear();
  document.body.removeAttribute("data-following");
  for (const canvas of covering()) uncover(canvas, () => drawn !== "");
}

function schedule() {
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(() => page.cnnvizLook());
}

/** @param {{data: Given}} component */
export default function ({ data }) {
  given = data;
  // The module may be loaded anew: only its last copy is to draw.
  page.cnnvizLook = look;
  if (!page.cnnvizLooks) {
    new MutationObserver(schedule).observe(document.body, {
      subtree: true,
      childList: true,
      attributes: true,
      attributeFilter: ["aria-valuetext", SAID],
    });
  }
  page.cnnvizLooks = true;
  schedule();
}
