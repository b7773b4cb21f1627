// The paper on which the reader draws a picture for the network (ui/shapes/paper.py): with a mouse, a finger, or the
// arrow keys.

/** @import { Component, DrawingData } from "../../live/static/payload.js" */
/** @import { Point, Stroke } from "./strokes.js" */

import { FILLED, GRID, LINE, flat, lengthen, read, simplified, spelled } from "./strokes.js";

const SVG = "http://www.w3.org/2000/svg";
const STEP = 2; // of the pen, by one press of an arrow key
/** @type {Record<string, Point>} */
const ARROWS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

/** @param {string} name @param {Record<string, any>} attributes */
function shape(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

/** @param {number} at */
const within = (at) => Math.min(GRID - 1, Math.max(0, Math.floor(at)));

class Paper {
  /** @type {HTMLElement} */
  #root;
  /** @type {DrawingData} */
  #data;
  /** @type {(text: string) => void} */
  #tell = () => {};
  /** @type {Stroke[]} */
  #strokes;
  /** @type {Stroke[][]} */
  #before = []; // what each press of Undo brings back
  /** @type {Stroke | null} */
  #drawing = null; // the stroke that is being drawn
  /** @type {string} */
  #colour;
  #kind = LINE;
  /** @type {Point} */
  #pen = [GRID / 2, GRID / 2]; // of the keyboard
  #sheet = shape("svg", { viewBox: `0 0 ${GRID} ${GRID}`, class: "drawing-sheet chart-coloured", tabindex: 0, role: "application" });
  #ink = shape("g", {});
  #cross = shape("path", { class: "drawing-pen" });
  #status = Object.assign(document.createElement("p"), { className: "drawing-status", role: "status" });
  #said = Object.assign(document.createElement("p"), { className: "drawing-said" }); // written by shapes.js
  #tools = Object.assign(document.createElement("div"), { className: "drawing-tools" });

  /** @param {HTMLElement} root @param {DrawingData} data */
  constructor(root, data) {
    [this.#root, this.#data, this.#strokes, this.#colour] = [root, data, read(data.drawing), data.colours[0][0]];
    const places = [1, 2].flatMap((k) => [`M${(k * GRID) / 3} 0V${GRID}`, `M0 ${(k * GRID) / 3}H${GRID}`]);
    this.#sheet.append(this.#ink, shape("path", { d: places.join(""), class: "drawing-places" }), this.#cross);
    this.#sheet.addEventListener("pointerdown", (event) => this.#begin(event));
    this.#sheet.addEventListener("pointermove", (event) => this.#move(event));
    this.#sheet.addEventListener("pointerup", (event) => event.isPrimary && this.#finish());
    this.#sheet.addEventListener("pointercancel", (event) => event.isPrimary && this.#abandon());
    this.#sheet.addEventListener("keydown", (event) => this.#key(event));
    this.#sheet.addEventListener("blur", () => this.#finish());
    root.replaceChildren(this.#sheet, this.#tools);
  }

  /** @param {DrawingData} data @param {(text: string) => void} tell */
  update(data, tell) {
    const written = [data, this.#data].map(({ hint, words, colours }) => JSON.stringify([hint, words, colours]));
    const anew = !this.#tools.childElementCount || written[0] !== written[1];
    [this.#data, this.#tell] = [data, tell];
    this.#root.style.setProperty("--drawing-paper", data.paper);
    this.#sheet.setAttribute("aria-label", data.label);
    if (anew) this.#writeTools(); // else whoever stands on one of them would lose it
    this.#show();
  }

  #writeTools() {
    const { words, colours, hint } = this.#data;
    const [undo, clear] = [words.undo, words.clear].map((text) => Object.assign(document.createElement("button"), { type: "button", textContent: text }));
    undo.addEventListener("click", () => this.#undo());
    clear.addEventListener("click", () => this.#become([]));
    const buttons = Object.assign(document.createElement("div"), { className: "drawing-buttons" });
    buttons.append(undo, clear);
    const hints = [["drawing-hint", hint], ["drawing-keys", words.keys]].map(([id, textContent]) =>
      Object.assign(document.createElement("p"), { className: "drawing-hint", id, textContent }));
    this.#sheet.setAttribute("aria-describedby", "drawing-hint drawing-keys");
    this.#tools.replaceChildren(
      this.#said,
      this.#choices("drawing-colour", words.colour, colours, this.#colour, (colour) => { this.#colour = colour; }),
      this.#choices("drawing-kind", words.kind, [[LINE, words.line], [FILLED, words.filled]], this.#kind, (kind) => { this.#kind = kind; }),
      buttons, ...hints, this.#status,
    );
  }

  /**
   * @param {string} name
   * @param {string} legend
   * @param {[value: string, label: string, colour?: string][]} choices
   * @param {string} chosen
   * @param {(value: string) => void} choose
   */
  #choices(name, legend, choices, chosen, choose) {
    const group = Object.assign(document.createElement("fieldset"), { className: "drawing-choices" });
    group.append(Object.assign(document.createElement("legend"), { textContent: legend }));
    for (const [value, label, colour] of choices) {
      const [option, swatch] = [document.createElement("label"), document.createElement("span")];
      const input = Object.assign(document.createElement("input"), { type: "radio", name, value, checked: value === chosen });
      input.addEventListener("change", () => choose(value));
      option.append(input);
      if (colour) {
        swatch.className = "drawing-swatch";
        swatch.style.background = colour;
        option.append(swatch);
      }
      option.append(label);
      group.append(option);
    }
    return group;
  }

  /** @param {PointerEvent} event @returns {Point} */
  #place(event) {
    const box = this.#sheet.getBoundingClientRect();
    return [within(((event.clientX - box.left) / box.width) * GRID), within(((event.clientY - box.top) / box.height) * GRID)];
  }

  /** @param {PointerEvent} event */
  #begin(event) {
    if (event.button || !event.isPrimary) return;
    this.#finish();
    this.#sheet.setPointerCapture(event.pointerId);
    this.#setDown(this.#place(event));
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (!this.#drawing || !event.isPrimary || !event.buttons) return;
    const all = event.getCoalescedEvents?.() ?? [];
    for (const each of all.length ? all : [event]) lengthen(this.#drawing.points, this.#place(each));
    this.#show();
  }

  /** @param {Point} at */
  #setDown(at) {
    this.#drawing = { colour: this.#colour, kind: this.#kind, points: [at] };
    this.#show();
  }

  // The stroke that was drawn belongs to the drawing, unless there is no room for it.
  #finish() {
    if (!this.#drawing) return;
    const stroke = this.#drawing;
    const points = simplified(stroke.points);
    this.#drawing = null;
    this.#become([...this.#strokes, { colour: stroke.colour, kind: flat(points) ? LINE : stroke.kind, points }]);
  }

  #abandon() {
    this.#drawing = null;
    this.#show();
  }

  /** @param {Stroke[]} strokes */
  #become(strokes) {
    const text = spelled(strokes);
    this.#status.textContent = text.length > this.#data.longest ? this.#data.words.full : "";
    if (text.length <= this.#data.longest) {
      this.#before.push(this.#strokes);
      this.#strokes = strokes;
      this.#tell(text);
    }
    this.#show();
  }

  #undo() {
    this.#strokes = this.#before.pop() ?? this.#strokes.slice(0, -1);
    this.#status.textContent = "";
    this.#tell(spelled(this.#strokes));
    this.#show();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const by = ARROWS[event.key];
    if (by) {
      this.#pen = [within(this.#pen[0] + by[0]), within(this.#pen[1] + by[1])];
      if (this.#drawing) lengthen(this.#drawing.points, this.#pen);
    } else if (event.key === " " || event.key === "Enter") {
      if (this.#drawing) this.#finish();
      else this.#setDown(this.#pen);
    } else if (event.key === "Escape" && this.#drawing) {
      this.#abandon();
    } else {
      return;
    }
    event.preventDefault();
    this.#show();
    const { words } = this.#data;
    const [x, y] = this.#pen.map((at) => Math.floor(at / 4) + 1);
    const told = (this.#drawing ? words.down : words.up).replace("{x}", String(x)).replace("{y}", String(y));
    if (this.#status.textContent !== words.full) this.#status.textContent = told;
  }

  #show() {
    const inks = new Map(this.#data.colours.map(([letter, , colour]) => [letter, colour]));
    const drawn = this.#drawing;
    const strokes = drawn ? [...this.#strokes, { ...drawn, kind: flat(drawn.points) ? LINE : drawn.kind }] : this.#strokes;
    this.#ink.replaceChildren(...strokes.map(({ colour, kind, points }) => {
      const at = points.map(([x, y]) => `${x + 0.5} ${y + 0.5}`);
      const closed = kind === FILLED && points.length > 2;
      const look = closed ? { fill: inks.get(colour), "fill-rule": "evenodd" } : { stroke: inks.get(colour), class: "drawing-line", "stroke-width": this.#data.width };
      return shape("path", { d: `M${at.join("L")}${closed ? "Z" : "h0"}`, ...look });
    }));
    const [x, y] = this.#pen;
    this.#cross.setAttribute("d", `M${x - 2.5} ${y + 0.5}h6M${x + 0.5} ${y - 2.5}v6`);
  }
}

// Streamlit calls this at the first drawing of the element and whenever the script has said something new.
/** @param {Component<DrawingData>} component */
export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".drawing");
  root.paper ??= new Paper(root, data);
  root.paper.update(data, (/** @type {string} */ text) => setStateValue("drawing", text));
}
