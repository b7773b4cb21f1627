// Symbols of a text in a row, each with a bar for its surprise; sentences, branches and candidates made of them.

/** @import { NameAndText } from "../../live/static/payload.js" */

/** @param {string} name @param {string} [className] @param {string} [text] @returns {any} */
function make(name, className, text) {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

// Change a text only where it is another.
/** @param {any} element @param {string} text */
function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// Let a list have so many children, made where they are missing.
/** @param {Element} list @param {number} count @param {(place: number) => Element} create */
function fit(list, count, create) {
  while (list.children.length > count) list.lastChild?.remove();
  while (list.children.length < count) list.append(create(list.children.length));
}

// A row of symbols; changed in place, so that a click is not lost when a new picture comes.
class Strip {
  #onPick;

  /** @param {((place: number) => void) | null} onPick */
  constructor(onPick) {
    this.element = make("div", "writing-strip");
    this.#onPick = onPick;
    if (onPick) this.element.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.#key(event));
    if (onPick) this.element.addEventListener("focusin", (/** @type {{ target: any }} */ { target }) => this.#rest([...this.element.children].indexOf(target)));
  }

  // One stop of the Tab key for all symbols; the arrow keys go from one to the next.
  /** @param {number} place */
  #rest(place) {
    [...this.element.children].forEach((symbol, i) => (symbol.tabIndex = i === place ? 0 : -1));
  }

  /** @param {any} event */
  #key(event) {
    const last = this.element.children.length - 1;
    const now = [...this.element.children].indexOf(event.target);
    const to = new Map([["ArrowLeft", now - 1], ["ArrowRight", now + 1], ["Home", 0], ["End", last]]).get(event.key);
    if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    this.element.children[Math.max(0, Math.min(last, to))].focus();
  }

  /**
   * @param {{symbols: string[], heights: number[], titles: string[]}} shown
   * @param {(place: number) => string} classOf
   */
  show({ symbols, heights, titles }, classOf) {
    this.element.classList.toggle("writing-words", symbols.some((symbol) => symbol.length > 2));
    fit(this.element, symbols.length, (place) => {
      const symbol = make(this.#onPick ? "button" : "span", "writing-symbol");
      if (this.#onPick) {
        symbol.type = "button";
        symbol.addEventListener("click", () => this.#onPick?.(place));
      }
      if (this.#onPick) symbol.tabIndex = place ? -1 : 0;
      symbol.append(make("span"), make("i"));
      return symbol;
    });
    // of a text that became shorter, the symbol of the Tab key may be gone
    if (this.#onPick && ![...this.element.children].some(({ tabIndex }) => tabIndex === 0)) this.#rest(0);
    symbols.forEach((text, place) => {
      const symbol = this.element.children[place];
      say(symbol.firstChild, text);
      symbol.lastChild.style.height = `${100 * heights[place]}%`;
      symbol.title = titles[place] ?? "";
      const name = `writing-symbol ${classOf(place)}`.trim();
      if (symbol.className !== name) symbol.className = name;
    });
  }
}

// One entry of a list: a head with a button and numbers, a strip, notes.
class Item {
  prompt = 0; // symbols that were given

  /**
   * @param {() => void} onPick
   * @param {((place: number) => void) | null} [onSymbol]
   */
  constructor(onPick, onSymbol = null) {
    this.element = make("li", "writing-item");
    this.head = make("div", "writing-head");
    this.pick = make("button", "writing-pick");
    this.pick.type = "button";
    this.pick.addEventListener("click", onPick);
    this.strip = new Strip(onSymbol);
    this.notes = make("div", "writing-notes");
    this.head.append(this.pick);
    this.element.append(this.head, this.strip.element, this.notes);
  }

  // numbers : [name, number] pairs. notes : [sentence, symbols] pairs.
  /**
   * @param {string} title
   * @param {[name: string, number: string][]} numbers
   * @param {NameAndText[]} notes
   * @param {boolean} chosen
   */
  show(title, numbers, notes, chosen) {
    say(this.pick, title);
    this.pick.setAttribute("aria-pressed", String(chosen));
    this.element.classList.toggle("writing-chosen", chosen);
    fit(this.head, 1 + numbers.length, () => {
      const entry = make("div");
      entry.append(make("span"), " ", make("b"));
      return entry;
    });
    numbers.forEach(([name, number], i) => {
      const entry = this.head.children[i + 1];
      say(entry.firstChild, name);
      say(entry.lastChild, number);
    });
    fit(this.notes, notes.length, () => {
      const note = make("div", "writing-note");
      note.append(make("span"), " ", make("code"));
      return note;
    });
    notes.forEach(([sentence, symbols], i) => {
      say(this.notes.children[i].firstChild, sentence);
      say(this.notes.children[i].lastChild, symbols);
    });
  }
}

/** @type {import("../../live/static/payload.js").Strip} */
const EMPTY = { symbols: [], heights: [], titles: [] };

// Sentences side by side; `onChoose` hears which was chosen.
export class Sentences {
  /** @type {Element} */
  #list;
  /** @type {(sentence: number) => void} */
  #onChoose;
  /** @type {Item[]} */
  #items = [];

  /** @param {HTMLElement} list @param {(sentence: number) => void} onChoose */
  constructor(list, onChoose) {
    [this.#list, this.#onChoose] = [list, onChoose];
  }

  /**
   * @param {import("../../live/static/payload.d.ts").Sentence[]} sentences
   * @param {number | null} best
   * @param {number} chosen
   */
  show(sentences, best, chosen) {
    fit(this.#list, sentences.length, (place) => {
      this.#items[place] = new Item(() => this.#onChoose(place));
      return this.#items[place].element;
    });
    sentences.forEach(({ name, strip, numbers, notes }, place) => {
      const item = this.#items[place];
      item.show(name, numbers, notes, place === chosen);
      item.element.classList.toggle("writing-best", place === best && sentences.length > 1);
      item.strip.show(strip ?? EMPTY, (i) => (strip?.marks?.[i] ? "writing-unknown" : ""));
    });
  }
}

// Continuations of one prompt, each where it leaves the one that it came from.
export class Branches {
  /** @type {Element} */
  #list;
  /** @type {(branch: number, step: number | null) => void} */
  #onChoose;
  /** @type {Item[]} */
  #items = [];

  /** @param {HTMLElement} list @param {(branch: number, step: number | null) => void} onChoose */
  constructor(list, onChoose) {
    [this.#list, this.#onChoose] = [list, onChoose];
  }

  /**
   * @param {import("../../live/static/payload.d.ts").Branch[]} branches
   * @param {string[]} prompt
   * @param {number} chosen
   * @param {number | null} step
   * @param {import("../../live/static/payload.d.ts").NameAndText} [unread]
   */
  show(branches, prompt, chosen, step, unread) {
    fit(this.#list, branches.length, (place) => {
      this.#items[place] = new Item(
        () => this.#onChoose(place, null),
        (/** @type {number} */ symbol) => this.#onChoose(place, symbol - this.#before(place)),
      );
      return this.#items[place].element;
    });
    /** @type {number[]} */
    const depths = [];
    branches.forEach((branch, place) => {
      const { title, parent, given, strip, total, note } = branch;
      depths[place] = parent === null ? 0 : depths[parent] + 1;
      const item = this.#items[place];
      item.prompt = prompt.length;
      item.show(title, [["", total], ["", note]], place || !unread ? [] : [unread], place === chosen);
      item.element.style.marginLeft = `${Math.min(depths[place], 6) * 1.2}rem`;
      const whole = {
        symbols: [...prompt, ...strip.symbols],
        heights: [...prompt.map(() => 0), ...strip.heights],
        titles: [...prompt.map(() => ""), ...strip.titles],
      };
      item.strip.show(whole, (i) => {
        const at = i - prompt.length;
        if (at < 0) return "writing-given";
        const name = at === given - 1 ? "writing-forked" : at < given ? "writing-given" : "";
        return place === chosen && at === step ? `${name} writing-at` : name;
      });
    });
  }

  /** @param {number} place */
  #before(place) {
    return this.#items[place].prompt;
  }
}

// Candidates of a step, before and after truncation; `onTake` is called with the id that was chosen.
export class Candidates {
  /** @type {any} */
  #element;
  /** @type {(id: number) => void} */
  #onTake;
  /** @type {any[]} */
  #rows = [];
  /** @type {any} */
  #table = null;

  /** @param {HTMLElement} element @param {(id: number) => void} onTake */
  constructor(element, onTake) {
    [this.#element, this.#onTake] = [element, onTake];
  }

  /** @param {import("../../live/static/payload.d.ts").Candidates | null} candidates */
  show(candidates) {
    this.#element.hidden = candidates === null;
    if (candidates === null) return;
    if (!this.#table) this.#build();
    const { title, sentence, headings, rows, rest } = candidates;
    const [heading, text, , last] = this.#element.children;
    say(heading, title);
    say(text, sentence);
    say(last, rest);
    headings.forEach((text, i) => say(this.#table.tHead.rows[0].cells[i], text));
    fit(this.#table.tBodies[0], rows.length, (place) => this.#row(place));
    this.#rows = rows;
    rows.forEach(({ symbol, before, after, texts, drawn }, i) => {
      const row = this.#table.tBodies[0].rows[i];
      row.className = `${drawn ? "writing-drawn" : ""} ${after > 0 ? "" : "writing-cut"}`.trim();
      say(row.cells[0].firstChild, symbol);
      [before, after].forEach((share, column) => {
        row.cells[1 + 2 * column].firstChild.style.width = `${100 * share}%`;
        say(row.cells[2 + 2 * column], texts[column]);
      });
    });
  }

  #build() {
    this.#table = make("table", "live-bars");
    const head = this.#table.createTHead().insertRow();
    for (const span of [1, 2, 2]) head.append(Object.assign(make("th"), { scope: "col", colSpan: span }));
    this.#table.append(make("tbody"));
    this.#element.replaceChildren(make("h2"), make("p"), this.#table, make("p", "writing-note"));
  }

  /** @param {number} place */
  #row(place) {
    const row = make("tr");
    const take = make("button", "writing-take");
    take.type = "button";
    take.addEventListener("click", () => this.#onTake(this.#rows[place].id));
    const cells = ["th", "td", "td", "td", "td"].map((name) => make(name));
    cells[0].append(take);
    cells[0].scope = "row";
    for (const column of [1, 3]) {
      cells[column].className = "live-bar";
      cells[column].append(make("div"));
    }
    row.append(...cells);
    return row;
  }
}
