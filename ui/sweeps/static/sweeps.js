// Live element of the page “Sweeps”: buttons, the map, the chosen cell (ui/sweeps/renderer.py makes its frames).

/** @import { Component } from "../../live/static/payload.js" */

import { Chart } from "../../charts/static/chart.js";
import { Announcer } from "../../live/static/announcer.js";
import { LiveComponent } from "../../live/static/channel.js";
import { tableOf } from "../../live/static/dom.js";
import { say } from "../../live/static/results.js";

const PAUSE = 200; // milliseconds between two pictures, at least
const TELL_AFTER = 300; // milliseconds after a cell was chosen, the script hears of it

/**
 * @typedef {import("../../live/static/payload.d.ts").SweepsFrame} Frame
 * @typedef {import("../../live/static/payload.d.ts").PageData & {column: number, row: number}} Data
 */

/** @extends {LiveComponent<Frame, Data>} */
class Sweeps extends LiveComponent {
  #root;
  /** @type {[column: number, row: number] | null} */
  #cell = null;
  /** @type {() => void} */
  #note;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #announcer = new Announcer((text) => this.#map.setAttribute("aria-valuetext", text));
  /** @type {Record<string, Chart>} */
  #charts;

  /** @param {HTMLElement} root */
  constructor(root) {
    super(root, PAUSE);
    this.#root = root;
    /** @param {string} name */
    const element = (name) => root.querySelector(`[data-chart="${name}"]`);
    const onSelect = (/** @type {number | null} */ column, /** @type {any} */ hit) => this.#select(column, hit);
    this.#charts = { map: new Chart(element("map"), { onSelect }), curves: new Chart(element("curves")) };
    this.#map.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.#key(event));
    this.run();
  }

  get #map() {
    return this.#charts.map.element;
  }

  charts() {
    return Object.values(this.#charts);
  }

  /** @param {Component<Data>} component */
  update(component) {
    const { data, setStateValue } = component;
    if (!this.data && data.column >= 0 && data.row >= 0) this.#cell = [data.column, data.row];
    this.#note = () => {
      const [column, row] = this.#cell ?? [-1, -1];
      setStateValue("column", column);
      setStateValue("row", row);
    };
    super.update(component);
    this.#root.querySelector(".sweeps-networks").setAttribute("aria-label", this.data.words.cell);
    if (this.frame) this.#tell();
  }

  // A click says the row as well; the keys ← and → keep it.
  /** @param {number | null} column @param {any} hit */
  #select(column, hit) {
    if (column === null) return this.#choose(null);
    const [, row] = this.frame?.cell ?? [0, 0];
    this.#choose([column, hit?.trace.meta === "cell" ? hit.y : row]);
  }

  /** @param {[column: number, row: number] | null} cell */
  #choose(cell) {
    this.#cell = cell;
    this.#charts.map.select(null); // a square marks it
    this.askAnew();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#note, TELL_AFTER);
  }

  // The arrow keys go from cell to cell; where the sweep has no such cell, to the next one in that direction.
  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    const cells = this.frame?.cells ?? [];
    if (!step || !cells.length || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const [column, row] = this.#cell ?? this.frame?.cell ?? cells[0];
    if (!this.#cell) return this.#choose([column, row]);
    const [across, up] = step;
    const ahead = cells.filter(([x, y]) => (x - column) * across > 0 || (y - row) * up > 0);
    const far = (/** @type {[number, number]} */ [x, y]) => Math.abs(x - column) * (across ? 1 : 100) + Math.abs(y - row) * (up ? 1 : 100);
    const next = ahead.sort((one, other) => far(one) - far(other))[0];
    if (next) this.#choose(next);
  }

  /** @param {URLSearchParams} query */
  ask(query) {
    if (!this.#cell) return;
    query.set("column", String(this.#cell[0]));
    query.set("row", String(this.#cell[1]));
  }

  /** @param {Frame} frame */
  note({ sweep }) {
    if (!sweep) return;
    this.#buttons(this.#root.querySelector(".sweeps-buttons"), sweep.buttons, (name) => this.command(name));
    const progress = this.find("progress");
    progress.hidden = sweep.share === null;
    progress.value = sweep.share ?? 0;
    progress.setAttribute("aria-label", this.data.words.sweep);
    say(this.#root.querySelector(".sweeps-lines"), sweep.lines.filter(Boolean).join("\n"));
  }

  // Buttons that are made anew only where others are wanted: who has the focus on one keeps it.
  /** @param {HTMLElement} element @param {[name: string, label: string][]} wanted @param {(name: string) => void} press */
  #buttons(element, wanted, press) {
    const key = JSON.stringify(wanted);
    if (element.dataset.shown === key) return;
    element.dataset.shown = key;
    while (element.children.length > wanted.length) element.lastChild?.remove();
    while (element.children.length < wanted.length) {
      const button = Object.assign(document.createElement("button"), { type: "button" });
      button.addEventListener("click", () => press(String(button.dataset.name)));
      element.append(button);
    }
    wanted.forEach(([name, label], i) => {
      const button = /** @type {HTMLButtonElement} */ (element.children[i]);
      button.dataset.name = name;
      say(button, label);
    });
  }

  /** @param {Frame} frame */
  show(frame) {
    for (const [name, figure] of Object.entries(frame.figures)) this.#charts[name].draw(figure);
    const { details } = frame;
    this.#root.querySelector(".sweeps-cell").hidden = details === null;
    this.#root.querySelector(".sweeps-none").hidden = details !== null;
    if (details) {
      say(this.#root.querySelector(".sweeps-title"), details.title);
      say(this.#root.querySelector(".sweeps-sentence"), details.sentence);
      this.#networks(details.table);
      this.#buttons(this.#root.querySelector(".sweeps-opens"), details.opens, (name) => this.act(name));
    }
    this.#tell();
  }

  /** @param {import("../../live/static/payload.d.ts").Columns} columns */
  #networks(columns) {
    const element = this.#root.querySelector(".sweeps-networks");
    const key = JSON.stringify(columns);
    if (element.dataset.shown === key) return;
    element.dataset.shown = key;
    element.replaceChildren(tableOf(columns));
  }

  // For those who hear the map.
  #tell() {
    const { details, cell, cells = [] } = this.frame ?? {};
    const at = cells.findIndex(([column, row]) => column === cell?.[0] && row === cell?.[1]);
    this.#map.setAttribute("aria-valuemin", "1");
    this.#map.setAttribute("aria-valuemax", String(Math.max(1, cells.length)));
    this.#map.setAttribute("aria-valuenow", String(at + 1));
    const text = details ? `${details.title}; ${details.sentence}` : this.data.words.noCell;
    this.#announcer.say(text, String(cell), this.playing);
  }
}

// Streamlit calls this at the first drawing of the element and whenever the script has said something new.
/** @param {Component<Data>} component */
export default function (component) {
  const root = component.parentElement.querySelector(".sweeps");
  root.sweeps ??= new Sweeps(root);
  root.sweeps.update(component);
}
