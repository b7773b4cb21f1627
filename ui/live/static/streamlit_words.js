// Streamlit's own words in the reader's language (ui/live/streamlit_words.py): of buttons, lists and file choosers.

const NAMES = ["aria-label", "placeholder"];
const TEXTS = "[data-testid=stFileUploader], [data-testid=InputInstructions], [role=listbox], a[href^='#']";
const OURS = "[data-testid^=stBidiComponent]";

/** @type {[pattern: RegExp, words: string][]} */
let known = [];
/** @type {MutationObserver | null} */
let observer = null;
/** @type {WeakMap<Node, Map<string, [original: string, written: string]>>} */
const changed = new WeakMap();

/** @param {string} text */
function translated(text) {
  for (const [pattern, words] of known) {
    const found = pattern.exec(text);
    if (found) return words.replace("{}", found[1]) + (found[2] ?? "");
  }
  return text;
}

// Words that we have written are known by what stood there before; whatever else stands there, Streamlit has written.
/** @param {Node} node @param {string} name @param {string | null} now @param {(words: string) => void} write */
function say(node, name, now, write) {
  if (!now) return;
  const before = changed.get(node)?.get(name);
  const original = before?.[1] === now ? before[0] : now;
  const words = translated(original);
  if (words === now) return;
  changed.set(node, (changed.get(node) ?? new Map()).set(name, [original, words]));
  write(words);
}

/** @param {Element} element */
function look(element) {
  if (element.closest(OURS)) return;
  for (const one of [element, ...element.querySelectorAll(NAMES.map((name) => `[${name}]`).join())]) {
    for (const name of NAMES) say(one, name, one.getAttribute(name), (words) => one.setAttribute(name, words));
  }
  for (const part of element.closest(TEXTS) ? [element] : element.querySelectorAll(TEXTS)) {
    const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const node = text;
      say(node, "text", node.nodeValue, (words) => (node.nodeValue = words));
    }
  }
}

/** @param {MutationRecord[]} records */
function follow(records) {
  for (const { target, addedNodes } of records) {
    const element = target instanceof Element ? target : target.parentElement;
    if (!element || element.closest(OURS)) continue;
    if (!addedNodes.length) look(element);
    for (const node of addedNodes) look(node instanceof Element ? node : element);
  }
}

/** @param {[streamlit: string, words: string][]} words */
export function sayInTheirLanguage(words) {
  known = words.map(([streamlit, said]) => {
    const [before, after] = streamlit.replaceAll("+", "\\+").split("{}");
    return [new RegExp(`^${before}${after === undefined ? "()" : `(.+?)${after}`}( • .*)?$`), said]; // kinds of files
  });
  if (!observer && !known.length) return;
  observer ??= new MutationObserver(follow);
  observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: NAMES });
  look(document.body);
}
