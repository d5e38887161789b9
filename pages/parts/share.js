// @ts-check
/**
 * Texts to copy, each with a button.
 *
 * @typedef {{
 *   texts: Record<string, string>, words: Record<"copy" | "copied" | "selected", string>,
 * }} Shared the texts by what they are
 */

/** How long a button says what it has done, in milliseconds. */
const SAID = 3000;

/** @param {HTMLTextAreaElement} field */
async function copied(field) {
  // Browsers give the clipboard only to pages that come over https, or from the same machine.
  if (!navigator.clipboard) return false;
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} name @param {string} text @param {Shared["words"]} words */
function row(name, text, words) {
  const label = document.createElement("label");
  const field = document.createElement("textarea");
  const button = document.createElement("button");
  label.textContent = name;
  field.value = text;
  field.readOnly = true;
  field.rows = text.includes("\n") ? 5 : 2;
  field.addEventListener("focus", () => field.select());
  button.type = "button";
  button.textContent = words.copy;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    const done = await copied(field);
    if (!done) field.focus();
    if (!done) field.select();
    button.textContent = done ? words.copied : words.selected;
    setTimeout(() => (button.textContent = words.copy), SAID);
  });
  label.append(field);
  const both = document.createElement("div");
  both.append(label, button);
  return both;
}

/** @param {{data: Shared, parentElement: HTMLElement | ShadowRoot}} component */
export default function ({ data, parentElement }) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector(".cnnviz-share"));
  root.replaceChildren(
    ...Object.entries(data.texts).map(([name, text]) => row(name, text, data.words)),
  );
}
