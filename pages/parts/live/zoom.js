// @ts-check
/**
 * Zoom into the pictures of a page, into all of them at once: pinch, turn the wheel with the control
 * key, or press + and −; twice a click or a tap goes in, and back. Drag to see what lies beside.
 */
import { ROW, imageBelow, images } from "./page_state.js";

const MOST = 24;
/** A double click or tap goes in so far. */
const LEAP = 6;
/** A key changes the size by so much, and so does a notch of most wheels. */
const STEP = 1.5;
const NOTCH = 100;

/** What is seen: `left` and `top` are where it begins, in shares of a picture. */
let seen = { factor: 1, left: 0, top: 0 };

/** @type {Map<number, PointerEvent>} Fingers on a picture, or the mouse with its button pressed. */
const pressed = new Map();

/** @param {MouseEvent} event @returns {HTMLElement | null} where the picture below the pointer is seen */
const roomBelow = (event) => imageBelow(event)?.parentElement ?? null;

/**
 * @param {HTMLElement} room
 * @param {{clientX: number, clientY: number}} point
 */
function shareOf(room, { clientX, clientY }) {
  const { left, top, width, height } = room.getBoundingClientRect();
  return { across: (clientX - left) / width, down: (clientY - top) / height };
}

/** @param {number} share */
const inside = (share) => Math.min(Math.max(share, 0), 1 - 1 / seen.factor);

/**
 * Show more or less; what lies at a place stays there.
 *
 * @param {number} factor
 * @param {{across: number, down: number}} place in shares of what is seen
 */
function zoomTo(factor, { across, down }) {
  const x = seen.left + across / seen.factor;
  const y = seen.top + down / seen.factor;
  seen.factor = Math.min(Math.max(factor, 1), MOST);
  seen.left = inside(x - across / seen.factor);
  seen.top = inside(y - down / seen.factor);
  show();
}

/** @param {number} across @param {number} down in shares of what is seen */
function moveBy(across, down) {
  seen.left = inside(seen.left - across / seen.factor);
  seen.top = inside(seen.top - down / seen.factor);
  show();
}

function show() {
  const row = /** @type {HTMLElement | null} */ (document.querySelector(ROW));
  row?.toggleAttribute("data-zoomed", seen.factor > 1);
  row?.style.setProperty("--zoom", `${seen.factor}`);
  row?.style.setProperty("--zoom-x", `${-100 * seen.factor * seen.left}%`);
  row?.style.setProperty("--zoom-y", `${-100 * seen.factor * seen.top}%`);
}

/** @param {WheelEvent} event */
function turn(event) {
  const room = roomBelow(event);
  if (!room || !event.ctrlKey) return;
  event.preventDefault();
  zoomTo(seen.factor * STEP ** (-event.deltaY / NOTCH), shareOf(room, event));
}

/** @param {MouseEvent} event */
function leap(event) {
  const room = roomBelow(event);
  if (room) zoomTo(seen.factor > 1 ? 1 : LEAP, shareOf(room, event));
}

/** @param {KeyboardEvent} event */
function press(event) {
  const isOnPicture = images().includes(/** @type {HTMLImageElement} */ (event.target));
  const middle = { across: 0.5, down: 0.5 };
  if (!isOnPicture || event.ctrlKey || event.metaKey) return;
  if (event.key === "+" || event.key === "=") zoomTo(seen.factor * STEP, middle);
  else if (event.key === "-") zoomTo(seen.factor / STEP, middle);
  else if (event.key === "0") zoomTo(1, middle);
}

/** @param {PointerEvent} event */
function hold(event) {
  if (!roomBelow(event) || event.button) return;
  pressed.set(event.pointerId, event);
}

/** @param {PointerEvent} event one finger or the mouse moves, two fingers zoom, too */
function drag(event) {
  const before = pressed.get(event.pointerId);
  const room = roomBelow(event);
  if (!before || !room) return;
  const others = [...pressed.values()].filter((one) => one.pointerId !== event.pointerId);
  pressed.set(event.pointerId, event);
  const { width, height } = room.getBoundingClientRect();
  const share = 1 / (1 + others.length);
  const [dx, dy] = [event.clientX - before.clientX, event.clientY - before.clientY];
  if (seen.factor > 1) moveBy((share * dx) / width, (share * dy) / height);
  const [other] = others;
  if (!other) return;
  /** @param {PointerEvent} one */
  const apart = (one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
  const middle = {
    clientX: (event.clientX + other.clientX) / 2,
    clientY: (event.clientY + other.clientY) / 2,
  };
  zoomTo(seen.factor * (apart(event) / Math.max(apart(before), 1)), shareOf(room, middle));
}

/** @param {DragEvent} event with which the browser would take the picture away */
function keep(event) {
  if (seen.factor > 1 && roomBelow(event)) event.preventDefault();
}

/** @param {PointerEvent} event */
const letGo = (event) => void pressed.delete(event.pointerId);

/** @param {AbortSignal} signal until which to listen */
export function zoom(signal) {
  seen = { factor: 1, left: 0, top: 0 };
  show();
  document.addEventListener("wheel", turn, { signal, passive: false });
  document.addEventListener("dblclick", leap, { signal });
  document.addEventListener("keydown", press, { signal });
  document.addEventListener("dragstart", keep, { signal });
  document.addEventListener("pointerdown", hold, { signal });
  document.addEventListener("pointermove", drag, { signal });
  document.addEventListener("pointerup", letGo, { signal });
  document.addEventListener("pointercancel", letGo, { signal });
}
