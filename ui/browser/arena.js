// The moving part of the Arena: standings, charts, verdicts, the sweep (ui/arena/frames.py makes them).

import { Chart } from "./chart.js";
import { Moving } from "./moving.js";

const PAUSE = 60; // milliseconds between two pictures, at least
const SLOW_EVERY = 400; // milliseconds between two drawings of the charts that move slowly

// The text of an element, changed only where it is another.
function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// A list of sentences; changed in place.
function list(element, sentences) {
  while (element.children.length > sentences.length) element.lastChild.remove();
  while (element.children.length < sentences.length) element.append(document.createElement("li"));
  sentences.forEach((sentence, i) => say(element.children[i], sentence));
}

class Arena extends Moving {
  #root;
  #charts = {};
  #slowAt = -Infinity;

  constructor(root) {
    super(root, PAUSE);
    this.#root = root;
    for (const element of root.querySelectorAll("[data-chart]")) {
      this.#charts[element.dataset.chart] = new Chart(element);
    }
    this.run();
  }

  charts() {
    return Object.values(this.#charts);
  }

  update(component) {
    super.update(component);
    this.find("scroll").setAttribute("aria-label", this.data.words.standings);
  }

  ask(query, now) {
    if (now - this.#slowAt < SLOW_EVERY && this.token !== "") query.set("loss", 0);
  }

  note({ sweep }) {
    if (!sweep) return;
    const { command, label, line, share, verdicts } = sweep;
    const button = this.find("sweeper");
    button.hidden = command === null;
    button.dataset.command = command ?? "";
    say(button, label);
    const progress = this.find("progress");
    progress.hidden = share === undefined;
    progress.value = share ?? 0;
    progress.setAttribute("aria-label", this.data.words.sweep);
    say(this.find("swept"), line);
    if (verdicts) list(this.find("found"), verdicts);
  }

  show(frame, previous, now) {
    this.#showTable(frame.table);
    list(this.find("verdicts"), frame.verdicts);
    if ("climb" in frame.figures) {
      for (const section of this.#root.querySelectorAll("[data-swept]")) section.hidden = false;
    }
    for (const [name, figure] of Object.entries(frame.figures)) this.#charts[name].draw(figure);
    if (frame.figures.race) this.#slowAt = now;
    else if (previous?.run !== frame.run || previous?.status !== frame.status) this.askAnew();
  }

  // Who stands where; changed in place.
  #showTable({ headings, rows, caption }) {
    const table = this.find("standings");
    if (!table.tBodies.length || table.rows.length !== rows.length + 1) {
      const [head, body] = [table.createTHead(), table.tBodies[0] ?? table.createTBody()];
      table.createCaption();
      head.replaceChildren(document.createElement("tr"));
      for (const _ of headings) head.rows[0].append(Object.assign(document.createElement("th"), { scope: "col" }));
      body.replaceChildren(
        ...rows.map((row, number) => {
          const line = document.createElement("tr");
          row.forEach((_, column) => line.append(document.createElement(column ? "td" : "th")));
          line.firstChild.scope = "row";
          const swatch = Object.assign(document.createElement("span"), { className: "live-swatch" });
          swatch.dataset.contender = number;
          line.firstChild.append(swatch, document.createElement("span"));
          return line;
        }),
      );
    }
    say(table.caption, caption);
    headings.forEach((heading, column) => say(table.tHead.rows[0].cells[column], heading));
    rows.forEach((row, number) => {
      const { cells } = table.tBodies[0].rows[number];
      cells[0].firstChild.style.background = this.data.contenders[number];
      say(cells[0].lastChild, row[0]);
      row.slice(1).forEach((text, column) => say(cells[column + 1], text));
    });
  }
}

// Streamlit calls this at the first drawing of the element and whenever the script has said something new.
export default function (component) {
  const root = component.parentElement.querySelector(".arena");
  root.arena ??= new Arena(root);
  root.arena.update(component);
}
