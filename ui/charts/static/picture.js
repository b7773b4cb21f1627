// One figure on a canvas: its staves with their axes, and everything around them.

/** @import { AxisSpec, Context, Figure, Layout, Prepared, PreparedTable, Range, Scene, Trace } from "./figure.js" */

import { Axis, GAP, rangeOf } from "./axes.js";
import { colourbar, legend } from "./legend.js";
import { fitted, rich, widthOf, write } from "./text.js";
import { clip, dash, hit, paint, prepare, reach } from "./traces.js";

/** @type {Record<string, number>} */
const SIDES = { left: 1, center: 0, right: -1, top: 1, middle: 0, bottom: -1 }; // where text lies from its anchor
const CLEAR = /^(transparent|rgba\(.*,\s*0\))$/;
const LEAST_STAVE = 40; // pixels: what is lower holds a line of text

/**
 * `over` laid over `under`, as deep as both are mappings.
 * @param {Record<string, any>} [under]
 * @param {Record<string, any>} [over]
 * @returns {Record<string, any>}
 */
function merge(under = {}, over = {}) {
  const result = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const both = [under[key], value].every((item) => item && Object.getPrototypeOf(item) === Object.prototype);
    result[key] = both ? merge(under[key], value) : value;
  }
  return result;
}

export class Picture {
  // Where everything is, in pixels, once it is painted
  width = 0;
  ratio = 1;
  left = 0;
  right = 0;
  top = 0;
  bottom = 0;
  floor = 0;
  /** @type {Axis} */
  x;
  /** @type {Record<string, Axis>} */
  y = {};
  /** @type {[level: number, pixels: number][] | null} */
  levels = null;
  /** @type {Map<Axis, import("./figure.js").Tick[]>} */
  ticks = new Map();

  // `figure` is decoded: see numbers.js. `before` is the picture that this one takes the place of.
  /** @param {Figure} figure @param {Picture | null} before */
  constructor(figure, before) {
    this.canvases = before?.canvases ?? []; // for heat maps: to make new ones costs more than to draw
    const { data = [], layout = {} } = figure;
    this.layout = merge({ ...layout.template?.layout, xaxis: {}, yaxis: {} }, layout);
    this.font = { size: 12, color: "#444", family: "sans-serif", ...this.layout.font };
    this.margin = { l: 80, r: 80, t: 100, b: 80, ...this.layout.margin };
    this.height = this.layout.height ?? 450;
    const shown = data.filter((trace) => trace.visible !== false);
    this.specs = this.#specs();
    const categories = this.#categories(shown);
    this.traces = shown.map((trace) => prepare(trace, categories));
    this.coloured = this.traces.filter(({ trace }) => trace.meta?.coloured);
    for (const [name, spec] of Object.entries(this.specs)) spec.range ??= this.#range(name, spec);
    this.full = this.specs.x.range;
  }

