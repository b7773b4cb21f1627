// A long text on a canvas, coloured symbol by symbol: only the visible rows are drawn, and only they are known.
//
// The scrolling element is as high as all rows; the canvas inside stays in its window (position: sticky).

/** @import { Context } from "../../charts/static/figure.js" */

/** @import { Scale } from "../../charts/static/figure.js" */

import { pngOf, svgOf } from "../../charts/static/files.js";
import { palette } from "../../charts/static/numbers.js";

const FONT = 13; // pixels
const COLUMN = 8.2; // pixels of a narrow symbol
const GAP = 6; // pixels between a row and the next
const HELD = 4; // pixels of a property over a symbol
const LINE = 19; // pixels of a symbol
const STRIP = 9; // pixels of the surprise under it
const GUESS = 12; // pixels of a guess
const KEPT = 5; // guesses
const NONE = 255; // a level that says there is no value
const MARGIN = 4; // rows above and below what is seen
const HEAD = 26; // pixels of the legend over a saved picture
const SCALE = 80; // pixels of its colours
const DRAG = 4; // pixels that a press may move and still be a click
/** @type {Record<string, string>} */
const SPACES = { "␣": "", "⏎": "⏎" };

/**
 * What the page does with a click, a range, a pointer, another part of the text.
 * @typedef {object} TextMapListeners
 * @property {(at: number, go: boolean) => void} choose
 * @property {() => void} range
 * @property {(at: number | null) => void} point
 * @property {() => void} window
 * @property {() => Promise<string>} csv
 */

export class TextMap {
  #element;
  /** @type {HTMLElement} */
  #room;
  /** @type {HTMLCanvasElement} */
  #canvas;
  #on;
  /** @type {any} */
  #window = null;
  /** @type {any} */
  #legend = null;
  #guesses = true;
  #request = 0;
  /** @type {{at: number, x: number, y: number, dragged: boolean, touch: boolean} | null} */
  #press = null;
  #asked = "";
  /** @type {number | null} */
  step = null;
  /** @type {[begin: number, end: number] | null} */
  range = null; // [begin, end)
  /** @type {number | null} */
  marking = null; // where a range begins that the next click will end

