// A chart: draws Plotly figures on a canvas, shows what the pointer is at, zooms, and lets a step be chosen.
//
// Plotly needs 35 to 50 ms to redraw the score in place, too much beside a network that trains. What is drawn here is
// the part of its language that the pages' figures use (subset.js); anything else is refused by name.

/** @import { Figure, Range } from "./figure.js" */

import { numbersOf, png, svg } from "./files.js";
import { Coloured, Layer, outline } from "./layers.js";
import { decode } from "./numbers.js";
import { Picture } from "./picture.js";
import { check } from "./subset.js";
import { forgetWidths } from "./text.js";
import { Tooltip } from "./tooltip.js";
import { byKey, Fingers, kept, nearest, stepByKey, within } from "./zoom.js";

const DRAG = 5; // pixels that a press may move and still be a click
const LEAST = 10; // pixels: a shorter drag zooms nothing
const ZOOM = "rgba(128, 128, 128, 0.25)";

/** @typedef {{ onSelect?: (step: number | null, hit?: any) => void }} ChartOptions */

export class Chart {
  #element;
  #inner; // holds all that is drawn, and is as much larger as the stage says
  /** @type {number | null} */
  #height = null;
  #scale = 1;
  #fingers = new Fingers();
  #onSelect;
  #canvas;
  #coloured = new Coloured();
  #tooltip;
  #spike = new Layer("spike");
  #frame = new Layer("selection"); // around the selected step
  #area = new Layer("zoom", ZOOM); // that a drag will zoom to
  /** @type {Picture} */
  #picture = /** @type {any} */ (null); // of the figure that is drawn
  /** @type {Figure | null} */
  #next = null; // the figure that waits to be drawn
  /** @type {Figure} */
  #given = /** @type {any} */ (null); // the figure last given, and the same decoded
  /** @type {Figure | null} */
  #decoded = null;
  /** @type {Range | null} */
  #zoom = null;
  /** @type {number | null} */
  #selected = null;
  /** @type {[across: number, down: number] | null} */
  #pointer = null; // where the pointer rests: [across, down]
  /** @type {number | null} */
  #press = null; // where a mouse went down
  #dragged = false;
  #request = 0;
  #observer;
  #listeners = new AbortController();
  frames = 0;