  // The axes by the name that traces use: "x", "y", "y2".
  #specs() {
    const template = this.layout.template?.layout ?? {};
    /** @type {Record<string, AxisSpec>} */
    const specs = { x: merge(template.xaxis, this.layout.xaxis), y: merge(template.yaxis, this.layout.yaxis) };
    for (const [key, spec] of Object.entries(this.layout)) {
      if (/^yaxis\d+$/.test(key)) specs[key.replace("axis", "")] = merge(template.yaxis, spec);
    }
    return specs;
  }

  // The names on the axes that have names instead of numbers, in the order in which they come.
  /** @param {Trace[]} traces */
  #categories(traces) {
    /** @type {Record<string, Map<any, number>>} */
    const categories = {};
    for (const [name, spec] of Object.entries(this.specs)) {
      if (spec.type !== "category") continue;
      const own = traces.filter((trace) => (trace[`${name[0]}axis`] ?? name[0]) === name);
      const names = own.flatMap((trace) => Array.from(trace[name[0]] ?? []));
      spec.categories = [...new Set([...(spec.categoryarray ?? []), ...names])];
      categories[name] = new Map(spec.categories.map((/** @type {any} */ category, /** @type {number} */ place) => [category, place]));
    }
    return categories;
  }

  // The range of an axis that the figure leaves open.
  /** @param {string} name @param {AxisSpec} spec */
  #range(name, spec) {
    const { type, autorange } = spec;
    const across = name === "x";
    const own = this.traces.filter(({ trace }) => across || (trace.yaxis ?? "y") === name);
    const lists = own.map((prepared) => reach(prepared, across));
    const range = rangeOf(lists, type === "log", own.every(({ rows }) => rows) ? 0 : undefined);
    return autorange === "reversed" ? range.reverse() : range;
  }

  // Draw all of it, `width` pixels wide, with `view` as the range of the x axis.
  /** @param {Context} ctx @param {number} width @param {number} ratio @param {Range} view */
  paint(ctx, width, ratio, view) {
    this.#arrange(width, ratio, view);
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, width, this.height);
    this.#ground(ctx, width);
    for (const shape of this.layout.shapes ?? []) if (shape.layer === "below") this.#shape(ctx, shape);
    this.#traces(ctx, this.traces);
    for (const axis of Object.values(this.y)) this.#vertical(ctx, axis);
    this.#horizontal(ctx);
    for (const shape of this.layout.shapes ?? []) if (shape.layer !== "below") this.#shape(ctx, shape);
    for (const prepared of this.traces) if (prepared.rows) colourbar(ctx, this, /** @type {PreparedTable} */ (prepared));
    for (const annotation of this.layout.annotations ?? []) this.#annotation(ctx, annotation);
    if (this.layout.showlegend) legend(ctx, this, this.layout.legend ?? {});
  }

  /** @param {Context} ctx @param {Prepared[]} traces */
  #traces(ctx, traces) {
    const { left, right, ratio, font, x, y } = this;
    /** @type {Scene["ground"]} */
    const ground = (x, y, width, height) => this.#clear(ctx, x, y, width, height);
    const scene = { left, right, ratio, font, bargap: this.layout.bargap, ground, canvases: this.#canvases() };
    for (const prepared of traces) paint(ctx, prepared, x, y[prepared.trace.yaxis ?? "y"], scene);
  }

  // Draw the traces alone that show colours themselves, where they were painted.
  /** @param {Context} ctx */
  paintColoured(ctx) {
    ctx.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    ctx.clearRect(0, 0, this.width, this.height);
    this.#traces(ctx, this.coloured);
  }

  // Be so many pixels high. Staves give way; what is written between them, and lines of symbols, keep their height.
  /** @param {number} height */
  fill(height) {
    /** @param {number} whole */
    const inside = (whole) => whole - this.margin.t - this.margin.b;
    const [before, after] = [inside(this.layout.height ?? 450), inside(height)];
    this.height = height;
    const domains = Object.entries(this.specs).flatMap(([name, { domain = [0, 1] }]) => (name === "x" ? [] : [domain]));
    const edges = [...new Set([0, 1, ...domains.flat()])].sort((a, b) => a - b);
    const pieces = edges.slice(1).map((edge, i) => {
      /** @param {Range} range */
      const within = ([from, to]) => from <= edges[i] && to >= edge && (to - from) * before >= LEAST_STAVE;
      return { length: (edge - edges[i]) * before, gives: domains.some(within) };
    });
    /** @param {boolean} gives */
    const sum = (gives) => pieces.reduce((total, piece) => total + (piece.gives === gives ? piece.length : 0), 0);
    const times = (after - sum(false)) / sum(true);
    const room = times > 0.15; // otherwise all become smaller alike
    let reached = 0;
    const lengths = pieces.map(({ length, gives }) => (!room ? (length * after) / before : gives ? length * times : length));
    this.levels = [[-1, -before], [0, 0]];
    lengths.forEach((length, i) => this.levels?.push([edges[i + 1], (reached += length)]));
    this.levels.push([2, reached + before]); // what is below and above the staves keeps its distance
  }

  // The pixel of a share of the height inside the margins, from the bottom.
  /** @param {number} share */
  level(share) {
    if (!this.levels) return this.bottom - share * (this.bottom - this.top);
    const next = Math.max(1, this.levels.findIndex(([level]) => level >= share));
    const [[from, low], [to, high]] = [this.levels[next - 1], this.levels[next]];
    return this.bottom - low - ((share - from) / (to - from)) * (high - low);
  }

  // Where everything is, in pixels.
  /** @param {number} width @param {number} ratio @param {Range} view */
  #arrange(width, ratio, view) {
    const { l, r, t, b } = this.margin;
    /** @param {number} place */
    const snap = (place) => Math.round(place * ratio) / ratio;
    this.width = width;
    this.ratio = ratio;
    this.left = snap(l);
    this.right = Math.max(snap(l) + 1, snap(width - r));
    this.top = t;
    this.bottom = this.height - b;
    this.x = new Axis(this.specs.x, view, this.left, this.right);
    this.y = {};
    for (const [name, spec] of Object.entries(this.specs)) {
      if (name === "x") continue;
      const [from, to] = (spec.domain ?? [0, 1]).map((/** @type {number} */ share) => snap(this.level(share)));
      this.y[name] = new Axis(spec, spec.range, from, to);
    }
    this.#keepShape();
    const anchor = this.y[this.specs.x.anchor];
    this.floor = anchor ? anchor.high : this.bottom;
  }

  // A y axis with scaleanchor "x": a unit is as long across as upwards. The axis that has room left shows more.
  #keepShape() {
    const found = Object.entries(this.y).find(([, { spec }]) => spec.scaleanchor === "x");
    if (!found) return;
    const [name, y] = found;
    if (Math.abs(y.scale) <= this.x.scale) this.x = this.x.around(Math.abs(y.scale));
    else this.y[name] = y.around(this.x.scale);
  }

  // One small canvas after the other, made when there are too few.
  /** @returns {Generator<HTMLCanvasElement, any, any>} */
  *#canvases() {
    for (let i = 0; ; i++) yield (/** @type {HTMLCanvasElement[]} */ (this.canvases)[i] ??= document.createElement("canvas"));
  }

  // An area of the plot with nothing on it.
  /** @param {Context} ctx @param {number} x @param {number} y @param {number} width @param {number} height */
  #clear(ctx, x, y, width, height) {
    ctx.clearRect(x, y, width, height);
    for (const colour of [this.layout.paper_bgcolor, this.layout.plot_bgcolor]) {
      ctx.fillStyle = colour ?? "#fff";
      if (!CLEAR.test(colour)) ctx.fillRect(x, y, width, height);
    }
  }

  // Backgrounds, and the lines of the grid under everything else.
  /** @param {Context} ctx @param {number} width */
  #ground(ctx, width) {
    ctx.fillStyle = this.layout.paper_bgcolor ?? "#fff";
    ctx.fillRect(0, 0, width, this.height);
    for (const y of Object.values(this.y)) this.#clear(ctx, this.left, y.low, this.right - this.left, y.high - y.low);
    this.ticks = new Map();
    for (const axis of [this.x, ...Object.values(this.y)]) {
      if (axis.spec.visible === false) continue;
      const vertical = axis !== this.x;
      const ticks = axis.ticks(ctx, this.#tickfont(axis), vertical);
      this.ticks.set(axis, ticks);
      if (axis.spec.showgrid === false) continue;
      ctx.strokeStyle = axis.spec.gridcolor ?? "#eee";
      ctx.lineWidth = axis.spec.gridwidth ?? 1;
      ctx.beginPath();
      for (const { at } of ticks) vertical ? this.#line(ctx, this.left, at, this.right, at) : this.#upright(ctx, at);
      ctx.stroke();
    }
  }

  // A straight line, moved to the middle of a row of pixels if it is level or upright.
  /** @param {Context} ctx @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1 */
  #line(ctx, x0, y0, x1, y1) {
    /** @param {number} place */
    const sharp = (place) => (Math.floor(place * this.ratio) + 0.5) / this.ratio;
    const thin = Math.round(ctx.lineWidth * this.ratio) % 2 === 1;
    if (thin && x0 === x1) x0 = x1 = sharp(x0);
    if (thin && y0 === y1) y0 = y1 = sharp(y0);
    ctx.moveTo(x0, y0);
    ctx.lineTo(x1, y1);
  }

  /** @param {Context} ctx @param {number} at */
  #upright(ctx, at) {
    for (const y of Object.values(this.y)) if (y.spec.visible !== false) this.#line(ctx, at, y.low, at, y.high);
  }

  /** @param {Axis} axis */
  #tickfont(axis) {
    return { ...this.font, ...axis.spec.tickfont };
  }

  /** @param {Axis} axis */
  #titlefont(axis) {
    return { ...this.font, ...axis.spec.title?.font };
  }

  /** @param {Context} ctx @param {Axis} axis */
  #vertical(ctx, axis) {
    const ticks = this.ticks.get(axis);
    if (!ticks) return;
    const shown = axis.spec.showticklabels === false ? [] : ticks;
    const whole = this.#tickfont(axis);
    const widest = Math.max(0, ...shown.map(({ label }) => widthOf(ctx, label, whole)));
    const room = this.left - GAP - 1;
    const font = widest > room ? { ...whole, size: (whole.size * room) / widest } : whole;
    for (const { at, label } of shown) write(ctx, label, this.left - GAP, at, font, -1);
    if (axis.spec.showline) this.#rule(ctx, axis, this.left, axis.low, this.left, axis.high);
    if (!axis.spec.title?.text) return;
    const title = rich(axis.spec.title.text);
    const small = fitted(ctx, title, this.#titlefont(axis), axis.high - axis.low + 12);
    const across = this.left - GAP - widest - (axis.spec.title.standoff ?? 10) - 0.6 * small.size;
    ctx.save();
    ctx.translate(Math.max(0.6 * small.size, across), (axis.low + axis.high) / 2);
    ctx.rotate(-Math.PI / 2);
    write(ctx, title, 0, 0, small);
    ctx.restore();
  }

  /** @param {Context} ctx */
  #horizontal(ctx) {
    const { spec } = this.x;
    const ticks = this.ticks.get(this.x);
    if (!ticks) return;
    const font = this.#tickfont(this.x);
    for (const { at, label } of spec.showticklabels === false ? [] : ticks) {
      const half = widthOf(ctx, label, font) / 2;
      const inside = Math.max(half, Math.min(this.width - half, at));
      write(ctx, label, inside, this.floor + GAP / 2, font, 0, 1);
    }
    if (spec.showline) this.#rule(ctx, this.x, this.left, this.floor, this.right, this.floor);
    if (!spec.title?.text) return;
    const below = this.floor + GAP / 2 + 1.25 * font.size + (spec.title.standoff ?? 10);
    const title = rich(spec.title.text);
    const small = fitted(ctx, title, this.#titlefont(this.x), this.width - 2 * GAP);
    const half = widthOf(ctx, title, small) / 2 + GAP; // letters may reach a little beyond their width
    const middle = Math.max(half, Math.min(this.width - half, (this.left + this.right) / 2));
    write(ctx, title, middle, below - 2, small, 0, 1);
  }

  /**
   * @param {Context} ctx
   * @param {Axis} axis
   * @param {number} x0
   * @param {number} y0
   * @param {number} x1
   * @param {number} y1
   */
  #rule(ctx, axis, x0, y0, x1, y1) {
    ctx.strokeStyle = axis.spec.linecolor ?? "#444";
    ctx.lineWidth = axis.spec.linewidth ?? 1;
    ctx.beginPath();
    this.#line(ctx, x0, y0, x1, y1);
    ctx.stroke();
  }

  // A coordinate of a shape or of an annotation in pixels.
  /** @param {number} coordinate */
  across(coordinate, reference = "x", annotation = false) {
    if (reference === "paper") return this.left + coordinate * (this.right - this.left);
    return annotation ? this.x.place(coordinate) : this.x.at(coordinate);
  }

  /** @param {number} coordinate */
  down(coordinate, reference = "y", annotation = false) {
    if (reference === "paper") return this.level(coordinate);
    const axis = this.y[reference];
    if (!axis) throw new Error(`the reference "${reference}" is not supported`);
    return annotation ? axis.place(coordinate) : axis.at(coordinate);
  }

  /** @param {Context} ctx @param {Layout} given */
  #shape(ctx, { type, xref, yref, x0, x1, y0, y1, fillcolor, ...rest }) {
    const line = rest.line ?? {};
    const [left, right] = [this.across(x0, xref), this.across(x1, xref)];
    const [top, bottom] = [this.down(y0, yref), this.down(y1, yref)];
    const stave = this.y[yref ?? "y"];
    ctx.save();
    // what belongs to an axis ends with it
    const [from, to] = xref === "paper" ? [0, this.width] : [this.left - 1, this.right + 1];
    if (stave) clip(ctx, from, to, stave.low - 1, stave.high + 1);
    else clip(ctx, from, to, 0, this.height);
    ctx.beginPath();
    ctx.lineWidth = line.width ?? 2;
    ctx.strokeStyle = line.color ?? "#444";
    dash(ctx, line);
    if (type === "line") this.#line(ctx, left, top, right, bottom);
    else ctx.rect(left, top, right - left, bottom - top);
    if (type === "rect" && fillcolor) {
      ctx.fillStyle = fillcolor;
      ctx.fill();
    }
    if (ctx.lineWidth && line.width !== 0) ctx.stroke();
    ctx.restore();
  }

  /** @param {Context} ctx @param {Layout} given */
  #annotation(ctx, { text, x, y, xref, yref, xanchor = "auto", yanchor = "auto", xshift = 0, yshift = 0, ...rest }) {
    /** @param {number} share @param {any} low @param {any} high */
    const third = (share, low, high) => (share < 1 / 3 ? low : share > 2 / 3 ? high : "center");
    const side = SIDES[xanchor === "auto" ? (xref === "paper" ? third(x, "left", "right") : "center") : xanchor];
    const level = SIDES[yanchor === "auto" ? (yref === "paper" ? third(y, "bottom", "top") : "middle") : yanchor] ?? 0;
    const lines = rich(text);
    const pad = (rest.borderpad ?? 1) + 2;
    const across = this.across(x, xref, true) + xshift + side * pad;
    const down = this.down(y, yref, true) - yshift + level * pad;
    const room = side > 0 ? this.width - across : side < 0 ? across : 2 * Math.min(across, this.width - across);
    const font = fitted(ctx, lines, { ...this.font, ...rest.font }, room);
    const halo = yref === "paper" ? null : this.layout.hoverlabel?.bgcolor; // over the curves
    write(ctx, lines, across, down, font, side, level, halo);
  }

  // Hit test at a pointer: the nearest thing of the stave that it is in.
  /** @param {number} across @param {number} down @returns {import("./figure.js").HitOnAxis | null} */
  hit(across, down) {
    if (!this.x || across < this.left || across > this.right) return null;
    let best = null;
    for (const prepared of this.traces) {
      const y = this.y[prepared.trace.yaxis ?? "y"];
      if (!y.holds(down)) continue;
      const found = hit(prepared, this.x, y, across, down);
      if (found && (!best || found.far <= best.far)) best = { ...found, axis: y };
    }
    return best;
  }
}
