// @ts-check
/** Numbers as a person reads them, as `cnnviz_core/number_format.py` writes them; and as they travel. */

const RAISED = new Map([..."-0123456789"].map((one, at) => [one, [..."⁻⁰¹²³⁴⁵⁶⁷⁸⁹"][at]]));
/** With a comma between thousands, as Python writes it. */
const WHOLE = new Intl.NumberFormat("en-US");

/**
 * Write a number in three digits that count, with a true minus sign.
 *
 * @param {number} value
 * @returns {string}
 */
export function shortNumber(value) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const scientific = threeDigits(value);
  const rounded = Number(scientific);
  const size = Math.abs(rounded);
  let text = "0";
  if (size >= 1e9 || (size < 1e-4 && size > 0)) {
    const [digits, power] = scientific.split("e");
    const raised = [...String(Number(power))].map((one) => RAISED.get(one)).join("");
    text = `${Number(digits)}·10${raised}`;
  } else if (size >= 100) {
    text = WHOLE.format(halfToEven(value));
  } else if (size > 0) {
    text = rounded.toFixed(10).replace(/\.?0+$/, "");
  }
  return text.replace("-", "−");
}

/**
 * As `value.toExponential(2)`, but halves to the even digit, as Python does.
 *
 * @param {number} value
 */
function threeDigits(value) {
  // All digits of a number take long to find: first those that tell whether it may be a half.
  const isNear = /[02468]5e/.test(value.toExponential(3));
  const half = isNear && value.toExponential(60).match(/^(-?\d\.\d[02468])50*(e.*)$/);
  return half ? half[1] + half[2] : value.toExponential(2);
}

/**
 * Round to the nearest whole number, halves to the even one, as Python and NumPy do.
 *
 * @param {number} value
 */
export function halfToEven(value) {
  const nearest = Math.round(value);
  return nearest - value === 0.5 && nearest % 2 ? nearest - 1 : nearest;
}

/**
 * Write a share of 0..1, such as a probability, as people say it.
 *
 * @param {number} share
 */
export function percent(share) {
  if (share > 0 && share < 0.0005) return "< 0.1%";
  if (share >= 0.9995 && share < 1) return "> 99.9%";
  // As `toFixed(1)`, but halves to the even digit, as Python does.
  const half = (100 * share).toFixed(60).match(/^(\d+\.[02468])50*$/);
  return `${half ? half[1] : (100 * share).toFixed(1)}%`;
}

/**
 * Write a number with as many digits as float32 has to say of it, with a true minus sign.
 *
 * @param {number} value
 */
export function exactNumber(value) {
  if (!Number.isFinite(value)) return shortNumber(value);
  return `${Number(value.toPrecision(6))}`.replace(/-/g, "−");
}

/**
 * Read a number as people type it, also as a fraction; NaN where it is none.
 *
 * @param {string} text
 */
export function readNumber(text) {
  const [number, divisor = "1"] = text.replaceAll("−", "-").split("/");
  return number.trim() && divisor.trim() ? Number(number) / Number(divisor) : NaN;
}

/**
 * Read numbers that came as text.
 *
 * @param {string} text float32 in base 64
 */
export function floats(text) {
  return new Float32Array(Uint8Array.from(atob(text), (one) => one.charCodeAt(0)).buffer);
}
