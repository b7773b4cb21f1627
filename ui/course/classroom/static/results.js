// What a class has guessed and what was measured: charts on canvas, answers in words as bars.

/** @import { ClassResult } from "../../../live/static/payload.js" */

import { Chart } from "../../../charts/static/chart.js";
import { save, SaveMenu } from "../../../charts/static/export.js";
import { bar } from "../../../live/static/dom.js";
import { make } from "../../static/guesses.js";

const LETTERS = 1.8; // times larger on a projector of this size; larger with a larger one
const SCREEN = [1280, 720]; // pixels
const LEAST = 420; // pixels of a chart on a projector, or as much as there is room: those that follow are scrolled to
const BELOW = 12; // pixels that stay free below
const WIDE = 1000; // pixels of a projector on which two charts stand beside each other (classroom.css), in smaller letters
const BESIDE = 0.8;
const WIDER = 1200; // pixels on which three stand beside each other, in letters smaller still
const THREE = 0.7;

class ChartResult {
  element = make("figure", { className: "class-result" });
  #caption = make("figcaption");
  #chart;
  #menu;

  /** @param {string} name */
  constructor(name) {
    const drawing = make("div", { className: "live-figure" });
    drawing.setAttribute("role", "img");
    const tools = make("div", { className: "live-tools" });
    this.element.append(this.#caption, drawing, tools);
    const chart = (this.#chart = new Chart(drawing));
    const file = `rnn-lab-class-${name}`;
    this.#menu = new SaveMenu([
      ["", async () => chart.figure && save(await chart.png(), "image/png", `${file}.png`)],
      ["", () => chart.figure && save(chart.svg(this.#caption.textContent), "image/svg+xml", `${file}.svg`)],
      ["", () => chart.figure && save(chart.csv(), "text/csv", `${file}.csv`)],
    ]);
    tools.append(this.#menu.element);
  }

  /** @param {any} given @param {Record<string, string>} words */
  show({ label, figure }, words) {
    if (this.#caption.textContent !== label) this.#caption.textContent = label;
    this.#chart.element.setAttribute("aria-label", label);
    this.#menu.name(words.save, label, [words.savePng, words.saveSvg, words.saveCsv]);
    this.#chart.draw(figure);
  }

  /** @param {number | null} height @param {number} letters */
  stage(height, letters) {
    this.#chart.stage(height && height - this.#caption.offsetHeight, letters);
  }

  destroy() {
    this.#chart.destroy();
  }
}

class TableResult {
  element = make("div", { className: "class-result" });
  #shown = "";

  /** @param {any} given @param {Record<string, string>} words */
  show({ label, rows }, words) {
    const shown = JSON.stringify([label, rows]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const most = Math.max(1, ...rows.map((/** @type {[string, number, boolean]} */ [, count]) => count));
    const table = make("table", { className: "live-bars" }, make("caption", { textContent: label }));
    for (const [answer, count, right] of rows) {
      const name = right ? `${answer} ✓ ${words.measuredHere}` : answer;
      table.append(bar(name, String(count), count / most, right ? "live-target" : ""));
    }
    this.element.replaceChildren(table);
  }

  stage() {}

  destroy() {}
}

export class Results {
  element = make("div", { className: "class-results" });
  #shown = new Map(); // name and kind -> result

  // results : of a frame. projecting : they fill the screen.
  /** @param {ClassResult[]} results @param {Record<string, string>} words @param {boolean} projecting */
  show(results, words, projecting) {
    const names = results.map(({ name, rows }) => `${name}/${rows ? "rows" : "chart"}`);
    for (const [name, result] of this.#shown) {
      if (names.includes(name)) continue;
      result.element.remove();
      result.destroy();
      this.#shown.delete(name);
    }
    results.forEach((content, i) => {
      if (!this.#shown.has(names[i])) {
        this.#shown.set(names[i], content.rows ? new TableResult() : new ChartResult(content.name));
      }
      const result = this.#shown.get(names[i]);
      if (this.element.children[i] !== result.element) this.element.insertBefore(result.element, this.element.children[i]);
      result.show(content, words);
    });
    this.stage(projecting);
  }

  /** @param {boolean} projecting */
  stage(projecting) {
    const letters = LETTERS * Math.max(1, Math.min(innerWidth / SCREEN[0], innerHeight / SCREEN[1]));
    const room = innerHeight - (this.element.getBoundingClientRect().top + scrollY) - BELOW;
    const wide = this.#shown.size > 1 && innerWidth >= WIDE;
    const columns = !wide ? 1 : this.#shown.size === 3 && innerWidth >= WIDER ? 3 : 2;
    const height = Math.max(Math.min(LEAST, room), room / Math.max(1, Math.ceil(this.#shown.size / columns)), 200);
    const large = [1, BESIDE, THREE][columns - 1] * letters;
    for (const result of this.#shown.values()) result.stage(projecting ? height : null, projecting ? large : 1);
  }

  destroy() {
    for (const result of this.#shown.values()) result.destroy();
    this.#shown.clear();
  }
}
