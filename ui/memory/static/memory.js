// The page “Memory”: a text coloured by a unit, and below it all units, what they mean, or what happens without them
// (ui/memory/renderer.py makes the pictures).

/** @import { Component } from "../../live/static/payload.js" */

import { Chart } from "../../charts/static/chart.js";
import { Announcer } from "../../live/static/announcer.js";
import { LiveComponent } from "../../live/static/channel.js";
import { Multiples } from "./multiples.js";
import { decode } from "../../charts/static/numbers.js";
import { Findings, Places, sentences } from "./found.js";
import { css, TextMap } from "./textmap.js";
import { Details } from "../../live/static/dom.js";

const PAUSE = 150; // milliseconds between two pictures, at least
const TELL_AFTER = 400; // milliseconds after something was chosen, the script hears of it
const POINT_AFTER = 60; // milliseconds that the pointer rests on a symbol
const MULTIPLES_EVERY = 900; // milliseconds between two drawings of all units
const NAMES = ["units", "beside", "change", "curve"];

/**
 * @typedef {import("../../live/static/payload.d.ts").MemoryFrame} Frame
 * @typedef {import("../../live/static/payload.d.ts").PageData & {view: string, step: number, unit: number, begin: number, end: number}} Data
 */

/** @extends {LiveComponent<Frame, Data>} */
class Memory extends LiveComponent {
  #root;
  /** @type {() => void} */
  #note;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #pointing;
  /** @type {number | null} */
  #unit = null;
  #property = ""; // beside which the unit is shown
  /** @type {number | null} */
  #point = null;
  chart; // by their names
  #goto = false;
  #multiplesAt = -Infinity;
  #announcer = new Announcer((text) => this.get("text").setAttribute("aria-valuetext", text));

  /** @param {HTMLElement} root */
  constructor(root) {
    super(root, PAUSE);
    this.#root = root;
    this.text = new TextMap(root.querySelector(".memory-text"), {
      /** @param {number} step @param {boolean} go */
      choose: (step, go) => this.choose(step, go),
      range: () => this.#ranged(),
      /** @param {number | null} at */
      point: (at) => this.#pointAt(at),
      window: () => this.askAnew(),
      csv: () => this.csvOf("text_numbers"),
    });
    /** @param {number} unit */
    const choose = (unit) => this.chooseUnit(unit);
    this.multiples = new Multiples(this.get("multiples"), choose, () => this.csvOf("units_numbers"));
    this.findings = new Findings(this.get("findings"), (unit, key) => {
      this.#property = key;
      this.chooseUnit(unit);
    });
    /** @param {number} at */
    const go = (at) => this.choose(at, true);
    this.alike = new Places(this.get("alike"), go);
    this.nearest = new Places(this.get("nearest"), go);
    this.details = new Details(this.find("details"));
    /** @type {Record<string, import("../../charts/static/chart.js").ChartOptions>} */
    const options = { units: { onSelect: (place) => this.chooseUnit(this.frame.order[place ?? -1]) } };
    this.chart = Object.fromEntries(NAMES.map((name) => [name, new Chart(this.find(name), options[name])]));
    this.get("text").addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.#key(event));
    this.get("unit").querySelector("input").addEventListener("change", (/** @type {{ target: any }} */ { target }) => {
      const unit = Number.parseInt(target.value, 10);
      if (unit >= 0) this.chooseUnit(Math.min(unit, (this.frame?.units ?? 1) - 1));
    });
    this.get("mark").addEventListener("click", () => (this.text.marking = this.text.step ?? this.frame?.window.begin ?? 0));
    this.get("clear").addEventListener("click", () => {
      this.text.range = null;
      this.text.draw();
      this.#ranged();
    });
    this.run();
  }

  /** @param {string} name @returns {any} */
  get(name) {
    return this.#root.querySelector(`.memory-${name}`);
  }

  charts() {
    return Object.values(this.chart);
  }

  pictures() {
    return [this.text, this.multiples];
  }

