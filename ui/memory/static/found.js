// Results of the search for units: sentences, a table whose rows choose a unit, places in their context.

/** @param {HTMLElement} element @param {string[]} texts */
export function sentences(element, texts) {
  const key = JSON.stringify(texts);
  if (element.dataset.shown === key) return; // announced once
  element.dataset.shown = key;
  element.replaceChildren(
    ...texts.map((sentence) => {
      const paragraph = document.createElement("p");
      paragraph.textContent = sentence;
      return paragraph;
    }),
  );
}

export class Findings {
  #element;
  #onChoose;
  #shown = "";

  /** @param {HTMLElement} element @param {(unit: number, key: string) => void} onChoose */
  constructor(element, onChoose) {
    this.#element = element;
    this.#onChoose = onChoose;
  }

  /** @param {any} table @param {number} unit @param {string | undefined} chosen */
  show(table, unit, chosen) {
    this.#element.hidden = table === null;
    const key = JSON.stringify([table, unit, chosen]);
    if (table === null || key === this.#shown) return;
    this.#shown = key;
    const focused = [...this.#element.querySelectorAll("button")].indexOf(document.activeElement);
    const made = document.createElement("table");
    made.className = "live-table";
    const head = made.createTHead().insertRow();
    for (const name of table.head) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = name;
      head.append(cell);
    }
    const body = made.createTBody();
    table.rows.forEach((/** @type {string[]} */ texts, /** @type {number} */ i) => {
      const row = body.insertRow();
      row.classList.toggle("memory-chosen", table.units[i] === unit && table.keys[i] === chosen);
      row.classList.toggle("memory-hit", table.found[i]);
      texts.forEach((/** @type {string} */ text, /** @type {number} */ column) => {
        const cell = row.insertCell();
        if (column !== 1) return void (cell.textContent = text);
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = text;
        cell.append(button);
      });
      row.addEventListener("click", () => this.#onChoose(table.units[i], table.keys[i]));
    });
    const { scrollTop } = this.#element;
    this.#element.replaceChildren(made);
    this.#element.scrollTop = scrollTop;
    if (focused >= 0) this.#element.querySelectorAll("button")[focused]?.focus({ preventScroll: true });
  }
}

export class Places {
  #element;
  #onGo;
  #shown = "";

  /** @param {HTMLElement} element @param {(at: number) => void} onGo */
  constructor(element, onGo) {
    this.#element = element;
    this.#onGo = onGo;
  }

  /** @param {import("../../live/static/payload.d.ts").Place[]} places @param {string} word */
  show(places, word) {
    const key = JSON.stringify([places, word]);
    if (key === this.#shown) return;
    this.#shown = key;
    this.#element.replaceChildren(
      ...places.map(({ at, score, parts }) => {
        const button = document.createElement("button");
        const [entry, number, context, mark] = ["li", "span", "code", "mark"].map((name) => document.createElement(name));
        button.type = "button";
        button.textContent = at.toLocaleString("en");
        button.title = word;
        button.setAttribute("aria-label", `${word}: ${at}`);
        button.addEventListener("click", () => this.#onGo(at));
        number.textContent = score;
        mark.textContent = parts[1];
        context.append(parts[0], mark, parts[2]);
        entry.append(button, number, context);
        return entry;
      }),
    );
  }
}