  /**
   * @param {HTMLElement} element
   * @param {ChartOptions} [options]
   */
  constructor(element, { onSelect = () => {} } = {}) {
    this.#element = element;
    this.#onSelect = onSelect;
    this.#canvas = document.createElement("canvas");
    // out of the flow: what it shows follows the element's width and must never hold it
    Object.assign(this.#canvas.style, { position: "absolute", left: "0", top: "0" });
    this.#tooltip = new Tooltip();
    Object.assign(element.style, { position: "relative", overflow: "hidden", userSelect: "none" });
    this.#inner = document.createElement("div");
    Object.assign(this.#inner.style, { position: "absolute", inset: "0 auto auto 0", width: "100%", transformOrigin: "0 0" });
    const layers = [this.#spike, this.#frame, this.#area, this.#tooltip];
    this.#inner.append(this.#canvas, ...layers.map(({ element: layer }) => layer));
    element.append(this.#inner);
    this.#observer = new ResizeObserver(() => this.#resized());
    this.#observer.observe(element);
    this.#listen();
  }

  get element() {
    return this.#element;
  }

  get #width() {
    return this.#element.clientWidth / this.#scale;
  }

  // Draw a figure at the next frame of the screen; of several only the newest.
  /** @param {Figure} figure */
  draw(figure) {
    check(figure); // at once, where the caller can hear of it
    [this.#given, this.#decoded, this.#next] = [figure, null, figure];
    this.#request ||= requestAnimationFrame(() => this.#render());
  }

  // Mark a step, an integer x, in all staves; null marks none.
  /** @param {number | null} step */
  select(step) {
    this.#selected = step;
    this.#mark();
  }

  resetZoom() {
    this.#zoom = null;
    this.#paint();
  }

  // The figure last given, decoded.
  get figure() {
    return (this.#decoded ??= this.#given && decode(this.#given));
  }

  /** @returns {{x: [number, number]}} */
  get view() {
    const [from, to] = this.#zoom ?? this.#picture?.full ?? [0, 1];
    return { x: [from, to] };
  }

  // Taken along as a file
  /** @param {number} [ratio] pixels of the file for one of the screen */
  png(ratio) {
    return png(this.figure, this.#picture.width, this.view.x, ratio);
  }

  svg(title = "") {
    return svg(this.figure, this.#picture.width, this.view.x, title);
  }

  csv() {
    return numbersOf(this.figure);
  }

  // Fill so many pixels in height, everything drawn so many times larger; null: as the figure says.
  /** @param {number | null} height */
  stage(height, scale = 1) {
    if (this.#height === height && this.#scale === scale) return;
    [this.#height, this.#scale] = [height, scale];
    const { style } = this.#inner;
    style.transform = scale === 1 ? "none" : `scale(${scale})`;
    style.width = `${100 / scale}%`;
    if (!this.#picture) return;
    this.#picture = new Picture(this.figure, this.#picture);
    this.#dress();
    this.#paint();
  }

  destroy() {
    cancelAnimationFrame(this.#request);
    this.#observer.disconnect();
    this.#listeners.abort();
    this.#element.replaceChildren();
    this.#next = null;
    this.#picture = /** @type {any} */ (null);
  }

  // Drawing

  #render() {
    this.#request = 0;
    if (!this.#next || !this.#element.clientWidth) return;
    const before = this.#picture;
    this.#next = null; // even if it cannot be drawn
    this.#picture = new Picture(this.figure, before);
    const another = before?.layout.uirevision !== this.#picture.layout.uirevision;
    this.#zoom = this.#zoom && !another ? kept(this.#zoom, this.#picture.full) : null;
    this.#dress();
    if (this.#selected !== null && this.selectable) this.#selected = nearest(this.#selected, this.#steps);
    this.#paint();
    this.frames += 1;
  }

  // Attributes of the element itself from the figure.
  #dress() {
    const { layout, font } = this.#picture;
    const { style } = this.#element;
    if (this.#height) this.#picture.fill(this.#height / this.#scale);
    style.height = `${this.#picture.height * this.#scale}px`;
    if (this.selectable || this.zoomable) this.#element.tabIndex = 0;
    else this.#element.removeAttribute("tabindex");
    style.cursor = this.selectable ? "pointer" : "default";
    this.#frame.element.style.border = `1.5px solid ${font.color}`;
    this.#spike.element.style.background = layout.xaxis.spikecolor ?? font.color;
    this.#tooltip.dress(layout.hoverlabel, font);
  }

  #paint() {
    const width = this.#width;
    if (!this.#picture || !width) return;
    const ratio = (window.devicePixelRatio || 1) * this.#scale;
    const [columns, rows] = [Math.round(width * ratio), Math.round(this.#picture.height * ratio)];
    if (this.#canvas.width !== columns) this.#canvas.width = columns;
    if (this.#canvas.height !== rows) this.#canvas.height = rows;
    // a pixel of the canvas is one of the screen, whatever fraction the ratio has
    Object.assign(this.#canvas.style, { width: `${columns / ratio}px`, height: `${rows / ratio}px` });
    this.#picture.paint(/** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext("2d")), width, ratio, this.view.x);
    this.#coloured.paint(this.#picture, this.#canvas);
    this.#element.style.touchAction = !this.zoomable ? "" : this.#zoom ? "pan-y" : "pan-x pan-y";
    this.#mark();
    this.#point();
  }

  #resized() {
    if (this.#next) this.#request ||= requestAnimationFrame(() => this.#render());
    else if (this.#picture && this.#picture.width !== this.#width) this.#paint();
  }

  // Choosing a step

  get selectable() {
    return this.#picture?.layout.meta?.selectable === true;
  }

  get zoomable() {
    return Boolean(this.#picture) && !this.#picture.layout.xaxis.fixedrange;
  }

  // The first and the last step.
  get #steps() {
    const [from, to] = this.#picture.full;
    return [Math.ceil(from), Math.floor(to)];
  }

  #mark() {
    const chosen = this.#selected !== null && this.selectable && this.#picture.x;
    const { x, left, right } = this.#picture ?? { left: 0, right: 0 };
    const [from, to] = [-0.5, 0.5].map((side) => (chosen && x ? x.at(Number(this.#selected) + side) : 0));
    const [start, end] = [Math.max(from, left), Math.min(to, right)];
    this.#frame.place(this.#picture, chosen && start < end, start, end - start);
  }

  /** @param {number | null} step */
  #choose(step) {
    if (step === this.#selected) return;
    this.#selected = step;
    this.#show(step);
    this.#mark();
    this.#onSelect(step);
  }

  // Move the view so that the step is in it.
  /** @param {number | null} step */
  #show(step) {
    if (step === null || !this.#zoom) return;
    const [from, to] = this.#zoom;
    const move = step - 0.5 < from ? step - 0.5 - from : step + 0.5 > to ? step + 0.5 - to : 0;
    if (!move) return;
    this.#zoom = [from + move, to + move];
    this.#paint();
  }

  /** @param {Range} range */
  #zoomTo(range) {
    this.#zoom = within(range, this.#picture.full);
    this.#paint();
  }

  // + and − zoom around the chosen step, or the middle; 0 shows all again.
  /** @param {KeyboardEvent} event */
  #zoomKey({ key, ctrlKey, altKey, metaKey }) {
    if (!this.zoomable || ctrlKey || altKey || metaKey) return false;
    const range = byKey(key, this.view.x, this.selectable ? this.#selected : null);
    if (range) this.#zoomTo(range);
    return range !== null;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (this.#zoomKey(event)) return event.preventDefault();
    if (!this.selectable || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const step = stepByKey(event.key, this.#selected, this.#steps);
    if (step === undefined) return;
    event.preventDefault();
    this.#choose(step);
  }

  // The pointer

  #listen() {
    const { signal } = this.#listeners;
    /** @param {EventTarget} target @param {string} type @param {(event: any) => void} listener */
    const on = (target, type, listener) => target.addEventListener(type, listener, { signal });
    const element = this.#element;
    on(element, "keydown", (event) => this.#key(event));
    on(element, "focus", () => outline(element, element.matches(":focus-visible") && this.#picture?.font.color));
    on(element, "blur", () => outline(element, false));
    on(element, "pointerdown", (event) => this.#down(event));
    on(element, "pointermove", (event) => this.#move(event));
    on(element, "pointerup", (event) => this.#up(event));
    on(element, "pointercancel", (event) => (this.#lift(event), this.#leave()));
    on(element, "pointerleave", (event) => (this.#lift(event), this.#leave())); // a finger too; its click comes after that
    on(document, "pointerdown", (event) => !event.composedPath().includes(element) && this.#leave());
    on(element, "click", (event) => this.#click(event));
    on(element, "dblclick", () => this.#zoom && this.resetZoom());
    on(window, "resize", () => this.#paint());
    on(document.fonts, "loadingdone", () => {
      forgetWidths();
      this.#paint();
    });
  }

  /** @param {PointerEvent} event @returns {[across: number, down: number]} */
  #where(event) {
    const { left, top } = this.#element.getBoundingClientRect();
    return [(event.clientX - left) / this.#scale, (event.clientY - top) / this.#scale];
  }

  /** @param {number} across */
  #inside(across) {
    return this.#picture?.x && across >= this.#picture.left && across <= this.#picture.right;
  }

  /** @param {PointerEvent} event */
  #down(event) {
    this.#dragged = false;
    const [across] = this.#where(event);
    if (!this.zoomable || !this.#inside(across)) return;
    if (event.pointerType === "touch") this.#fingers.down(event.pointerId, across, this.#picture.x);
    if (event.pointerType !== "mouse" || event.button !== 0) return;
    this.#press = across;
    this.#element.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    this.#pointer = this.#where(event);
    if (this.#fingers.count && (this.#zoom || this.#fingers.count > 1)) {
      const range = this.#fingers.move(event.pointerId, this.#pointer[0], this.#picture.x);
      if (range) this.#zoomTo(range);
      this.#dragged ||= range !== null; // no click
    }
    if (this.#press !== null) this.#drag(this.#press, this.#pointer[0]);
    this.#point();
  }

  /** @param {number} press @param {number} pointer */
  #drag(press, pointer) {
    const { left, right } = this.#picture;
    const across = Math.max(left, Math.min(right, pointer));
    if (Math.abs(across - press) >= DRAG) this.#dragged = true;
    this.#area.place(this.#picture, this.#dragged, Math.min(across, press), Math.abs(across - press));
  }

  /** @param {PointerEvent} event */
  #lift({ pointerId }) {
    if (this.#picture?.x) this.#fingers.lift(pointerId, this.#picture.x);
  }

  /** @param {PointerEvent} event */
  #up(event) {
    this.#lift(event);
    if (this.#press === null) return;
    const { x, left, right } = this.#picture;
    const across = Math.max(left, Math.min(right, this.#where(event)[0]));
    const ends = [this.#press, across].sort((a, b) => a - b);
    this.#press = null;
    this.#area.place(this.#picture, false);
    if (!this.#dragged || ends[1] - ends[0] < LEAST) return;
    this.#zoom = [x.coordinate(ends[0]), x.coordinate(ends[1])];
    this.#paint();
  }

  /** @param {any} event */
  #click(event) {
    if (this.#dragged) return;
    const [across, down] = this.#where(event);
    if (event.pointerType !== "mouse") this.#pointer = [across, down];
    this.#point();
    if (!this.selectable || !this.#inside(across)) return;
    const step = nearest(Math.round(this.#picture.x.value(across)), this.#steps);
    this.#selected = step;
    this.#mark();
    this.#onSelect(step, this.#picture.hit(across, down));
  }

  #leave() {
    this.#pointer = this.#press = null;
    this.#area.place(this.#picture, false);
    this.#point();
  }

  // Show what the pointer is at, as it is now.
  #point() {
    const at = this.#press === null || !this.#dragged ? this.#pointer : null;
    const found = at && this.#picture ? this.#picture.hit(...at) : null;
    this.#tooltip.show(found, this.#picture);
    const { spec } = this.#picture?.x ?? {};
    const over = at && this.selectable && this.#inside(at[0]); // a stave has a step even where nothing is drawn
    const step = found?.x ?? (over ? Math.round(this.#picture.x.value(at[0])) : null);
    const shown = step !== null && spec?.showspikes === true;
    const wide = spec?.spikethickness ?? 1;
    this.#spike.place(this.#picture, shown, shown ? Math.round(this.#picture.x.at(step) - wide / 2) : 0, wide);
  }
}
