// Elements beside the charts: numbers, the chosen step, texts by the network, guides and tables.

import { saveTable, saveTables } from "../../charts/static/export.js";
import { printed } from "../../charts/static/numbers.js";
import { write } from "./glossary.js";

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {string} [className]
 * @param {string} [text]
 */
function make(name, className, text) {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

// The heading of a row or a column of a table.
/** @param {string} scope @param {string} text */
function headingOf(scope, text) {
  const cell = make("th", "", text);
  cell.scope = scope;
  return cell;
}

// Notices; drawn anew only when they change, so that each is announced once.
export class Notices {
  #element;
  #onAct;
  #shown = "";

  /** @param {any} element @param {(command: string) => void} onAct */
  constructor(element, onAct) {
    this.#element = element;
    this.#onAct = onAct;
  }

  /** @param {import("./payload.d.ts").Notice[]} notices */
  show(notices) {
    const key = JSON.stringify(notices);
    if (key === this.#shown) return;
    this.#shown = key;
    const shown = notices.map(({ kind, sentence, detail, action }) => {
      const notice = make("div", `live-notice live-${kind}`);
      notice.append(make("div", "", sentence));
      if (detail) notice.append(make("pre", "", detail));
      if (action) {
        const button = make("button", "", action[1]);
        button.type = "button";
        button.addEventListener("click", () => this.#onAct(action[0]));
        notice.append(button);
      }
      return notice;
    });
    this.#element.replaceChildren(...shown);
  }
}

// A list of names with their numbers; changed in place.
export class Numbers {
  #list;

  /** @param {HTMLElement} list */
  constructor(list) {
    this.#list = list;
  }

  /** @param {import("./payload.d.ts").NumberRow[]} numbers */
  show(numbers) {
    while (this.#list.children.length > numbers.length) this.#list.lastChild?.remove();
    while (this.#list.children.length < numbers.length) {
      const entry = make("div", "live-number");
      entry.append(make("dt"), make("dd", "live-value"), make("dd", "live-note"));
      this.#list.append(entry);
    }
    numbers.forEach((texts, i) => {
      texts.forEach((text, j) => {
        const place = this.#list.children[i].children[j];
        if (j !== 1) write(place, text);
        else if (place.textContent !== text) place.textContent = text;
      });
    });
  }
}

// A row of a bar chart: a name, a bar, a number.
/** @param {string} name @param {string} number @param {number} share @param {string} [className] */
export function bar(name, number, share, className) {
  const row = make("tr", className);
  const cell = make("td", "live-bar");
  const filled = make("div");
  filled.style.width = `${100 * Math.min(1, Math.abs(share))}%`;
  if (share < 0) filled.classList.add("live-negative");
  cell.append(filled);
  row.append(headingOf("row", name), cell, make("td", "", number));
  return row;
}

// The exact values at the chosen step.
export class Details {
  #element;
  #body = make("div");
  #links = make("span", "live-tools"); // beside what changes ten times a second, so that they can be pressed
  #onAct;

  /**
   * @param {HTMLElement} element
   * @param {(command: string) => void} [onAct]
   */
  constructor(element, onAct = () => {}) {
    this.#element = element;
    this.#onAct = onAct;
    const save = Object.assign(make("button"), { type: "button" });
    save.dataset.word = "saveTable";
    save.addEventListener("click", () => saveTables(this.#body.querySelectorAll("table"), "rnn-lab-step"));
    const tools = make("div", "live-tools");
    tools.append(this.#links, save);
    element.replaceChildren(this.#body, tools);
  }

  // Buttons that lead to other pages: [[command, label], …].
  /** @param {[command: string, label: string][]} links */
  #lead(links) {
    const labels = links.map(([, label]) => label).join("\n");
    if (this.#links.dataset.labels === labels) return;
    this.#links.dataset.labels = labels;
    const buttons = links.map(([command, label]) => {
      const button = make("button", "", label);
      button.type = "button";
      button.addEventListener("click", () => this.#onAct(command));
      return button;
    });
    this.#links.replaceChildren(...buttons);
  }

  /** @param {import("./payload.d.ts").Details | null} details */
  show(details) {
    this.#element.hidden = details === null;
    if (details === null) return;
    this.#lead(details.links ?? []);
    const facts = make("table", "live-facts");
    for (const [name, value] of details.rows) {
      const row = make("tr");
      row.append(headingOf("row", name), make("td", "", value));
      facts.append(row);
    }
    const columns = [facts];
    const [outputs, units] = details.headings;
    /** @type {[string, HTMLTableRowElement[]][]} */
    const tables = [
      [outputs, (details.outputs ?? []).map(([name, text, p, target]) => bar(name, text, p, target ? "live-target" : ""))],
      [units, details.units.map(([name, text, value]) => bar(name, text, value / Math.abs(details.units[0][2] || 1)))],
    ];
    for (const [heading, rows] of tables) {
      if (!rows.length) continue;
      const table = make("table", "live-bars");
      table.append(make("caption", "", heading), ...rows);
      columns.push(table);
    }
    const row = make("div", "live-columns");
    row.append(...columns);
    this.#body.replaceChildren(make("h2", "", details.title), row);
  }
}

// Texts by the network, the newest first.
export class Samples {
  /** @type {number | null} */
  newest = null; // the update of the newest
  #element;
  #wordless = "";

  /** @param {any} element */
  constructor(element) {
    this.#element = element;
  }

  // The sentence that stands where the network writes none.
  /** @param {string} sentence */
  wordless(sentence) {
    this.#wordless = sentence;
    if (this.newest === null) this.forget();
  }

  /** @param {import("./payload.d.ts").Sample[]} samples */
  show(samples) {
    this.newest = samples[samples.length - 1][0];
    const entries = samples.toReversed().map(([, heading, text]) => {
      const entry = make("li");
      entry.append(make("h3", "", heading), make("pre", "", text));
      return entry;
    });
    this.#element.replaceChildren(...entries);
  }

  forget() {
    this.newest = null;
    this.#element.replaceChildren(make("li", "live-wordless", this.#wordless));
  }
}

// Columns by their names as a table.
/** @param {import("./payload.d.ts").Columns} content */
export function tableOf(content) {
  const table = make("table", "live-table");
  const head = make("tr");
  const names = Object.keys(content);
  head.append(...names.map((name) => headingOf("col", name)));
  const rows = content[names[0]].map((_, i) => {
    const row = make("tr");
    row.append(...names.map((name) => make("td", "", printed(content[name][i]))));
    return row;
  });
  const [header, body] = [make("thead"), make("tbody")];
  header.append(head);
  body.append(...rows);
  table.append(header, body);
  return table;
}

// A guide (sentences) or a table (columns) that the reader opens.
export class Part {
  name;
  #element;
  #body;
  #save; // takes the table along
  #moment; // at which update it was true: it is filled less often than the charts move

  /** @param {any} element @param {() => void} onOpen */
  constructor(element, onOpen) {
    this.#element = element;
    this.name = element.dataset.part;
    this.#body = make("div", "live-part");
    this.#save = make("button", "live-save-table");
    Object.assign(this.#save, { type: "button", hidden: true });
    this.#save.dataset.word = "saveTable";
    this.#save.addEventListener("click", () => saveTable(this.#body.querySelector("table"), `rnn-lab-${this.name}`));
    this.#moment = make("p", "live-moment");
    element.append(this.#moment, this.#body, this.#save);
    element.addEventListener("toggle", () => element.open && onOpen());
  }

  get open() {
    return this.#element.open;
  }

  /** @param {import("./payload.d.ts").Part} content */
  show(content, moment = "") {
    write(this.#moment, moment);
    this.#save.hidden = Array.isArray(content);
    if (Array.isArray(content)) {
      while (this.#body.children.length > content.length) this.#body.lastChild?.remove();
      while (this.#body.children.length < content.length) this.#body.append(make("p"));
      content.forEach((sentence, i) => write(this.#body.children[i], sentence));
      return;
    }
    const table = tableOf(content);
    const [top, left] = [this.#body.scrollTop, this.#body.scrollLeft];
    this.#body.tabIndex = 0; // it scrolls
    this.#body.replaceChildren(table);
    this.#body.scrollTo(left, top);
  }
}
