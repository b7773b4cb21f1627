// A chart to draw a curve on: with a mouse, a finger, or the arrow keys.

/** @import { CurveGuess } from "../../live/static/payload.js" */

import { filled, shareOf, stroked, tickLabel, ticks, valueAt, written } from "./scale.js";

const SIZE = { width: 350, height: 230, left: 60, right: 12, top: 10, bottom: 44 }; // in its own units: a phone shows them as pixels
const STEP = 0.04; // of the height, by one press of a key
const SVG = "http://www.w3.org/2000/svg";

/** @param {string} name @param {Record<string, any>} attributes @param {string} [text] */
function shape(name, attributes, text = "") {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  if (text) element.textContent = text;
  return element;
}

export class CurvePad {
  element = shape("svg", { viewBox: `0 0 ${SIZE.width} ${SIZE.height}`, class: "course-pad" });
  /** @type {CurveGuess} */
  #spec;
  /** @type {Record<string, string>} */
  #words;
  /** @type {string} */
  #language;
  /** @type {(values: number[] | null) => void} */
  #tell;
  /** @type {(number | null)[]} */
  #shares; // of the height, for each position; null where nothing was drawn yet
  #at = 0; // the position that the keys change
  /** @type {[place: number, share: number] | null} */
  #last = null; // of the hand, while it draws
  #line = shape("path", { class: "course-drawn" });
  #dots = shape("g", { class: "course-dots" });

  // tell : called with the values, or null while there are none.
  /**
   * @param {CurveGuess} spec
   * @param {Record<string, string>} words
   * @param {string} language
   * @param {(values: number[] | null) => void} tell
   */
  constructor(spec, words, language, tell) {
    [this.#spec, this.#words, this.#language, this.#tell] = [spec, words, language, tell];
    this.#shares = spec.at.map(() => null);
    this.#drawAxes();
    this.element.append(this.#line, this.#dots);
    this.element.tabIndex = 0;
    this.element.setAttribute("role", "slider");
    this.element.setAttribute("aria-label", spec.label);
    this.element.setAttribute("aria-valuemin", String(spec.y.low));
    this.element.setAttribute("aria-valuemax", String(spec.y.high));
    this.element.addEventListener("pointerdown", (event) => this.#begin(event));
    this.element.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"]) this.element.addEventListener(end, () => { this.#last = null; });
    this.element.addEventListener("keydown", (event) => this.#key(event));
    this.#show();
  }

  get values() {
    const shares = filled(this.#shares);
    return shares && shares.map((share) => valueAt(this.#spec.y, share));
  }

  set values(values) {
    if (values) this.#shares = values.map((value) => shareOf(this.#spec.y, value));
    this.#show();
  }

  clear() {
    this.#shares.fill(null);
    this.#changed();
  }

  /** @param {number} value */
  #x(value) {
    return SIZE.left + shareOf(this.#spec.x, value) * (SIZE.width - SIZE.left - SIZE.right);
  }

  /** @param {number} share */
  #y(share) {
    return SIZE.height - SIZE.bottom - share * (SIZE.height - SIZE.top - SIZE.bottom);
  }

  #drawAxes() {
    const { x, y } = this.#spec;
    const [bottom, end] = [SIZE.height - SIZE.bottom, SIZE.width - SIZE.right];
    const axes = shape("g", { class: "course-axes", "aria-hidden": "true" });
    for (const value of ticks(y)) {
      const at = this.#y(shareOf(y, value));
      axes.append(shape("line", { x1: SIZE.left, x2: end, y1: at, y2: at }));
      axes.append(shape("text", { x: SIZE.left - 6, y: at + 4, "text-anchor": "end" }, tickLabel(y, value, this.#language)));
    }
    for (const value of ticks(x)) {
      const at = this.#x(value);
      axes.append(shape("line", { x1: at, x2: at, y1: SIZE.top, y2: bottom }));
      axes.append(shape("text", { x: at, y: bottom + 16, "text-anchor": "middle" }, tickLabel(x, value, this.#language)));
    }
    axes.append(shape("text", { x: (SIZE.left + end) / 2, y: SIZE.height - 6, "text-anchor": "middle" }, x.title));
    const middle = (SIZE.top + bottom) / 2;
    const turn = { "text-anchor": "middle", transform: `translate(13 ${middle}) rotate(-90)` };
    axes.append(shape("text", turn, y.title));
    this.element.append(axes);
  }

  // Which position is nearest to the pointer, and at which share of the height it is.
  /** @param {PointerEvent} event @returns {[place: number, share: number]} */
  #place(event) {
    const box = this.element.getBoundingClientRect();
    const across = ((event.clientX - box.left) / box.width) * SIZE.width;
    const down = ((event.clientY - box.top) / box.height) * SIZE.height;
    const distances = this.#spec.at.map((value) => Math.abs(this.#x(value) - across));
    const share = (SIZE.height - SIZE.bottom - down) / (SIZE.height - SIZE.top - SIZE.bottom);
    return [distances.indexOf(Math.min(...distances)), Math.min(1, Math.max(0, share))];
  }

  /** @param {PointerEvent} event */
  #begin(event) {
    if (event.button) return;
    this.element.setPointerCapture(event.pointerId);
    this.element.focus({ preventScroll: true });
    this.#last = this.#place(event);
    this.#stroke(this.#last);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (this.#last) this.#stroke(this.#place(event));
  }

  /** @param {[number, number]} place */
  #stroke(place) {
    this.#shares = stroked(this.#shares, this.#last ?? place, place);
    this.#last = place;
    this.#at = place[0];
    this.#changed();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { length } = this.#shares;
    const sideways = { ArrowLeft: this.#at - 1, ArrowRight: this.#at + 1, Home: 0, End: length - 1 }[event.key];
    const upwards = { ArrowUp: STEP, ArrowDown: -STEP, PageUp: 4 * STEP, PageDown: -4 * STEP }[event.key];
    if (sideways === undefined && upwards === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (sideways !== undefined) this.#at = Math.min(length - 1, Math.max(0, sideways));
    else {
      const here = filled(this.#shares)?.[this.#at] ?? 0.5;
      this.#shares[this.#at] = Math.min(1, Math.max(0, here + (upwards ?? 0)));
    }
    this.#changed();
  }

  #changed() {
    this.#show();
    this.#tell(this.values);
  }

  #show() {
    const shares = filled(this.#shares);
    const points = (shares ?? []).map((share, place) => [this.#x(this.#spec.at[place]), this.#y(share)]);
    this.#line.setAttribute("d", points.map(([x, y], n) => `${n ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join(""));
    const marks = points.flatMap(([cx, cy], place) => {
      const own = this.#shares[place] !== null;
      return own || place === this.#at ? [shape("circle", { cx, cy, r: place === this.#at ? 6 : 3 })] : [];
    });
    this.#dots.replaceChildren(...marks);
    const here = this.values?.[this.#at];
    const x = written(this.#spec.at[this.#at], this.#language);
    const told = here === undefined ? this.#words.nothingDrawn : written(here, this.#language);
    this.element.setAttribute("aria-valuenow", String(here ?? this.#spec.y.low));
    this.element.setAttribute("aria-valuetext", `${this.#spec.x.title} ${x}: ${told}`);
  }
}
