// @ts-check
/**
 * What a network says at another temperature, as `cnnviz_core/inspection/predictions.py` has it.
 *
 * @typedef {import("./plans.js").Settings} Settings
 * @typedef {import("./plans.js").View} View
 */
import { escaped, stretch } from "./bars.js";
import { floats, percent } from "./numbers.js";

/**
 * Turn scores into probabilities.
 *
 * @param {Float32Array} scores of each class; a single one is compared with a score of zero
 * @param {number} temperature
 * @param {boolean} isEachAlone whether each class has a sigmoid of its own
 * @returns {Float32Array}
 */
export function probabilities(scores, temperature, isEachAlone) {
  const scaled = Float64Array.from(scores.length > 1 ? scores : [0, ...scores], (one) => one / temperature);
  if (isEachAlone && scores.length > 1) {
    return Float32Array.from(scaled, (one) => (1 + Math.tanh(one / 2)) / 2);
  }
  const largest = scaled.reduce((most, one) => Math.max(most, one), -Infinity);
  const powers = scaled.map((one) => Math.exp(one - largest));
  const sum = powers.reduce((total, one) => total + one, 0);
  return Float32Array.from(powers, (one) => one / sum);
}

/** @param {string} name @param {number} chance */
const bar = (name, chance) =>
  `<div class="predict-row"><span class="predict-name">${name}</span>` +
  `<span class="predict-chance">${escaped(percent(chance))}</span>` +
  `<div class="predict-track">${stretch("predict-bar", chance)}</div></div>`;

/**
 * The sums over cats, over dogs, and what is left.
 *
 * @param {Float32Array} chances
 * @param {[number, number][]} pets the first class of each kind, and the one behind its last
 */
function sides(chances, pets) {
  const [cat, dog] = pets.map(([first, end]) =>
    Math.fround(chances.subarray(first, end).reduce((sum, one) => sum + one, 0)),
  );
  return [cat, Math.max(0, 1 - cat - dog), dog];
}

/**
 * @param {unknown} _picture
 * @param {Settings} said with the scores of all classes, the `names` of the first, as HTML, and where
 *     among the classes cats and dogs are, if they are
 * @returns {View}
 */
export function predictions(_picture, said) {
  const scores = floats(said.scores);
  const chances = probabilities(scores, said.predict_temperature, said.isEachAlone);
  const both = scores.length > 1 ? scores : Float32Array.of(0, ...scores);
  const order = [...both.keys()].sort((one, other) => both[other] - both[one]);
  const top = order.slice(0, Math.min(said.predict_count, said.names.length));
  const three = said.pets ? sides(chances, said.pets) : [];
  const kinds = ["predict-cat", "predict-other", "predict-dog"];
  return {
    shown: [],
    sizes: [],
    texts: {
      ".predict-bars": top.map((index, at) => bar(said.names[at], chances[index])).join(""),
      ".predict-sides": three.map((share, at) => stretch(kinds[at], share)).join(""),
      ".predict-names b": three.map((share) => escaped(percent(share))),
    },
  };
}
