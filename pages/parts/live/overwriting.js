// @ts-check
/** Words of the page that others stand in for a while, and how they are put back. */

/** @type {Map<Element, {html: string, before: string, written: string}>} */
const overwritten = new Map();

/**
 * Write over what the page says.
 *
 * @param {Element | null | undefined} element
 * @param {string} html
 */
export function write(element, html) {
  if (!element) return;
  const known = overwritten.get(element);
  // The page replaces elements whose words it changes: where there is still the same, so are these.
  if (known?.html === html) return;
  const before = known?.written === element.innerHTML ? known.before : element.innerHTML;
  element.innerHTML = html;
  overwritten.set(element, { html, before, written: element.innerHTML });
}

/**
 * Write over many.
 *
 * @param {Record<string, string | string[]>} texts by what selects the element, or several in order
 */
export function writeAll(texts) {
  for (const [selector, html] of Object.entries(texts)) {
    const elements = document.querySelectorAll(selector);
    [html].flat().forEach((one, at) => write(elements[at], one));
  }
}

/** Put back what was there; where the page has written since, it is right. */
export function restore() {
  for (const [element, { before, written }] of overwritten) {
    if (element.innerHTML === written) element.innerHTML = before;
  }
  overwritten.clear();
}
