// @ts-check
/**
 * Mark the preset whose view the address is, also while controls move between two runs of the page.
 *
 * @typedef {{controls: string[], buttons: string[], views: [string, string][]}} Presets
 */

const page = /** @type {any} */ (window);

/** @type {Presets} */
let presets = { controls: [], buttons: [], views: [] };

/** @type {Map<string, string>} The buttons' classes, by the view that each leads to. */
const known = new Map();

/**
 * What a query says of the controls: in one order, numbers in one form.
 *
 * @param {string} query
 */
function view(query) {
  const asked = new URLSearchParams(query);
  const said = presets.controls.map((key) =>
    asked.getAll(key).map((one) => (one.trim() && isFinite(Number(one)) ? Number(one) : one)),
  );
  return location.pathname + JSON.stringify(said);
}

/** The frame in which buttons that were not there yet are looked for again. */
let next = 0;

function mark() {
  cancelAnimationFrame(next);
  const pressed = known.get(view(location.search));
  let missing = false;
  for (const button of presets.buttons) {
    const element = document.querySelector(`.${button} button`);
    element?.setAttribute("aria-pressed", `${button === pressed}`);
    missing ||= !element;
  }
  // The browser may fetch what draws a button after this module; on another page there are none.
  if (missing && document.querySelector(".st-key-presets")) next = requestAnimationFrame(mark);
}

function listen() {
  for (const name of /** @type {const} */ (["pushState", "replaceState"])) {
    const change = history[name];
    history[name] = function (...step) {
      change.apply(history, step);
      page.cnnvizMarkPreset();
    };
  }
  addEventListener("popstate", () => page.cnnvizMarkPreset());
}

/** @param {{data: Presets}} component */
export default function ({ data }) {
  presets = data;
  for (const [query, button] of data.views) known.set(view(query), button);
  // The module may be loaded anew: only its last copy is to mark.
  page.cnnvizMarkPreset = mark;
  if (!page.cnnvizPresetsFollowed) listen();
  page.cnnvizPresetsFollowed = true;
  mark();
}
