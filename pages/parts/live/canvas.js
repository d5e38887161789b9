// @ts-check
/**
 * Pictures drawn over those of the page, for as long as these are behind.
 *
 * @typedef {import("./plans.js").Shown} Shown
 * @typedef {import("./places.js").Box} Box
 * @typedef {import("./render.js").Palette} Palette
 */
import { layoutOf } from "./cells.js";
import { GAP, colorize, composite, tileSheet } from "./render.js";
import { drawSheet } from "./stages.js";

/** A ring around a part is one of so many parts of the longer side. */
const RINGS_PER_SIDE = 130;
const NAME = "cnnviz-live";

/**
 * @param {ImageData} image
 * @returns {HTMLCanvasElement}
 */
export function canvasOf(image) {
  const canvas = document.createElement("canvas");
  resize(canvas, image);
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  return canvas;
}

/**
 * Draw a picture on a canvas as large as the server's.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Shown} shown
 * @param {Record<string, Palette>} palettes
 */
export function paint(canvas, shown, palettes) {
  const { maps, scale, display, layout } = shown;
  const [height, width] = shown.shape;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  if (shown.draw) {
    const drawn = shown.draw();
    resize(canvas, drawn);
    context.putImageData(drawn, 0, 0);
    return;
  }
  if (layout) {
    const { sheet, left, top } = layout;
    const drawn = canvasOf(drawSheet(maps, scale, layout, palettes[scale.color_map]));
    resize(canvas, layout.canvas);
    context.imageSmoothingEnabled = false;
    const [wide, high] = [layout.factor * sheet.width, layout.factor * sheet.height];
    context.drawImage(drawn, left, top, wide, high);
    return;
  }
  if (display === "tiles") {
    paintTiles(context, shown, palettes[scale.color_map]);
    return;
  }
  const image =
    display === "composite"
      ? composite(maps, scale)
      : colorize(maps, shown.index, scale, palettes[scale.color_map]);
  const { factor, left, top, canvas: size } = layoutOf(shown);
  resize(canvas, size);
  if (image.width === factor * width && image.height === factor * height) {
    context.putImageData(image, left, top);
  } else {
    context.imageSmoothingEnabled = false;
    context.drawImage(canvasOf(image), left, top, factor * width, factor * height);
  }
  if (shown.outline) ring(context, shown.outline);
}

/**
 * Draw all maps, row by row; to the left of each and above it a gray gap, if there is another.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Shown} shown
 * @param {Palette} palette
 */
function paintTiles(context, { maps, scale, shape: [height, width], maxWidth }, palette) {
  const { tile, places, gap, ...sheet } = tileSheet(height, width, maps.planes.length, maxWidth ?? width);
  resize(context.canvas, sheet);
  context.fillStyle = gap;
  const scratch = document.createElement("canvas");
  resize(scratch, maps);
  const small = /** @type {CanvasRenderingContext2D} */ (scratch.getContext("2d"));
  places.forEach(({ left, top }, index) => {
    small.putImageData(colorize(maps, index, scale, palette), 0, 0);
    context.fillRect(left - GAP, top - GAP, tile.width + GAP, tile.height + GAP);
    context.drawImage(scratch, left, top, tile.width, tile.height);
  });
}

/** @param {HTMLCanvasElement} canvas @param {{height: number, width: number}} size */
function resize(canvas, { height, width }) {
  if (canvas.height === height && canvas.width === width) {
    canvas.getContext("2d")?.clearRect(0, 0, width, height);
  } else {
    // Setting them empties the canvas, too.
    canvas.height = height;
    canvas.width = width;
  }
}

/**
 * Draw a white ring around a part, and a black one around that; the part is left as it is.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Box} box
 */
function ring(context, box) {
  const { width, height } = context.canvas;
  const thick = Math.max(1, Math.round(Math.max(width, height) / RINGS_PER_SIDE));
  for (const [reach, color] of /** @type {[number, string][]} */ ([[1.5, "#000"], [0.5, "#fff"]])) {
    context.strokeStyle = color;
    context.lineWidth = thick;
    context.strokeRect(
      box.left * width - reach * thick,
      box.top * height - reach * thick,
      box.width * width + 2 * reach * thick,
      box.height * height + 2 * reach * thick,
    );
  }
}

/**
 * The canvas over a picture of the page; the picture below it is not seen.
 *
 * @param {HTMLImageElement} picture
 * @returns {HTMLCanvasElement}
 */
export function cover(picture) {
  const room = /** @type {HTMLElement} */ (picture.parentElement);
  let canvas = /** @type {HTMLCanvasElement | null} */ (room.querySelector(`.${NAME}`));
  if (!canvas) {
    canvas = document.createElement("canvas");
    canvas.className = NAME;
    canvas.setAttribute("aria-hidden", "true");
    room.style.position = "relative";
    room.append(canvas);
    picture.style.opacity = "0";
    canvas.style.left = `${picture.offsetLeft}px`;
    canvas.style.top = `${picture.offsetTop}px`;
    canvas.style.width = `${picture.offsetWidth}px`;
    canvas.style.borderRadius = getComputedStyle(picture).borderRadius;
  }
  return canvas;
}

/**
 * Have a picture take as much room as the canvas over it: the page's next picture will, too.
 *
 * @param {HTMLImageElement} picture
 * @param {HTMLCanvasElement} canvas
 */
export function makeRoom(picture, canvas) {
  picture.style.aspectRatio = `${canvas.width} / ${canvas.height}`;
}

/**
 * Take a canvas away once the picture below it has arrived, unless `isWanted` again by then.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {() => boolean} isWanted
 */
export async function uncover(canvas, isWanted) {
  const picture = canvas.parentElement?.querySelector("img");
  await picture?.decode().catch(() => {});
  if (isWanted()) return;
  if (picture) {
    picture.style.opacity = "";
    picture.style.aspectRatio = "";
  }
  canvas.remove();
}

/** @returns {HTMLCanvasElement[]} all that cover something */
export const covering = () => [...document.querySelectorAll(`canvas.${NAME}`)].map((one) => /** @type {HTMLCanvasElement} */ (one)); // prettier-ignore

/** @param {HTMLImageElement} picture that has arrived; red, green, blue and opacity of its pixels */
export function bytesOf(picture) {
  const { naturalWidth: width, naturalHeight: height } = picture;
  const canvas = document.createElement("canvas");
  resize(canvas, { height, width });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.drawImage(picture, 0, 0);
  return context.getImageData(0, 0, width, height).data;
}

/**
 * Read the pixels of a picture that has arrived, 0..255.
 *
 * @param {HTMLImageElement} picture
 * @returns {import("./layers.js").Maps}
 */
export function pixelsOf(picture) {
  const { naturalWidth: width, naturalHeight: height } = picture;
  const bytes = bytesOf(picture);
  const planes = [0, 1, 2].map((channel) => {
    const plane = new Float32Array(width * height);
    for (let at = 0; at < plane.length; at++) plane[at] = bytes[4 * at + channel];
    return plane;
  });
  return { height, width, planes };
}
