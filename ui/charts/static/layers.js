// What lies over a chart's canvas.

/** @import { Picture } from "./picture.js" */

// An element that no pointer notices, as high as all staves.
export class Layer {
  element = document.createElement("div");

  /** @param {string} name @param {string} [background] */
  constructor(name, background = "") {
    this.element.className = `chart-${name}`;
    const style = { position: "absolute", boxSizing: "border-box", pointerEvents: "none", display: "none" };
    Object.assign(this.element.style, style, { background });
  }

  /** @param {Picture} picture @param {any} shown @param {number} [left] @param {number} [width] */
  place(picture, shown, left = 0, width = 0) {
    const { style } = this.element;
    style.display = shown ? "block" : "none";
    if (!shown) return;
    const { top, bottom } = picture;
    const sides = { left, width, top, height: bottom - top };
    for (const [side, length] of Object.entries(sides)) style.setProperty(side, `${length}px`);
  }
}

// Once more, over the canvas, what shows colours themselves. Paper turns light and dark of all else (ui/page.css).
export class Coloured {
  #canvas = document.createElement("canvas");

  constructor() {
    this.#canvas.className = "chart-coloured";
  }

  /** @param {Picture} picture @param {HTMLCanvasElement} below where the picture is painted */
  paint(picture, below) {
    if (!picture.coloured.length) return this.#canvas.remove();
    if (!this.#canvas.parentElement) below.after(this.#canvas);
    [this.#canvas.width, this.#canvas.height] = [below.width, below.height];
    this.#canvas.style.cssText = below.style.cssText;
    picture.paintColoured(/** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext("2d")));
  }
}

// Show that an element has the focus, inside its edges; without a colour that it has not.
/** @param {HTMLElement} element @param {string | false} [colour] */
export function outline({ style }, colour = "currentColor") {
  style.outline = colour ? `2px solid ${colour}` : "none";
  style.outlineOffset = "-2px";
}
