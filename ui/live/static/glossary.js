// The field's words in sentences and beside numbers: each explains itself on hover and on focus (ui/settings/glossary.py).

const GAP = 6; // pixels between a word and its explanation

/** @type {RegExp | null} */
let pattern = null;
/** @type {Map<string, string>} */
let meanings = new Map(); // a word in small letters -> its meaning

// Glossary from the server: [[words, meaning], …] in the reader's language.
/** @param {[words: string[], meaning: string][]} entries */
export function learn(entries) {
  /** @type {[string, string][]} */
  const known = entries.flatMap(([words, meaning]) => words.map((word) => /** @type {[string, string]} */ ([word.toLowerCase(), meaning])));
  meanings = new Map(known);
  const words = [...meanings.keys()].sort((a, b) => b.length - a.length);
  /** @param {boolean} han */
  const some = (han) => {
    const own = words.filter((word) => /^\p{Script=Han}/u.test(word) === han);
    return own.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  };
  const [whole, han] = [some(false), some(true)];
  // one look at both sides of all words: with one for each of them the first page took 40 ms to find them
  const choices = [whole && `(?<![\\p{L}\\p{N}-])(?:${whole})(?![\\p{L}\\p{N}-])`, han].filter(Boolean);
  pattern = words.length ? new RegExp(`(${choices.join("|")})`, "iu") : null;
}

// A text as pieces, every second one a known word; each word is explained once.
/** @param {string} text */
function pieces(text) {
  const found = pattern ? text.split(pattern) : [text];
  const explained = new Set();
  const kept = [found[0]];
  for (let at = 1; at < found.length; at += 2) {
    const meaning = meanings.get(found[at].toLowerCase());
    if (explained.has(meaning)) kept[kept.length - 1] += found[at] + found[at + 1];
    else kept.push(found[at], found[at + 1]);
    explained.add(meaning);
  }
  return kept;
}

// Write a text into an element. Words that stand there already stay, and so does the one that is being explained.
/** @param {Element} element @param {string} text */
export function write(element, text) {
  if (element.textContent === text && element.childNodes.length) return;
  const wanted = pieces(text);
  const [now, buttons] = [[...element.childNodes], wanted.filter((_, at) => at % 2)];
  const same = now.length === wanted.length && buttons.every((word, at) => now[2 * at + 1].textContent === word);
  if (same) {
    wanted.forEach((piece, at) => {
      if (at % 2 === 0 && now[at].textContent !== piece) now[at].textContent = piece;
    });
    return;
  }
  element.replaceChildren(...wanted.map((piece, at) => (at % 2 ? term(piece) : document.createTextNode(piece))));
}

/** @param {string} word */
function term(word) {
  const button = document.createElement("span"); // a button would part the word from the full stop after it
  button.role = "button";
  button.tabIndex = 0;
  button.className = "live-term";
  button.textContent = word;
  for (const name of ["pointerenter", "focus", "click"]) button.addEventListener(name, () => explain(button));
  for (const name of ["pointerleave", "blur"]) button.addEventListener(name, () => hide(button));
  button.addEventListener("keydown", (event) => event.key === "Escape" && hide(button));
  return button;
}

/** @param {HTMLElement} button */
function explain(button) {
  const root = button.closest(".live") ?? document.body;
  let tip = root.querySelector(":scope > .live-meaning");
  if (!tip) {
    tip = document.createElement("div");
    tip.className = "live-meaning";
    tip.popover = "manual"; // above everything, never cut off
    tip.setAttribute("role", "tooltip");
    tip.id = `meaning-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
    root.append(tip);
  }
  tip.textContent = meanings.get(button.textContent.toLowerCase()) ?? "";
  button.setAttribute("aria-describedby", tip.id);
  if (!tip.matches(":popover-open")) tip.showPopover();
  const [word, box] = [button.getBoundingClientRect(), tip.getBoundingClientRect()];
  const left = Math.max(GAP, Math.min(word.left, window.innerWidth - box.width - GAP));
  const below = word.bottom + GAP + box.height < window.innerHeight;
  tip.style.left = `${left}px`;
  tip.style.top = `${below ? word.bottom + GAP : Math.max(GAP, word.top - GAP - box.height)}px`;
}

/** @param {HTMLElement} button */
function hide(button) {
  button.removeAttribute("aria-describedby");
  const tip = (button.closest(".live") ?? document.body).querySelector(":scope > .live-meaning");
  if (tip?.matches(":popover-open")) tip.hidePopover();
}
