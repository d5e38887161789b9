// @ts-check
/**
 * The picture, to paint on: brush, eraser, color; the server gets what is painted after each stroke.
 *
 * @typedef {"brush" | "eraser" | "fill"} Tool
 * @typedef {{tool: Tool, color: string, size: number, points: [number, number][]}} Stroke in pixels
 *     of the picture
 * @typedef {{below: string, strokes: Stroke[]}} Painting on which picture
 * @typedef {{below: string, words: Record<"picture" | Tool | "color" | "size" | "undo", string>}} Given
 * @typedef {{
 *   given: Given, send: (picture: string) => void, image: HTMLImageElement, tool: Tool,
 *   isDown: boolean,
 * }} Easel
 */

const BELOW = ".st-key-easel-below img";

/** Of the picture's longer side; and what a new brush has. */
const THICKEST = 0.25;
const THICKNESS = 0.06;

const COLOR = "#ffffff";

const page = /** @type {any} */ (window);

/** @type {WeakMap<HTMLElement, Easel>} */
const easels = new WeakMap();

/**
 * The strokes so far; they outlast a look at another page, as what was painted does.
 *
 * @param {Easel} easel
 * @returns {Painting}
 */
function painting({ given: { below } }) {
  if (page.cnnvizPainting?.below !== below) page.cnnvizPainting = { below, strokes: [] };
  return page.cnnvizPainting;
}

/** @param {HTMLElement} root @param {Given} given */
function build(root, { words }) {
  /** @param {Tool} tool */
  const choice = (tool) => `<button type="button" value="${tool}">${words[tool]}</button>`;
  root.innerHTML =
    `<canvas role="img" aria-label="${words.picture}"></canvas>` +
    `<div>${choice("brush")}${choice("eraser")}${choice("fill")}` +
    `<button type="button" value="undo">${words.undo}</button></div>` +
    `<div><label>${words.color} <input type="color" value="${COLOR}"></label>` +
    `<label>${words.size} <input type="range" min="1" max="100" value="${(100 * THICKNESS) / THICKEST}"></label></div>`;
}

/** @param {HTMLElement} root */
const canvasIn = (root) => /** @type {HTMLCanvasElement} */ (root.querySelector("canvas"));

/** @param {HTMLElement} root @param {string} type */
const inputIn = (root, type) => /** @type {HTMLInputElement} */ (root.querySelector(`input[type="${type}"]`));

/** @param {HTMLElement} root @param {Easel} easel */
function draw(root, easel) {
  const canvas = canvasIn(root);
  canvas.width = easel.image.naturalWidth;
  canvas.height = easel.image.naturalHeight;
  const context = canvas.getContext("2d");
  context?.drawImage(easel.image, 0, 0);
  for (const stroke of painting(easel).strokes) lay(root, easel, stroke);
}

/**
 * Lay a stroke over what is painted.
 *
 * @param {HTMLElement} root
 * @param {Easel} easel
 * @param {Stroke} stroke
 */
function lay(root, { image }, { tool, color, size, points }) {
  const canvas = canvasIn(root);
  const context = canvas.getContext("2d");
  if (!context) return;
  // The eraser paints with the picture itself.
  const paint = tool === "eraser" ? (context.createPattern(image, "no-repeat") ?? color) : color;
  if (tool === "fill") {
    context.fillStyle = paint;
    context.fillRect(0, 0, canvas.width, canvas.height);
    return;
  }
  Object.assign(context, { strokeStyle: paint, lineWidth: size, lineCap: "round", lineJoin: "round" });
  context.beginPath();
  context.moveTo(...points[0]);
  for (const point of points) context.lineTo(...point);
  context.stroke();
}

/** @param {HTMLElement} root @param {Easel} easel */
function show(root, { tool }) {
  for (const button of root.querySelectorAll("button")) {
    if (["brush", "eraser"].includes(button.value)) {
      button.setAttribute("aria-pressed", `${button.value === tool}`);
    }
  }
}

