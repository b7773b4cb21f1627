// The plane: states and fixed points in the plane or in space, or the trees of mean states (ui/memory/states/renderer.py).
//
// A figure in space has a z beside x and y in its traces. Here it is turned and laid flat, so that turning needs no
// answer of the server.

/**
 * @import { Trace } from "../../../charts/static/figure.js"
 * @import { Component } from "../../../live/static/payload.js"
 */

import { Chart } from "../../../charts/static/chart.js";
import { LiveComponent } from "../../../live/static/channel.js";
import { decode } from "../../../charts/static/numbers.js";

const PAUSE = 150; // milliseconds between two pictures, at least
const TELL_AFTER = 400; // milliseconds after something was chosen, the script hears of it
const DEGREES = 0.5; // of a pixel that the pointer is dragged
const RADIAN = Math.PI / 180;
const NAMES = ["plane", "now", "before"];

/**
 * @typedef {import("../../../live/static/payload.d.ts").PlaneFrame} Frame
 * @typedef {import("../../../live/static/payload.d.ts").PageData & {input: number, turn: number, tilt: number}} Data
 */

/** @extends {LiveComponent<Frame, Data>} */
class States extends LiveComponent {
  /** @type {() => void} */
  #note;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {[turn: number, tilt: number]} */
  #angles = /** @type {any} */ (null); // [turn, tilt] in degrees
  /** @type {[across: number, down: number, turn: number, tilt: number] | null} */
  #drag = null; // where it began: [across, down, turn, tilt]
  /** @type {any} */
  #figure = null; // the newest of the plane, decoded
  #input = -1; // the input that stays; -1: none
  #inputs = ""; // the names in the list
  chart; // by their names

  /** @param {HTMLElement} root */
  constructor(root) {
    super(root, PAUSE);
    this.chart = Object.fromEntries(NAMES.map((name) => [name, new Chart(this.find(name))]));
    this.turning = this.find("turning");
    this.#listen();
    this.run();
  }

  charts() {
    return Object.values(this.chart);
  }

  /** @param {import("../../../live/static/payload.d.ts").Component<Data>} component */
  update(component) {
    const { data, setStateValue } = component;
    if (!this.#angles) {
      this.#setAngles(data.turn, data.tilt);
      this.#input = data.input;
    }
    this.#note = () => {
      setStateValue("input", this.#input);
      setStateValue("turn", this.#angles[0]);
      setStateValue("tilt", this.#angles[1]);
    };
    super.update(component);
  }

  get angles() {
    return [...this.#angles];
  }

  /** @param {URLSearchParams} query */
  ask(query) {
    if (this.#input >= 0) query.set("input", String(this.#input));
  }

  #listen() {
    this.find("input").addEventListener("change", () => {
      this.#input = Number(this.find("input").value);
      this.askAnew({ parts: true });
      this.#tellLater();
    });
    for (const name of ["turn", "tilt"]) {
      this.find(name).addEventListener("input", () => {
        this.#turnTo(Number(this.find("turn").value), Number(this.find("tilt").value));
      });
    }
    const chart = this.find("plane");
    chart.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
      if (!this.inSpace || event.button !== 0) return;
      this.#drag = [event.clientX, event.clientY, ...this.#angles];
      chart.setPointerCapture(event.pointerId);
    });
    chart.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => {
      if (!this.#drag) return;
      const [across, down, turn, tilt] = this.#drag;
      const wide = turn + DEGREES * (event.clientX - across);
      this.#turnTo(((((wide + 180) % 360) + 360) % 360) - 180, tilt + DEGREES * (event.clientY - down));
    });
    for (const type of ["pointerup", "pointercancel"]) chart.addEventListener(type, () => { this.#drag = null; });
  }

  get inSpace() {
    return this.#figure?.layout.meta?.space === true;
  }

  /** @param {number} turn @param {number} tilt */
  #setAngles(turn, tilt) {
    this.#angles = [Math.round(turn), Math.round(Math.max(-90, Math.min(90, tilt)))];
    [this.find("turn").value, this.find("tilt").value] = this.#angles;
  }

  /** @param {number} turn @param {number} tilt */
  #turnTo(turn, tilt) {
    this.#setAngles(turn, tilt);
    this.#draw();
    this.#tellLater();
  }

  #tellLater() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#note(), TELL_AFTER);
  }

  // The inputs that the network on the screen can have.
  /** @param {string[]} names */
  #list(names) {
    const key = JSON.stringify(names);
    const select = this.find("input");
    if (key !== this.#inputs) {
      this.#inputs = key;
      const options = names.map((name, i) => {
        const option = document.createElement("option");
        option.value = String(i - 1);
        option.textContent = name;
        return option;
      });
      select.replaceChildren(...options);
    }
    select.value = this.#input < names.length - 1 ? this.#input : -1;
  }

  /** @param {Frame} frame */
  show(frame) {
    const trees = frame.shown === "tree";
    this.find("states").hidden = trees;
    this.find("trees").hidden = !trees;
    const summary = this.find("summary");
    summary.hidden = !frame.summary;
    if (summary.textContent !== frame.summary) summary.textContent = frame.summary;
    if (frame.figures.plane) {
      this.#figure = decode(frame.figures.plane);
      this.find("angles").hidden = !this.inSpace;
      this.find("plane").classList.toggle("live-space", this.inSpace);
      this.#list(frame.inputs);
      this.#draw();
    }
    for (const name of /** @type {const} */ (["now", "before"])) if (frame.figures[name]) this.chart[name].draw(frame.figures[name]);
    this.rest = frame.rest;
  }

  // As high as it is wide, so that a unit is as long across as upwards.
  #draw() {
    if (!this.#figure) return;
    const { data, layout } = this.#figure;
    const { l, r, t, b } = layout.margin;
    const height = Math.min(layout.height, this.turning.clientWidth - l - r + t + b);
    const flat = this.inSpace ? data.map((/** @type {Record<string, any>} */ trace) => turned(trace, ...this.#angles)) : data;
    this.chart.plane.draw({ data: flat, layout: { ...layout, height } });
  }
}

// A trace laid flat, after it was turned about the upright axis z and tilted towards the reader.
/** @param {Trace} trace @param {number} turn @param {number} tilt */
export function turned(trace, turn, tilt) {
  if (!trace.z || trace.type === "heatmap") return trace;
  const [c, s, d, e] = [turn, tilt].flatMap((angle) => [Math.cos(angle * RADIAN), Math.sin(angle * RADIAN)]);
  const [x, y] = [new Float32Array(trace.x.length), new Float32Array(trace.x.length)];
  for (let i = 0; i < x.length; i++) {
    const depth = s * trace.x[i] + c * trace.y[i];
    x[i] = c * trace.x[i] - s * trace.y[i];
    y[i] = d * trace.z[i] + e * depth;
  }
  return { ...trace, x, y };
}

// Streamlit calls this at the first drawing of the element and whenever the script has summary something new.
/** @param {Component<Data>} component */
export default function (component) {
  const root = component.parentElement.querySelector(".plane");
  root.plane ??= new States(root);
  root.plane.update(component);
}