  /** @param {HTMLElement} element @param {TextMapListeners} on */
  constructor(element, on) {
    this.#element = element;
    this.#room = element.querySelector(":scope > *");
    this.#canvas = element.querySelector("canvas");
    this.#on = on;
    element.addEventListener("scroll", () => this.#moved());
    new ResizeObserver(() => this.#moved()).observe(element);
    this.#canvas.addEventListener("pointerdown", (event) => this.#down(event));
    this.#canvas.addEventListener("pointermove", (event) => this.#move(event));
    this.#canvas.addEventListener("pointerup", (event) => this.#up(event));
    this.#canvas.addEventListener("pointercancel", () => (this.#press = null));
    this.#canvas.addEventListener("pointerleave", () => on.point(null));
  }

  // Pixels

  get cellWidth() {
    const cell = this.#window?.cell ?? 1;
    return Math.round(cell * COLUMN + (cell > 2 ? 6 : cell > 1 ? 1 : 2));
  }

  get rowHeight() {
    return LINE + STRIP + (this.#guesses ? KEPT * GUESS : 0) + GAP;
  }

  get columns() {
    return Math.max(8, Math.min(400, Math.floor((this.#element.clientWidth - 4) / this.cellWidth)));
  }

  // The first row that is seen.
  get top() {
    return Math.floor(this.#element.scrollTop / this.rowHeight);
  }

  // The first row that is asked for: some more than are seen, so that scrolling shows no gap.
  get row() {
    return Math.max(0, this.top - MARGIN);
  }

  get rows() {
    return Math.min(120, Math.ceil(this.#element.clientHeight / this.rowHeight) + 1 + 2 * MARGIN);
  }

  // The visible rows have changed: the page asks for them, and meanwhile the known ones are drawn.
  #moved() {
    const asked = `${this.row} ${this.rows} ${this.columns}`;
    if (asked !== this.#asked) {
      this.#asked = asked;
      this.#on.window();
    }
    this.draw();
  }

  // A picture: its window, decoded; where to go; how many rows there are.
  /** @param {any} given */
  show({ window, legend, total, goto, row }) {
    this.#window = window;
    this.#legend = legend;
    this.#guesses = window.guesses !== undefined;
    this.first = row;
    this.#room.style.height = `${total * this.rowHeight + 4}px`;
    if (goto !== null) {
      const top = goto * this.rowHeight;
      const { scrollTop, clientHeight } = this.#element;
      if (top < scrollTop || top + this.rowHeight > scrollTop + clientHeight) {
        this.#element.scrollTop = Math.max(0, top - clientHeight / 3);
      }
    }
    this.draw();
  }

  draw() {
    if (this.#request) return;
    this.#request = requestAnimationFrame(() => {
      this.#request = 0;
      this.#paint();
    });
  }

  #paint() {
    const window_ = this.#window;
    if (!window_ || !this.#element.clientWidth) return;
    const [width, height] = [this.#element.clientWidth, this.#element.clientHeight];
    const ratio = window.devicePixelRatio || 1;
    const [columns, rows] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.#canvas.width !== columns) this.#canvas.width = columns;
    if (this.#canvas.height !== rows) this.#canvas.height = rows;
    Object.assign(this.#canvas.style, { width: `${width}px`, height: `${height}px` });
    const ctx = /** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext("2d"));
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, width, height);
    const offset = this.#element.scrollTop - this.first * this.rowHeight;
    const { starts } = window_;
    for (let row = 0; row + 1 < starts.length; row++) {
      const top = row * this.rowHeight - offset + HELD;
      if (top > height || top + this.rowHeight < 0) continue;
      this.#paintRow(ctx, starts[row], starts[row + 1], top);
    }
  }

  // Files

  get element() {
    return this.#element;
  }

  // What can be saved: null before the first picture.
  get figure() {
    return this.#window;
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
    return this.#on.csv();
  }

  // The rows that are seen, whole, under their legend.
  #drawing() {
    const { starts } = this.#window;
    const { scale, value, surprise, bar, ink, background } = this.#legend;
    const from = Math.max(0, this.top - this.first);
    const to = Math.min(starts.length - 1, from + Math.ceil(this.#element.clientHeight / this.rowHeight));
    const [width, height] = [this.#element.clientWidth, HEAD + (to - from) * this.rowHeight + HELD];
    /** @param {Context} ctx */
    const draw = (ctx) => {
      ctx.clearRect(0, 0, width, height);
      drawLegend(ctx, css(scale), { value, surprise, bar, ink });
      for (let row = from; row < to; row++) {
        this.#paintRow(ctx, starts[row], starts[row + 1], HEAD + (row - from) * this.rowHeight + HELD);
      }
    };
    return { width, height, ground: background, draw };
  }

  /** @param {import("../../charts/static/figure.js").Context} ctx @param {number} from @param {number} to @param {number} top */
  #paintRow(ctx, from, to, top) {
    const { begin, labels, ids, values, surprise, held, guesses, odds, kept } = this.#window;
    const { scale, chances, ink, faded, background, bar, marked } = this.#legend;
    const [colours, reds] = [css(scale), css(chances)];
    const cell = this.cellWidth;
    ctx.textBaseline = "middle";
    ctx.textAlign = "center";
    const mono = getComputedStyle(this.#element).getPropertyValue("--st-code-font") || "monospace";
    for (let at = from; at < to; at++) {
      const [i, left] = [at - begin, 2 + (at - from) * cell];
      const level = values[i];
      if (level !== NONE) {
        ctx.fillStyle = colours[level];
        ctx.fillRect(left, top, cell, LINE);
      }
      if (held?.[i]) {
        const size = Math.max(1, (held[i] / 254) * HELD);
        ctx.fillStyle = marked;
        ctx.fillRect(left, top - size, cell, size); // stands on the symbol
      }
      if (surprise[i] !== NONE) {
        const size = (surprise[i] / 254) * (STRIP - 1);
        ctx.fillStyle = bar;
        ctx.fillRect(left, top + LINE + 1, cell - 1, size); // hangs from the symbol
      }
      const label = labels[ids[i]];
      const written = SPACES[label] ?? label;
      if (written) {
        ctx.font = `${FONT}px ${mono}`;
        ctx.fillStyle = label === "⏎" ? faded : readable(colours[level], ink, background);
        ctx.fillText(written, left + cell / 2, top + LINE / 2 + 1, cell);
      }
      if (guesses) {
        ctx.font = `${FONT - 3}px ${mono}`;
        for (let k = 0; k < kept; k++) {
          const chance = odds[i * kept + k];
          if (chance === NONE || chance < 1) continue;
          const y = top + LINE + STRIP + k * GUESS;
          ctx.fillStyle = reds[chance];
          ctx.fillRect(left, y, cell, GUESS);
          ctx.fillStyle = readable(reds[chance], ink, background);
          ctx.fillText(labels[guesses[i * kept + k]], left + cell / 2, y + GUESS / 2 + 1, cell);
        }
      }
      if (this.range && at >= this.range[0] && at < this.range[1]) {
        ctx.fillStyle = marked;
        ctx.fillRect(left, top - 1, cell, 2);
        ctx.fillRect(left, top + LINE - 1, cell, 2);
      }
      if (at === this.step) {
        ctx.strokeStyle = marked;
        ctx.lineWidth = 2;
        ctx.strokeRect(left + 0.5, top + 1, cell - 1, this.rowHeight - GAP - 1);
      }
    }
  }

  // The symbol at a pointer; null where there is none.
  /** @param {PointerEvent} event @returns {number | null} */
  #at(event) {
    if (!this.#window) return null;
    const { left, top } = this.#canvas.getBoundingClientRect();
    const [across, down] = [event.clientX - left, event.clientY - top];
    const offset = this.#element.scrollTop - this.first * this.rowHeight;
    const row = Math.floor((down + offset) / this.rowHeight);
    const { starts } = this.#window;
    if (row < 0 || row + 1 >= starts.length) return null;
    const at = starts[row] + Math.floor((across - 2) / this.cellWidth);
    return at >= starts[row] && at < starts[row + 1] ? at : null;
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.button !== 0) return;
    const at = this.#at(event);
    this.#press = at === null ? null : { at, x: event.clientX, y: event.clientY, dragged: false, touch: event.pointerType !== "mouse" };
    if (this.#press && !this.#press.touch) this.#canvas.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const at = this.#at(event);
    const press = this.#press;
    if (!press) return this.#on.point(at);
    if (press.touch || at === null) return;
    if (Math.hypot(event.clientX - press.x, event.clientY - press.y) > DRAG) press.dragged = true;
    if (press.dragged) this.mark(Math.min(press.at, at), Math.max(press.at, at) + 1);
  }

  /** @param {PointerEvent} event */
  #up(event) {
    const press = this.#press;
    this.#press = null;
    if (!press) return;
    if (press.dragged) return this.#on.range();
    const at = this.#at(event);
    if (at === null || at !== press.at) return;
    this.#element.focus({ preventScroll: true });
    if (this.marking !== null) {
      this.mark(Math.min(this.marking, at), Math.max(this.marking, at) + 1);
      this.marking = null;
      return this.#on.range();
    }
    if (event.shiftKey && this.step !== null) {
      this.mark(Math.min(this.step, at), Math.max(this.step, at) + 1);
      return this.#on.range();
    }
    this.#on.choose(at, false);
  }

  /** @param {number} begin @param {number} end */
  mark(begin, end) {
    this.range = [begin, end];
    this.draw();
  }

  // The symbol above or below in the rows that are known.
  /** @param {number} step @param {number} rows */
  beside(step, rows) {
    const { starts } = this.#window ?? { starts: [] };
    const row = starts.findLastIndex((/** @type {number} */ start) => start <= step);
    if (row < 0 || step >= starts.at(-1)) return step + rows * this.columns;
    const other = row + rows;
    if (other < 0 || other + 1 >= starts.length) return step + rows * (starts[row + 1] - starts[row]);
    return Math.min(starts[other] + step - starts[row], starts[other + 1] - 1);
  }
}

// What the colours and the bars of a picture say.
/** @param {Context} ctx @param {string[]} colours @param {any} given */
export function drawLegend(ctx, colours, { value, surprise = "", bar = "", ink }) {
  for (let x = 0; x < SCALE; x++) {
    ctx.fillStyle = colours[Math.round((x / (SCALE - 1)) * 254)];
    ctx.fillRect(2 + x, 6, 1, 10);
  }
  Object.assign(ctx, { font: `${FONT - 1}px sans-serif`, textAlign: "left", textBaseline: "middle", fillStyle: ink });
  ctx.fillText(value, SCALE + 10, 11);
  if (!surprise) return;
  const left = SCALE + 30 + ctx.measureText(value).width;
  ctx.fillText(surprise, left + 32, 11);
  ctx.fillStyle = bar;
  ctx.fillRect(left, 9, 24, 4);
}

const written = new Map(); // colour scale as JSON -> its 255 colours as CSS

// The colours of 255 levels.
/** @param {Scale} scale @returns {string[]} */
export function css(scale) {
  const name = JSON.stringify(scale);
  if (!written.has(name)) {
    const pixels = palette(scale);
    written.set(
      name,
      Array.from({ length: 255 }, (_, level) => {
        const value = pixels[Math.round((level / 254) * (pixels.length - 1))];
        return `rgb(${value & 255}, ${(value >> 8) & 255}, ${(value >> 16) & 255})`;
      }),
    );
  }
  return written.get(name);
}

/** @param {string} colour */
const light = (colour) => {
  const [red, green, blue] = (colour.match(/\d+/g) ?? []).map(Number);
  return (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
};
const answers = new Map();

// Ink or the page's background, whichever stands out more from a colour.
/** @param {string | undefined} colour @param {string} ink @param {string} background @returns {string} */
function readable(colour, ink, background) {
  if (!colour) return ink;
  const key = `${colour} ${ink}`;
  if (!answers.has(key)) {
    const [here, dark, bright] = [colour, hex(ink), hex(background)].map(light);
    answers.set(key, Math.abs(here - dark) >= Math.abs(here - bright) ? ink : background);
  }
  return answers.get(key);
}

/** @param {string} colour */
const hex = (colour) => `rgb(${[1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)).join(", ")})`;
