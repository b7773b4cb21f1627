// The page «Memory»: a text coloured by a unit, and below it all units, what they mean, or what happens without them
// (ui/memory/renderer.py makes the pictures).

import { Chart } from "../../charts/static/chart.js";
import { Announcer } from "../../live/static/announcer.js";
import { LiveComponent } from "../../live/static/channel.js";
import { Multiples } from "./multiples.js";
import { Networks } from "../../live/static/model_picker.js";
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
 * @typedef {import("../../live/static/payload.d.ts").PageData & {view: string, step: number, unit: number, begin: number, end: number, network: string}} Data
 */

/** @extends {LiveComponent<Frame, Data>} */
class Memory extends LiveComponent {
  #root;
  #note;
  #timer;
  #pointing;
  #unit = null;
  #property = ""; // beside which the unit is shown
  #point = null;
  chart; // by their names
  #goto = false;
  #multiplesAt = -Infinity;
  #announcer = new Announcer((text) => this.get("text").setAttribute("aria-valuetext", text));

  constructor(root) {
    super(root, PAUSE);
    this.#root = root;
    this.text = new TextMap(root.querySelector(".memory-text"), {
      choose: (step, go) => this.choose(step, go),
      range: () => this.#ranged(),
      point: (at) => this.#pointAt(at),
      window: () => this.askAnew(),
    });
    this.multiples = new Multiples(this.get("multiples"), (unit) => this.chooseUnit(unit));
    this.findings = new Findings(this.get("findings"), (unit, key) => {
      this.#property = key;
      this.chooseUnit(unit);
    });
    const go = (at) => this.choose(at, true);
    this.alike = new Places(this.get("alike"), go);
    this.nearest = new Places(this.get("nearest"), go);
    this.details = new Details(this.find("details"));
    this.networks = new Networks(root, () => this.#chosen(), () => this.#note());
    const options = { units: { onSelect: (place) => this.chooseUnit(this.frame.order[place]) } };
    this.chart = Object.fromEntries(NAMES.map((name) => [name, new Chart(this.find(name), options[name])]));
    this.get("text").addEventListener("keydown", (event) => this.#key(event));
    this.get("unit").querySelector("input").addEventListener("change", ({ target }) => {
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

  get(name) {
    return this.#root.querySelector(`.memory-${name}`);
  }

  charts() {
    return Object.values(this.chart);
  }

  /** @param {import("../../live/static/payload.d.ts").Component<Data>} component */
  update(component) {
    const { data, setStateValue } = component;
    if (!this.data) {
      const chosen = (name) => (data[name] < 0 ? null : data[name]);
      this.text.step = chosen("step");
      this.#unit = chosen("unit");
      this.networks.value = data.network;
      if (chosen("begin") !== null && data.end > data.begin) this.text.range = [data.begin, data.end];
      this.#goto = this.text.step !== null;
    }
    this.#note = () => {
      setStateValue("step", this.text.step ?? -1);
      setStateValue("unit", this.#unit ?? -1);
      setStateValue("begin", this.text.range?.[0] ?? -1);
      setStateValue("end", this.text.range?.[1] ?? -1);
      setStateValue("network", this.networks.value);
    };
    const other = this.data?.view !== data.view;
    super.update(component);
    this.get("text").setAttribute("aria-label", data.words.textLabel);
    for (const section of this.#root.querySelectorAll("[data-view]")) section.hidden = section.dataset.view !== data.view;
    this.get("clear").hidden = this.text.range === null;
    if (other) this.#arrange(data.view);
    if (other) {
      this.#multiplesAt = -Infinity;
      this.askAnew({ parts: true });
    }
  }

  // The effect of a change stands right below its controls, before the text.
  #arrange(view) {
    const [main, effect] = [this.#root.querySelector(".live-main"), this.#root.querySelector("section[data-view=change]")];
    if (view === "change") main.prepend(effect);
    else main.append(effect);
  }

  // Choosing

  choose(step, go) {
    const last = (this.frame?.symbols ?? 1) - 1;
    this.text.step = Math.max(0, Math.min(last, step));
    this.#point = null;
    this.#goto = go;
    this.text.draw();
    this.#chosen();
  }

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

  #pointAt(at) {
    if (at === this.#point) return;
    this.#point = at;
    clearTimeout(this.#pointing);
    this.#pointing = setTimeout(() => this.askAnew(), POINT_AFTER);
  }

  #key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || !this.frame?.window) return;
    const now = this.text.step ?? this.frame.window.begin - 1;
    const page = Math.max(1, Math.floor(this.text.rows / 2));
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

  ask(query, now) {
    this.networks.ask(query);
    query.set("columns", this.text.columns);
    query.set("row", this.text.row);
    query.set("lead", this.text.top - this.text.row);
    query.set("rows", this.text.rows);
    if (this.text.step !== null) query.set("step", this.text.step);
    if (this.#unit !== null) query.set("unit", this.#unit);
    if (this.#point !== null) query.set("point", this.#point);
    if (this.#goto) query.set("goto", 1);
    if (this.#property) query.set("property", this.#property);
    if (this.text.range) {
      query.set("begin", this.text.range[0]);
      query.set("end", this.text.range[1]);
    }
    if (this.data.view === "text" && now - this.#multiplesAt > MULTIPLES_EVERY) query.set("multiples", 1);
  }

  /** @param {Frame} frame */
  note(frame) {
    this.get("progress").textContent = frame.progress ?? "";
  }

  /** @param {Frame} frame */
  show(frame) {
    this.rest = frame.rest;
    this.networks.show(frame.networks);
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
      this.multiples.show(decode(frame.multiples), frame.legend.scale, frame.unit);
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
    const ctx = scale.getContext("2d");
    const colours = css(legend.scale);
    for (let x = 0; x < scale.width; x++) {
      ctx.fillStyle = colours[Math.round((x / (scale.width - 1)) * 254)];
      ctx.fillRect(x, 0, 1, scale.height);
    }
    const under = strip.getContext("2d");
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
    text.setAttribute("aria-valuemin", 0);
    text.setAttribute("aria-valuemax", Math.max(0, symbols - 1));
    text.setAttribute("aria-valuenow", this.text.step ?? 0);
    const chosen = this.text.step !== null && this.#point === null ? details : undefined;
    const summary = chosen ? [chosen.title, ...chosen.rows.map((row) => row.join(" "))].join("; ") : this.data.words.noSymbol;
    this.#announcer.say(summary, this.text.step, this.playing);
  }
}

// Streamlit calls this at the first drawing of the element and whenever the script has said something new.
export default function (component) {
  const root = component.parentElement.querySelector(".memory");
  root.memory ??= new Memory(root);
  root.memory.update(component);
}
