// Small pictures of the same rows, one for each unit: its name and a button that chooses it (ui/memory/window.py).

/** @import { Context } from "../../charts/static/figure.js" */

import { pngOf, svgOf } from "../../charts/static/files.js";
import { css, drawLegend } from "./textmap.js";

const NONE = 255;
const PIXELS = 3; // of a symbol, across and down
const GAP = 12; // pixels between two pictures of a file
const NAME = 16; // pixels of a name in it
const HEAD = 26; // pixels of its legend

export class Multiples {
  #element;
  #onChoose;
  #readCsv;
  /** @type {any} */
  #legend = null;
  /** @type {any} */
  #shown = null; // what is drawn

  /** @param {HTMLElement} element @param {(unit: number) => void} onChoose @param {() => Promise<string>} readCsv */
  constructor(element, onChoose, readCsv) {
    this.#element = element;
    this.#onChoose = onChoose;
    this.#readCsv = readCsv;
  }

  /** @param {any} shown @param {any} legend @param {number | null} chosen */
  show(shown, legend, chosen) {
    [this.#shown, this.#legend] = [shown, legend];
    const { starts, units, names, values, begin } = shown;
    const { scale } = legend;
    while (this.#element.children.length > units.length) this.#element.lastChild?.remove();
    while (this.#element.children.length < units.length) this.#element.append(this.#button());
    const [colours, count] = [css(scale), starts.at(-1) - begin];
    const columns = widest(starts);
    units.forEach((/** @type {number} */ unit, /** @type {number} */ i) => {
      const button = /** @type {HTMLButtonElement} */ (this.#element.children[i]);
      button.value = String(unit);
      button.setAttribute("aria-pressed", String(unit === chosen));
      const name = button.querySelector("span");
      if (name.textContent !== names[i]) name.textContent = names[i];
      paint(button.querySelector("canvas"), starts, begin, columns, values.subarray(i * count, (i + 1) * count), colours);
    });
  }

  /** @param {number} unit */
  choose(unit) {
    for (const button of this.#element.querySelectorAll("button")) button.setAttribute("aria-pressed", String(Number(button.value) === unit));
  }

  // Files

  get element() {
    return this.#element;
  }

  get figure() {
    return this.#shown;
  }

  /** @param {number} [ratio] */
  png(ratio) {
    return pngOf(this.#drawing(), ratio);
  }

  /** @param {string} title */
  svg(title) {
    return svgOf(this.#drawing(), title);
  }

  csv() {
    return this.#readCsv();
  }

  // All small pictures, in rows as wide as the page's.
  #drawing() {
    const { starts, units, names, values, begin } = this.#shown;
    const { scale, ink, background, value } = this.#legend;
    const [colours, count] = [css(scale), starts.at(-1) - begin];
    const across = widest(starts) * PIXELS + GAP;
    const down = (starts.length - 1) * (PIXELS + 1) + NAME + GAP;
    const columns = Math.max(1, Math.floor(this.#element.clientWidth / across));
    const width = Math.max(240, Math.min(columns, units.length) * across);
    const height = HEAD + Math.ceil(units.length / columns) * down;
    /** @param {Context} ctx */
    const draw = (ctx) => {
      ctx.clearRect(0, 0, width, height);
      drawLegend(ctx, colours, { value: value.slice(value.lastIndexOf(":") + 1).trim(), ink });
      units.forEach((/** @type {number} */ _, /** @type {number} */ i) => {
        const [left, top] = [(i % columns) * across, HEAD + Math.floor(i / columns) * down];
        paintAt(ctx, left, top, starts, begin, values.subarray(i * count, (i + 1) * count), colours);
        Object.assign(ctx, { fillStyle: ink, font: "11px sans-serif", textAlign: "left", textBaseline: "middle" });
        ctx.fillText(names[i], left, top + down - GAP - NAME / 2);
      });
    };
    return { width, height, ground: background, draw };
  }

  #button() {
    const button = document.createElement("button");
    button.type = "button";
    button.append(document.createElement("canvas"), document.createElement("span"));
    button.addEventListener("click", () => this.#onChoose(Number(button.value)));
    return button;
  }
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number[]} starts
 * @param {number} begin
 * @param {number} columns
 * @param {Uint8Array} values
 * @param {string[]} colours
 */
function paint(canvas, starts, begin, columns, values, colours) {
  const rows = starts.length - 1;
  if (canvas.width !== columns * PIXELS) canvas.width = columns * PIXELS;
  if (canvas.height !== rows * (PIXELS + 1)) canvas.height = rows * (PIXELS + 1);
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  ctx.clearRect(0, 0, canvas.width, canvas.height);
  paintAt(ctx, 0, 0, starts, begin, values, colours);
}

// Symbols of the longest row.
/** @param {number[]} starts */
const widest = (starts) => Math.max(...starts.slice(1).map((end, i) => end - starts[i]));

/**
 * @param {Context} ctx
 * @param {number} left
 * @param {number} top
 * @param {number[]} starts
 * @param {number} begin
 * @param {Uint8Array} values
 * @param {string[]} colours
 */
function paintAt(ctx, left, top, starts, begin, values, colours) {
  for (let row = 0; row + 1 < starts.length; row++) {
    for (let at = starts[row]; at < starts[row + 1]; at++) {
      const level = values[at - begin];
      if (level === NONE) continue;
      ctx.fillStyle = colours[level];
      ctx.fillRect(left + (at - starts[row]) * PIXELS, top + row * (PIXELS + 1), PIXELS, PIXELS);
    }
  }
}
