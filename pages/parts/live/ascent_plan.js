// @ts-check
/**
 * An ascent's pictures while the slider through its steps is moved: small, from the server.
 *
 * @typedef {import("./layers.js").Maps} Maps
 * @typedef {import("./plans.js").Settings} Settings
 * @typedef {import("./plans.js").View} View
 */
import { PICTURE_SCALE } from "./render.js";

/**
 * @param {Maps} picture with a strip beside it, one frame below the other
 * @param {Settings} said with the `steps` after which there is a frame, and the one that is `drawn`
 * @returns {View | null}
 */
export function ascent(picture, said) {
  const strip = picture.others?.[0];
  const at = said.steps.indexOf(said.ascent_film_step);
  // Of what the page itself shows, the strip would say less.
  if (!strip || at < 0 || said.ascent_film_step === said.drawn) return null;
  const { width } = strip;
  const height = strip.height / said.steps.length;
  const [start, end] = [at, at + 1].map((one) => one * height * width);
  const planes = strip.planes.map((plane) => plane.subarray(start, end));
  return {
    shown: [
      {
        place: 0,
        maps: { height, width, planes },
        shape: [height, width, 3],
        isSampled: true,
        scale: PICTURE_SCALE,
        display: "composite",
        index: 0,
        room: { height, width },
        factor: 1,
      },
    ],
    sizes: [],
    texts: {},
  };
}