  /** @param {import("../../live/static/payload.d.ts").Component<Data>} component */
  update(component) {
    const { data, setStateValue } = component;
    if (!this.data) {
      /** @param {"step" | "unit" | "begin"} name */
      const chosen = (name) => (data[name] < 0 ? null : data[name]);
      this.text.step = chosen("step");
      this.#unit = chosen("unit");
      if (chosen("begin") !== null && data.end > data.begin) this.text.range = [data.begin, data.end];
      this.#goto = this.text.step !== null;
    }
    this.#note = () => {
      setStateValue("step", this.text.step ?? -1);
      setStateValue("unit", this.#unit ?? -1);
      setStateValue("begin", this.text.range?.[0] ?? -1);
      setStateValue("end", this.text.range?.[1] ?? -1);
    };
    const other = this.data?.view !== data.view;
    super.update(component);
    this.get("text").setAttribute("aria-label", data.words.textLabel);
    for (const section of this.#root.querySelectorAll("[data-view]")) section.hidden = section.dataset.view !== data.view;
    this.get("clear").hidden = this.text.range === null;
    this.#root.dataset.shown = data.view;
    if (other) {
      this.#multiplesAt = -Infinity;
      this.askAnew({ parts: true });
    }
  }

  // Choosing

  /** @param {number} step @param {boolean} go */
  choose(step, go) {
    const last = (this.frame?.symbols ?? 1) - 1;
    this.text.step = Math.max(0, Math.min(last, step));
    this.#point = null;
    this.#goto = go;
    this.text.draw();
    this.#chosen();
  }

  /** @param {number | undefined} unit */
  chooseUnit(unit) {
    if (unit === undefined) return;
    this.#unit = unit;
    this.multiples.choose(unit);
    this.#chosen();
  }

  #ranged() {
    this.get("clear").hidden = this.text.range === null;
    this.#chosen();
  }