/** @param {HTMLElement} root @param {PointerEvent} event @returns {[number, number]} */
function placeOf(root, event) {
  const canvas = canvasIn(root);
  const box = canvas.getBoundingClientRect();
  const across = (event.clientX - box.left) / box.width;
  const down = (event.clientY - box.top) / box.height;
  return [across * canvas.width, down * canvas.height];
}

/** @param {HTMLElement} root @param {Easel} easel @param {Tool} tool @param {[number, number][]} points */
function begin(root, easel, tool, points) {
  const canvas = canvasIn(root);
  const most = THICKEST * Math.max(canvas.width, canvas.height);
  const size = Math.max(1, (Number(inputIn(root, "range").value) / 100) * most);
  const stroke = { tool, color: inputIn(root, "color").value, size, points };
  painting(easel).strokes.push(stroke);
  lay(root, easel, stroke);
}

/** @param {HTMLElement} root @param {Easel} easel @param {PointerEvent} event */
function press(root, easel, event) {
  if (event.button || event.target !== canvasIn(root)) return;
  event.preventDefault();
  canvasIn(root).setPointerCapture(event.pointerId);
  easel.isDown = true;
  begin(root, easel, easel.tool, [placeOf(root, event)]);
}

/** @param {HTMLElement} root @param {Easel} easel @param {PointerEvent} event */
function move(root, easel, event) {
  const stroke = painting(easel).strokes.at(-1);
  if (!easel.isDown || !stroke) return;
  const last = /** @type {[number, number]} */ (stroke.points.at(-1));
  const next = placeOf(root, event);
  stroke.points.push(next);
  lay(root, easel, { ...stroke, points: [last, next] });
}

/** @param {HTMLElement} root @param {Easel} easel */
function letGo(root, easel) {
  if (!easel.isDown) return;
  easel.isDown = false;
  easel.send(canvasIn(root).toDataURL("image/png"));
}

/** @param {HTMLElement} root @param {Easel} easel @param {Event} event */
function choose(root, easel, event) {
  const button = /** @type {HTMLElement} */ (event.target).closest("button");
  if (!button) return;
  if (button.value === "brush" || button.value === "eraser") {
    easel.tool = button.value;
    show(root, easel);
    return;
  }
  if (button.value === "fill") begin(root, easel, "fill", []);
  else if (!painting(easel).strokes.pop()) return;
  draw(root, easel);
  easel.send(canvasIn(root).toDataURL("image/png"));
}

/**
 * The picture below the paint, once it is there: Streamlit loads its elements in no order.
 *
 * @param {HTMLElement} root
 */
async function arrived(root) {
  while (root.isConnected) {
    const image = /** @type {HTMLImageElement | null} */ (document.querySelector(BELOW));
    await image?.decode().catch(() => {});
    if (image?.naturalWidth) return image;
    await new Promise(requestAnimationFrame);
  }
  return null;
}

/**
 * @param {{
 *   data: Given, parentElement: HTMLElement,
 *   setTriggerValue: (name: string, value: unknown) => void,
 * }} component
 */
export default async function ({ data, parentElement, setTriggerValue }) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector(".cnnviz-easel"));
  /** @param {string} picture */
  const send = (picture) => setTriggerValue("painted", picture);
  const image = await arrived(root);
  if (!image) return;
  const easel = easels.get(root) ?? { given: data, send, image, tool: "brush", isDown: false };
  Object.assign(easel, { given: data, send, image });
  if (!easels.has(root)) {
    easels.set(root, easel);
    build(root, data);
    show(root, easel);
    root.onpointerdown = (event) => press(root, easel, event);
    root.onpointermove = (event) => move(root, easel, event);
    root.onpointerup = root.onpointercancel = () => letGo(root, easel);
    root.onclick = (event) => choose(root, easel, event);
  }
  const redraw = () => easel.isDown || draw(root, easel);
  image.onload = redraw;
  redraw();
}
