// A small menu beside a chart or a table: take it along as PNG, SVG or CSV, made here from the same figure.

import { cellsOf, cellsOfAll, csv } from "./csv.js";

// Hand the reader a file.
/** @param {any} content @param {string} type @param {string} name */
export function save(content, type, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

// Save what stands in a table of the page.
/** @param {HTMLTableElement} table @param {string} name */
export function saveTable(table, name) {
  save(csv(cellsOf(table)), "text/csv", `${name}.csv`);
}

// Save what stands in several tables beside one another.
/** @param {Iterable<HTMLTableElement>} tables @param {string} name */
export function saveTables(tables, name) {
  save(csv(cellsOfAll(tables)), "text/csv", `${name}.csv`);
}

/** @param {string} text @param {() => void} act */
function button(text, act) {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = text;
  element.addEventListener("click", act);
  return element;
}

// A menu that opens and closes like any other fold of the page; Escape and a choice close it.
export class SaveMenu {
  #summary = document.createElement("summary");
  #list = document.createElement("div");

  // choices : [text, what it does] each.
  /** @param {[text: string, act: () => void][]} choices */
  constructor(choices) {
    this.element = document.createElement("details");
    this.element.className = "live-save";
    this.#list.className = "live-choices-of-save";
    this.#list.append(...choices.map(([text, act]) => button(text, () => (this.close(), act()))));
    this.element.append(this.#summary, this.#list);
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.element.open) return;
      event.stopPropagation();
      this.close();
    });
    this.element.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget instanceof Node && !this.element.contains(relatedTarget)) this.element.open = false;
    });
  }

  close() {
    this.element.open = false;
    this.#summary.focus();
  }

  // Labels of the menu and its choices; of : the name of what is saved, for screen readers.
  /** @param {string} text @param {string} of @param {string[]} choices */
  name(text, of, choices) {
    if (this.#summary.textContent !== text) this.#summary.textContent = text;
    const label = of ? `${text}: ${of}` : text;
    if (this.#summary.getAttribute("aria-label") !== label) this.#summary.setAttribute("aria-label", label);
    [...this.#list.children].forEach((element, i) => {
      if (element.textContent !== choices[i]) element.textContent = choices[i];
    });
  }
}
