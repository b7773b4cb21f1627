// Live element of the page “Gradients”: the matrix of gradients, its decay, the path back from one loss, the causes (ui/gradients/renderer.py).

/** @import { Component } from "../../live/static/payload.js" */

import { Chart } from "../../charts/static/chart.js";
import { Announcer } from "../../live/static/announcer.js";
import { LiveComponent } from "../../live/static/channel.js";
import { tableOf } from "../../live/static/dom.js";

const PAUSE = 150; // milliseconds between two pictures, at least
const TELL_AFTER = 300; // milliseconds after an entry was chosen, the script hears of it
const NAMES = ["matrix", "decay", "path", "plane", "history"];

/**
 * @typedef {import("../../live/static/payload.d.ts").GradientsFrame} Frame
 * @typedef {import("../../live/static/payload.d.ts").PageData & {lossStep: number, stateStep: number}} Data
 */

/** @extends {LiveComponent<Frame, Data>} */
class Gradients extends LiveComponent {
  /** @type {() => void} */
  #note;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #announcer = new Announcer((text) => this.find("matrix").setAttribute("aria-valuetext", text));
  /** @type {number | null} */
  #t = null; // the chosen loss
  /** @type {number | null} */
  #k = null; // the chosen state
  chart; // by their names

  /** @param {HTMLElement} root */
  constructor(root) {
    super(root, PAUSE);
    /** @type {Record<string, import("../../charts/static/chart.js").ChartOptions>} */
    const options = { matrix: { onSelect: (k, hit) => this.choose(this.#rowOf(hit), k) } };
    this.chart = Object.fromEntries(NAMES.map((name) => [name, new Chart(this.find(name), options[name])]));
    this.find("matrix").addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.#key(event));
    this.run();
  }

  charts() {
    return Object.values(this.chart);
  }

  /** @param {import("../../live/static/payload.d.ts").Component<Data>} component */
  update(component) {
    const { data, setStateValue } = component;
    if (!this.data) [this.#t, this.#k] = [data.lossStep, data.stateStep].map((step) => (step < 0 ? null : step));
    this.#note = () => {
      setStateValue("lossStep", this.#t ?? -1);
      setStateValue("stateStep", this.#k ?? -1);
    };
    super.update(component);
    if (this.frame) this.#tell();
  }

  // Of the matrix, the loss that was clicked; of another stave, the one chosen before.
  /** @param {any} hit */
  #rowOf(hit) {
    return hit?.trace.meta === "flow" ? hit.y : this.#t;
  }

  /** @param {number | null} t @param {number | null} k */
  choose(t, k) {
    [this.#t, this.#k] = [t, k];
    this.chart.matrix.select(k);
    this.askAnew();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#note, TELL_AFTER);
  }

  // Up and down choose another loss that counts.
  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const losses = this.frame?.losses ?? [];
    if (!step || !losses.length || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const at = losses.indexOf(this.frame.t) + step;
    this.choose(losses[Math.max(0, Math.min(losses.length - 1, at))], this.#k ?? this.frame.t);
  }

  /** @param {URLSearchParams} query */
  ask(query) {
    if (this.#t !== null) query.set("t", String(this.#t));
    if (this.#k !== null) query.set("k", String(this.#k));
  }

  /**
   * @param {Frame} frame
   * @param {Frame | null} previous
   */
  show(frame, previous) {
    if (!previous?.figures) this.chart.matrix.select(this.#k);
    if (this.#k !== null && this.#k >= frame.steps) {
      this.#k = frame.steps - 1;
      this.chart.matrix.select(this.#k);
    }
    for (const name of NAMES) this.chart[name].draw(frame.figures[/** @type {keyof Frame["figures"]} */ (name)]);
    this.rest = frame.rest;
    this.#showDetails(frame.details);
    this.#tell();
  }

  /** @param {Frame["details"]} details */
  #showDetails(details) {
    const element = this.find("details");
    element.hidden = details === null;
    element.nextElementSibling.firstChild.hidden = !details?.table;
    if (details === null) return;
    const scrolled = element.querySelector(".live-factors")?.scrollTop ?? 0;
    const [title, sentence] = ["h2", "p"].map((tag) => document.createElement(tag));
    title.textContent = details.title;
    sentence.textContent = details.sentence;
    element.replaceChildren(title, sentence);
    if (!details.table) return;
    const factors = document.createElement("div");
    factors.className = "live-factors";
    factors.tabIndex = 0; // it scrolls
    factors.append(tableOf(details.table));
    element.append(factors);
    factors.scrollTop = scrolled;
  }

  // For those who hear the matrix.
  #tell() {
    const matrix = this.find("matrix");
    const { details, steps = 1 } = this.frame ?? {};
    matrix.setAttribute("aria-valuemin", "0");
    matrix.setAttribute("aria-valuemax", String(steps - 1));
    matrix.setAttribute("aria-valuenow", String(this.#k ?? 0));
    const text = details ? `${details.title}; ${details.sentence}` : this.data.words.noEntry;
    this.#announcer.say(text, `${this.#t} ${this.#k}`, this.playing);
  }
}

// Streamlit calls this at the first drawing of the element and whenever the script has said something new.
/** @param {Component<Data>} component */
export default function (component) {
  const root = component.parentElement.querySelector(".gradients");
  root.gradients ??= new Gradients(root);
  root.gradients.update(component);
}
