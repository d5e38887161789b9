/**
 * What a person would call broken on the page as it stands: texts that are cut, lie over each other,
 * reach beyond the edge, or are broken inside a word.
 *
 * @returns {string[]} a line each: what is wrong, and with which text
 */
() => {
  const main = document.querySelector("[data-testid='stMain']");
  const limit = document.documentElement.clientWidth;
  const faults = [];

  /** @param {Element} element */
  const isShown = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true });

  /** Whether the element scrolls sideways itself, or stands in something that does. */
  const isScrolled = (element) => {
    for (let one = element; one && one !== main; one = one.parentElement) {
      if (["auto", "scroll"].includes(getComputedStyle(one).overflowX) && one.scrollWidth > one.clientWidth) {
        return true;
      }
    }
    return false;
  };

  /** Whether screen readers alone are told it, from a box of one pixel. */
  const isHeardOnly = (element) => {
    for (let one = element; one && one !== main; one = one.parentElement) {
      if (getComputedStyle(one).overflowX === "hidden" && one.clientWidth === 1) return true;
    }
    return false;
  };

  /** The text nodes of the page with where each of their words stands. */
  const words = [];
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    const isLeftOut = parent.closest(".katex, style, svg, [role='slider'], [data-testid='stIconMaterial'], canvas");
    if (isLeftOut || !node.data.trim() || !isShown(parent) || isHeardOnly(parent)) continue;
    for (const found of node.data.matchAll(/[^\s\u00ad/–—-]+/g)) {
      const range = document.createRange();
      range.setStart(node, found.index);
      range.setEnd(node, found.index + found[0].length);
      const rectangles = [...range.getClientRects()].filter((one) => one.width > 1);
      words.push({ text: found[0], parent, rectangles });
    }
  }

  for (const { text, parent, rectangles } of words) {
    const lines = new Set(rectangles.map((one) => Math.round(one.top / 4)));
    if (lines.size > 1 && /^[\p{L}]+$/u.test(text)) faults.push(`broken inside a word: ${text}`);
    if (isScrolled(parent)) continue;
    for (const rectangle of rectangles) {
      if (rectangle.right > limit + 1) faults.push(`beyond the edge: ${text}`);
      for (let box = parent; box && box !== main; box = box.parentElement) {
        const style = getComputedStyle(box);
        if (!["hidden", "clip"].includes(style.overflowX)) continue;
        const edge = box.getBoundingClientRect();
        if (rectangle.right > edge.right + 2) {
          faults.push(`cut: ${parent.textContent.trim().slice(0, 50)}`);
          break;
        }
      }
    }
  }

  const boxes = words
    .filter(({ parent }) => !parent.closest("[class*='in-view'], .katex, [data-testid='stSlider']") && !isScrolled(parent))
    .flatMap(({ text, parent, rectangles }) => rectangles.map((one) => ({ text, parent, one })));
  boxes.sort((a, b) => a.one.top - b.one.top);
  for (let first = 0; first < boxes.length; first += 1) {
    for (let second = first + 1; second < boxes.length; second += 1) {
      const [a, b] = [boxes[first], boxes[second]];
      if (b.one.top > a.one.bottom - 4) break;
      const across = Math.min(a.one.right, b.one.right) - Math.max(a.one.left, b.one.left);
      if (across > 3 && Math.min(a.one.bottom, b.one.bottom) - b.one.top > 4) {
        faults.push(`over each other: ${a.text} and ${b.text}`);
      }
    }
  }

  // A drop-down's value is set in a box without overflow; long ones end in dots.
  for (const value of main.querySelectorAll("[data-testid='stSelectbox'] input, [data-testid='stMetricValue'] *")) {
    if (isShown(value) && value.scrollWidth > value.clientWidth + 1) {
      faults.push(`cut: ${(value.value || value.textContent).slice(0, 50)}`);
    }
  }

  // Options that need two rows fill both.
  for (const control of main.querySelectorAll("[role='radiogroup']:has(> [data-variant='segmented_control'])")) {
    const ends = new Map();
    for (const option of control.children) {
      const box = option.getBoundingClientRect();
      ends.set(Math.round(box.top), box.right);
    }
    const edge = control.getBoundingClientRect().right;
    if (ends.size > 1 && [...ends.values()].some((end) => end < edge - 3 || end > edge + 1)) {
      faults.push(`a row that is not filled: ${control.ariaLabel}`);
    }
  }

  // A caption is read like a text: 4.5 to 1 (WCAG 2.2, 1.4.3), whatever makes it pale.
  /** @param {string} color */
  const toLevels = (color) => color.match(/[\d.]+/g).slice(0, 3).map(Number);
  /** @param {number[]} levels */
  const toLuminance = (levels) => {
    const [red, green, blue] = levels.map((one) =>
      one <= 10 ? one / 255 / 12.92 : ((one / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ground = toLevels(getComputedStyle(document.querySelector(".stApp")).backgroundColor);
  for (const { text, parent } of words) {
    if (!parent.closest("[data-testid='stCaptionContainer']")) continue;
    let opacity = 1;
    for (let box = parent; box; box = box.parentElement) opacity *= Number(getComputedStyle(box).opacity);
    const levels = toLevels(getComputedStyle(parent).color);
    const seen = toLuminance(levels.map((one, at) => opacity * one + (1 - opacity) * ground[at]));
    const [dark, bright] = [seen, toLuminance(ground)].sort((a, b) => a - b);
    if ((bright + 0.05) / (dark + 0.05) < 4.5) faults.push(`too pale: ${text}`);
  }

  // Pictures, charts, drawings and formulas stay in their column, or scroll in it.
  for (const drawn of main.querySelectorAll("img, svg, canvas, table, .katex-html")) {
    if (!isShown(drawn) || isScrolled(drawn) || drawn.closest("[data-testid='stIconMaterial'], button")) continue;
    let column = drawn.closest("[data-testid='stColumn'], [data-testid='stMainBlockContainer']");
    // On a phone some columns dissolve, so that the pictures come first.
    while (getComputedStyle(column).display === "contents") column = column.parentElement;
    const edges = column.getBoundingClientRect();
    const parts = drawn.matches(".katex-html") ? [...drawn.querySelectorAll(".base")] : [drawn];
    for (const part of parts) {
      const box = part.getBoundingClientRect();
      if (box.width && (box.right > edges.right + 2 || box.left < edges.left - 2)) {
        faults.push(`beyond its column: ${drawn.tagName} ${(drawn.alt ?? drawn.textContent).slice(0, 40)}`);
        break;
      }
    }
  }
  return [...new Set(faults)];
}
