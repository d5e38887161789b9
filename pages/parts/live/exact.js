// @ts-check
/**
 * Values of a sheet in more digits than its colors tell apart: the server sends them when a hand
 * first rests on the sheet.
 *
 * @typedef {import("./layers.js").Maps} Maps
 * @typedef {{place: number, name: string}} Offer which picture of the page, and what to ask for
 */
import { bytesOf } from "./canvas.js";

const OFFER = "data-live-exact";
const VALUES = ".st-key-live-exact img";

/** What has been asked for last. */
let asked = "";

/** @type {{address: string, planes: Float32Array[]}} */
let known = { address: "", planes: [] };

/**
 * The values of a picture of the page, one plane a tile; null, and asked for, as long as they are not
 * there.
 *
 * @param {number} place
 * @param {{height: number, width: number}} size of a plane
 * @param {(name: string) => void} ask
 * @returns {Float32Array[] | null}
 */
export function exactPlanes(place, size, ask) {
  const text = document.querySelector(`[${OFFER}]`)?.getAttribute(OFFER);
  /** @type {Offer | null} */
  const offer = text ? JSON.parse(text) : null;
  if (offer?.place !== place) return null;
  const image = /** @type {HTMLImageElement | null} */ (document.querySelector(VALUES));
  // The picture of another layer may still be there.
  if (image?.alt === offer.name) return image.complete && image.naturalWidth ? planesOf(image, size) : null;
  if (asked !== offer.name) {
    asked = offer.name;
    ask(asked);
  }
  return null;
}

/** @param {HTMLImageElement} image @param {{height: number, width: number}} size */
function planesOf(image, { height, width }) {
  if (known.address !== image.src) {
    const bytes = bytesOf(image);
    const count = image.naturalHeight / height;
    const planes = Array.from({ length: count }, (_, tile) => {
      const first = tile * height * width;
      return Float32Array.from({ length: height * width }, (_, cell) => {
        const at = 4 * (first + cell);
        return half((bytes[at] << 8) | bytes[at + 1]);
      });
    });
    known = { address: image.src, planes };
  }
  return known.planes;
}

/**
 * The number that sixteen bits stand for (IEEE 754, binary16); the server sends finite ones.
 *
 * @param {number} bits
 */
export function half(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
