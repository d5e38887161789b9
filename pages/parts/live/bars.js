// @ts-check
/** Bars with a word and a number, as `pages/parts/bars.py` writes them. */

/** A stretch of a bar is as long as its share, in percent with so many digits. */
const DIGITS = 3;

/** @param {string} kind @param {number} share */
export const stretch = (kind, share) => `<i class="${kind}" style="width:${(100 * share).toFixed(DIGITS)}%"></i>`;

/** @param {string} text */
export const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
