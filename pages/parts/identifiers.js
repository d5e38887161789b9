// @ts-check
/**
 * Write options to the address by their identifiers, where Streamlit writes what it shows for them.
 *
 * @typedef {Record<string, Record<string, string>>} Identifiers by control, by what is shown
 */

const page = /** @type {any} */ (window);

/** @returns {Identifiers} what this visit has been told so far, by whichever copy of this module */
function known() {
  return (page.cnnvizIdentifiers ??= {});
}

/**
 * The address in which options are said by their identifiers.
 *
 * @param {string | URL} address
 */
function identified(address) {
  const url = new URL(address, location.href);
  const asked = new URLSearchParams();
  let isNew = false;
  for (const [key, shown] of url.searchParams) {
    const said = known()[key]?.[shown] ?? shown;
    isNew ||= said !== shown;
    asked.append(key, said);
  }
  if (!isNew) return address;
  url.search = `${asked}`;
  return url.href;
}

function listen() {
  for (const name of /** @type {const} */ (["pushState", "replaceState"])) {
    const change = history[name];
    history[name] = (state, unused, address) =>
      change.call(history, state, unused, address ? identified(address) : address);
  }
}

/** @param {{data: Identifiers}} component */
export default function ({ data }) {
  for (const [key, one] of Object.entries(data)) known()[key] = { ...known()[key], ...one };
  if (!page.cnnvizIdentifiersFollowed) listen();
  page.cnnvizIdentifiersFollowed = true;
}
