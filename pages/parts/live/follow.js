// @ts-check
/**
 * Pictures follow a slider while it is moved; the server's take their place once it is let go.
 *
 * Streamlit's sliders report what they say when they are let go, and not before. What they say by
 * then stands in the page all the time, beside what the page has been drawn with.
 *
 * @typedef {import("./plans.js").Settings} Settings
 * @typedef {import("./facts.js").Words} Words
 * @typedef {import("./render.js").Palette} Palette
 * @typedef {{words: Words, palettes: Record<string, Palette>, isChoosing: boolean}} Given `isChoosing`
 *     where the page is told what was clicked on
 */
import { cover, covering, makeRoom, paint, uncover } from "./canvas.js";
import { facts } from "./facts.js";
import { inspect, leave, offer } from "./inspect.js";
import { restore, write, writeAll } from "./overwriting.js";
import { NOW, ROW, SAID, images, now, picture, said, setFollowing } from "./page_state.js";
import { PLANS } from "./plans.js";
import { zoom } from "./zoom.js";

/**
 * A picture takes about so many milliseconds while it moves, on a screen that shows 60 a second. The
 * longer the hand rests, the longer it may take, and at last all values are computed.
 */
const STAGES = [
  { rest: 0, milliseconds: 12 },
  { rest: 120, milliseconds: 160 },
  { rest: 600, milliseconds: Infinity },
];

/** A key is let go at once: the server's picture has so many milliseconds to come first. */
const PATIENCE = 250;

/** What a slider says. */
const SLIDER = "aria-valuetext";

const page = /** @type {any} */ (window);

/** @type {Given} */
let given;

/** What the pictures over the page show; empty where there are none. */
let drawn = "";

/** How long a sum takes, as measured; at first a guess. */
let millisecondsPerSum = 1e-6;

/** The next frame in which to look, and the moment in which a resting hand is noticed. */
let frame = 0;
let rest = 0;

/** The moment at which a server that has been asked by a key is late; 0 if none has been. */
let waits = 0;

/** Whether a mouse button or a finger is down: a key is let go at once. */
let isHeld = false;

function look() {
  const settings = said();
  if (!settings) return release();
  const current = now(settings);
  const wanted = JSON.stringify(current);
  if (wanted === JSON.stringify(settings)) return release();
  if (wanted === drawn || waits) return;
  clearTimeout(rest);
  if (!drawn) leave();
  drawn = wanted;
  drawBetter(current, 0);
}

/**
 * Draw, and again once the hand has rested, as long as values were left out to be fast.
 *
 * @param {Settings} current
 * @param {number} stage
 */
function drawBetter(current, stage) {
  const isSampled = draw(current, STAGES[stage].milliseconds);
  const next = STAGES[stage + 1];
  if (isSampled && next && isHeld) rest = setTimeout(() => drawBetter(current, stage + 1), next.rest);
}

/** @param {PointerEvent} event after which a hand holds something, or nothing any more */
function holdOrLetGo(event) {
  isHeld = event.type === "pointerdown";
  if (isHeld) {
    clearTimeout(waits);
    waits = 0;
  } else {
    // The server's picture is on its way: nothing is to hold it up.
    clearTimeout(rest);
  }
}

/**
 * Draw the page's pictures, and give whether some values were left out to be fast.
 *
 * @param {Settings} current
 * @param {number} milliseconds that it may take
 */
function draw(current, milliseconds) {
  const pixels = picture();
  if (!pixels) return false;
  let sums = 0;
  let isSampled = false;
  const begun = performance.now();
  /** @param {number} count */
  const ease = (count) => {
    const every = Math.max(1, Math.ceil(Math.sqrt((count * millisecondsPerSum) / milliseconds)));
    sums += count / every ** 2;
    isSampled ||= every > 1;
    return every;
  };
  const view = PLANS[current.page](pixels, current, ease, given);
  if (!view) return false;
  if (sums > 1e6) {
    const measured = (performance.now() - begun) / sums;
    millisecondsPerSum = 0.7 * millisecondsPerSum + 0.3 * measured;
  }
  show(view);
  return isSampled;
}

/** @param {import("./plans.js").View} view */
function show(view) {
  const pictures = images();
  const below = document.querySelectorAll(`${ROW} .cnnviz-facts`);
  // All pictures before all words, so that the browser lays the page out once.
  for (const shown of view.shown) {
    const image = pictures[shown.place];
    if (!image) continue;
    const canvas = cover(image);
    paint(canvas, shown, given.palettes);
    makeRoom(image, canvas);
  }
  for (const shown of view.shown) {
    if (!shown.keepsFacts) write(below[shown.place], facts(shown, shown.scale, given.words));
  }
  const sides = document.querySelectorAll(".cnnviz-output-size > span");
  view.sizes.forEach(([left, result], index) => {
    const name = sides[index]?.textContent?.split(":")[0];
    write(sides[index], `${name}: ${left} = <b>${result}</b>`);
  });
  writeAll(view.texts);
  setFollowing(true);
}

/** Leave the page to the server's pictures and words. */
function release() {
  clearTimeout(rest);
  clearTimeout(waits);
  waits = 0;
  if (!drawn) return;
  drawn = "";
  restore();
  setFollowing(false);
  for (const canvas of covering()) uncover(canvas, () => drawn !== "");
}

/** Let the server answer a key first; of several in a row, the first alone. */
function wait() {
  clearTimeout(waits);
  const isRepeated = waits || drawn;
  waits = isRepeated
    ? 0
    : setTimeout(() => {
        waits = 0;
        lookAround();
      }, PATIENCE);
}

function lookAround() {
  try {
    look();
    offer();
  } catch (error) {
    // The page is what it is without: better than one that fails at every step of a slider.
    page.cnnvizLive?.abort();
    throw error;
  }
}

/** @param {MutationRecord[]} changes what a hand moves, to look at at once, and all else, soon */
function notice(changes) {
  cancelAnimationFrame(frame);
  const isMoved = changes.some((one) => one.attributeName === SLIDER || one.attributeName === NOW);
  if (isMoved && !isHeld) wait();
  if (isMoved && isHeld) lookAround();
  else frame = requestAnimationFrame(lookAround);
}

/** @param {{data: Given, setTriggerValue: (name: string, value: unknown) => void}} component */
export default function ({ data, setTriggerValue }) {
  given = data;
  // Only the last copy of this module is to draw: the page may load it anew.
  page.cnnvizLive?.abort();
  const end = new AbortController();
  page.cnnvizLive = end;
  const observer = new MutationObserver(notice);
  observer.observe(document.body, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: [SLIDER, NOW, SAID],
  });
  end.signal.addEventListener("abort", () => {
    observer.disconnect();
    release();
  });
  for (const type of /** @type {const} */ (["pointerdown", "pointerup", "pointercancel"])) {
    document.addEventListener(type, holdOrLetGo, { signal: end.signal, capture: true });
  }
  zoom(end.signal);
  inspect(
    data,
    (chosen) => data.isChoosing && setTriggerValue("chosen", chosen),
    (name) => setTriggerValue("asked", name),
    end.signal,
  );
  notice([]);
  return () => end.abort();
}