  #chosen() {
    this.askAnew();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#note(), TELL_AFTER);
  }

  /** @param {number | null} at */
  #pointAt(at) {
    if (at === this.#point) return;
    this.#point = at;
    clearTimeout(this.#pointing);
    this.#pointing = setTimeout(() => this.askAnew(), POINT_AFTER);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || !this.frame?.window) return;
    const now = this.text.step ?? this.frame.window.begin - 1;
    const page = Math.max(1, Math.floor(this.text.rows / 2));
    /** @type {Record<string, () => number>} */
    const moves = {
      ArrowLeft: () => now - 1,
      ArrowRight: () => now + 1,
      ArrowUp: () => this.text.beside(now, -1),
      ArrowDown: () => this.text.beside(now, 1),
      PageUp: () => this.text.beside(now, -page),
      PageDown: () => this.text.beside(now, page),
      Home: () => 0,
      End: () => this.frame.symbols - 1,
    };
    if (!(event.key in moves)) return;
    event.preventDefault();
    const to = Math.max(0, Math.min(this.frame.symbols - 1, moves[event.key]()));
    if (!event.shiftKey) return this.choose(to, true);
    const [begin, end] = this.text.range ?? [now, now + 1];
    const fixed = begin === now ? end - 1 : begin;
    this.text.mark(Math.min(fixed, to), Math.max(fixed, to) + 1);
    this.text.step = to;
    this.#goto = true;
    this.#ranged();
  }

  // Pictures

  /** @param {URLSearchParams} query @param {number} now */
  ask(query, now) {
    query.set("columns", String(this.text.columns));
    query.set("row", String(this.text.row));
    query.set("lead", String(this.text.top - this.text.row));
    query.set("rows", String(this.text.rows));
    if (this.text.step !== null) query.set("step", String(this.text.step));
    if (this.#unit !== null) query.set("unit", String(this.#unit));
    if (this.#point !== null) query.set("point", String(this.#point));
    if (this.#goto) query.set("goto", "1");
    if (this.#property) query.set("property", String(this.#property));
    if (this.text.range) {
      query.set("begin", String(this.text.range[0]));
      query.set("end", String(this.text.range[1]));
    }
    if (this.data.view === "text" && now - this.#multiplesAt > MULTIPLES_EVERY) query.set("multiples", "1");
  }

  /** @param {Frame} frame */
  note(frame) {
    this.get("progress").textContent = frame.progress ?? "";
  }

  /** @param {Frame} frame */
  show(frame) {
    this.rest = frame.rest;
    this.get("unread").textContent = frame.unread;
    const columns = this.text.columns;
    this.text.show({ ...frame, window: decode(frame.window) });
    if (frame.step !== null && frame.step !== this.text.step) this.text.step = frame.step;
    if (frame.goto !== null) this.#goto = false;
    if (columns !== this.text.columns) this.askAnew(); // the cells are wider than was thought
    this.#showLegend(frame);
    this.details.show(frame.details ?? null);
    this.get("choose").hidden = frame.details !== undefined;
    if (frame.figures.units) {
      this.chart.units.draw(frame.figures.units);
      this.chart.units.select(frame.order.indexOf(frame.unit));
    }
    if (frame.multiples) {
      this.multiples.show(decode(frame.multiples), frame.legend, frame.unit);
      this.#multiplesAt = performance.now();
    }
    if (frame.search) this.#showSearch(frame.search, frame.unit, frame.figures);
    if (frame.change) this.#showChange(frame.change, frame.figures);
    this.#tell();
  }

  /** @param {Frame} frame */
  #showLegend({ legend, unit, units }) {
    this.get("value").textContent = legend.value;
    this.get("surprise").textContent = legend.surprise;
    const input = this.get("unit").querySelector("input");
    input.max = units - 1;
    if (document.activeElement !== input && input.value !== String(unit)) input.value = unit;
    const [scale, strip] = [this.get("scale"), this.get("strip")];
    const ctx = /** @type {CanvasRenderingContext2D} */ (scale.getContext("2d"));
    const colours = css(legend.scale);
    for (let x = 0; x < scale.width; x++) {
      ctx.fillStyle = colours[Math.round((x / (scale.width - 1)) * 254)];
      ctx.fillRect(x, 0, 1, scale.height);
    }
    const under = /** @type {CanvasRenderingContext2D} */ (strip.getContext("2d"));
    under.clearRect(0, 0, strip.width, strip.height);
    under.fillStyle = legend.bar;
    under.fillRect(0, 3, strip.width * 0.6, 4);
  }

  /**
   * @param {import("../../live/static/payload.d.ts").Search} search
   * @param {number} unit
   * @param {Frame["figures"]} figures
   */
  #showSearch(search, unit, figures) {
    const { words } = this.data;
    sentences(this.get("found"), search.sentences);
    this.get("note").textContent = search.note ?? "";
    this.findings.show(search.table ?? null, unit, search.key);
    this.get("together").textContent = search.beside ?? words.chooseRow;
    this.find("beside").hidden = !figures.beside;
    if (figures.beside) this.chart.beside.draw(figures.beside);
    this.get("pattern").textContent = search.pattern?.sentence ?? words.markFirst;
    this.alike.show(search.pattern?.places ?? [], words.goTo);
    this.get("near").textContent = search.nearest?.sentence ?? words.chooseFirst;
    this.nearest.show(search.nearest?.places ?? [], words.goTo);
  }

  /**
   * @param {import("../../live/static/payload.d.ts").Change} change
   * @param {Frame["figures"]} figures
   */
  #showChange(change, figures) {
    sentences(this.get("message"), change.problem ? [change.problem] : (change.sentences ?? []));
    this.find("change").hidden = !figures.change;
    if (figures.change) this.chart.change.draw(figures.change);
    this.get("written").hidden = !change.written;
    if (change.written) {
      this.get("before").textContent = change.written;
      this.get("after").textContent = change.writtenAfter;
    }
    sentences(this.get("lasts"), change.lasts ?? []);
    this.find("curve").hidden = !figures.curve;
    if (figures.curve) this.chart.curve.draw(figures.curve);
  }

  // For those who hear the text.
  #tell() {
    const text = this.get("text");
    const { details, symbols = 1 } = this.frame;
    text.setAttribute("aria-valuemin", "0");
    text.setAttribute("aria-valuemax", String(Math.max(0, symbols - 1)));
    text.setAttribute("aria-valuenow", String(this.text.step ?? 0));
    const chosen = this.text.step !== null && this.#point === null ? details : undefined;
    const summary = chosen ? [chosen.title, ...chosen.rows.map((row) => row.join(" "))].join("; ") : this.data.words.noSymbol;
    this.#announcer.say(summary, this.text.step, this.playing);
  }
}

// Streamlit calls this at the first drawing of the element and whenever the script has said something new.
/** @param {Component<Data>} component */
export default function (component) {
  const root = component.parentElement.querySelector(".memory");
  root.memory ??= new Memory(root);
  root.memory.update(component);
}
