// The traces of a figure, each drawn between its two axes, and what lies under a pointer.

/**
 * @import { Context, Font, Hit, Numbers, Path, Prepared, PreparedTable, Scene, Trace } from "./figure.js"
 * @import { Axis } from "./axes.js"
 */

import { rangeOf } from "./axes.js";
import { numbers, palette, pixel } from "./numbers.js";
import { fontOf, measure, stamp, unescape } from "./text.js";

/** @type {Record<string, number[]>} */
const DASHES = { dot: [1, 1], dash: [3, 3], longdash: [5, 5], dashdot: [3, 1, 1, 1] };
const GAP_FROM = 4; // pixels: narrower columns of a heat map stand without gaps
const SYMBOL = { widest: 13, narrowest: 8, aspect: 0.62 }; // pixels; width of a monospaced letter by its height
const TURNED = { letters: 2, widest: 10 }; // columns that a line of letters needs when it stands upright; pixels
const RARE = 2; // a symbol that occurs no oftener in its line is written before the others
/** @type {Record<string, number>} */
const RISES = { top: -0.8, middle: 0, bottom: 0.8 }; // of the letters' size
/** @type {Record<string, string>} */
const ALIGNED = { left: "right", center: "center", right: "left" };
const NOTE = 10; // pixels
const NEAR = 20; // pixels from the pointer to what it points at
const ALL = 2 * Math.PI;

// A trace with its numbers ready to be drawn; on an axis of categories their places are the numbers.
/** @param {Trace} given @param {Record<string, Map<any, number>>} categories @returns {Prepared} */
export function prepare(given, categories) {
  /** @type {Trace} */
  const trace = { type: "scatter", ...given };
  /** @param {any} list @param {Map<any, number> | undefined} named */
  const places = (list, named) => (named ? Float64Array.from(list, (name) => named.get(name) ?? NaN) : numbers(list));
  const [across, down] = [categories.x, categories[trace.yaxis ?? "y"]];
  if (trace.type === "heatmap") {
    const [columns, rows] = [trace.z[0]?.length ?? 0, trace.z.length];
    const xs = trace.x ? places(trace.x, across) : even(trace.x0, trace.dx, columns);
    const ys = trace.y ? places(trace.y, down) : even(trace.y0, trace.dy, rows);
    return { trace, ...tableOf(trace), xs, ys, modes: new Set() };
  }
  const count = trace.y?.length ?? trace.x?.length ?? 0;
  const xs = trace.x ? places(trace.x, across) : even(0, 1, count);
  const ys = trace.y ? places(trace.y, down) : even(0, 1, count);
  const mode = trace.mode ?? (count < 20 ? "lines+markers" : "lines");
  return { trace, xs, ys, modes: new Set(mode.split("+")) };
}

const even = (first = 0, step = 1, count = 0) => Float64Array.from({ length: count }, (_, i) => first + i * step);

/** @param {Trace} trace */
function tableOf({ z, zmin, zmax, colorscale }) {
  const rows = z.map(numbers);
  if (zmin === undefined || zmax === undefined) {
    const [low, high] = rangeOf(rows, false, 0);
    [zmin, zmax] = [zmin ?? low, zmax ?? high];
  }
  return { rows, zmin, zmax, pixels: palette(colorscale) };
}

// The numbers that an axis has to hold to show a trace.
/** @param {Prepared} prepared @param {boolean} across */
export function reach({ trace, rows, xs, ys }, across) {
  if (rows) return ends(across ? xs : ys);
  if (trace.type !== "bar") return across ? xs : ys;
  return across ? ends(xs) : [0, ...ys];
}

// Draw a prepared trace. `scene` is what all traces share.
/** @param {Context} ctx @param {Prepared} prepared @param {Axis} x @param {Axis} y @param {Scene} scene */
export function paint(ctx, prepared, x, y, scene) {
  ctx.globalAlpha = prepared.trace.opacity ?? 1;
  PAINTERS[prepared.trace.type](ctx, prepared, x, y, scene);
  ctx.globalAlpha = 1;
}

/** @type {Record<string, (ctx: Context, prepared: any, x: Axis, y: Axis, scene: Scene) => void>} */
const PAINTERS = { heatmap: paintTable, scatter: paintScatter, bar: paintBars };

// A heat map is a small image, one pixel for each cell, drawn large: its cost does not grow with the screen.
/** @param {Context} ctx @param {PreparedTable} prepared @param {Axis} x @param {Axis} y @param {Scene} scene */
function paintTable(ctx, prepared, x, y, { left, right, ratio, ground, canvases }) {
  const { rows, xs, ys, zmin, zmax, pixels, trace } = prepared;
  const [width, height] = [xs.length, rows.length];
  if (!width || !height) return;
  const image = new ImageData(width, height);
  const shades = new Uint32Array(image.data.buffer);
  for (let row = 0, at = 0; row < height; row++) {
    const values = rows[row];
    for (let column = 0; column < width; column++) shades[at++] = pixel(pixels, values[column], zmin, zmax);
  }
  const canvas = canvases.next().value;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true })).putImageData(image, 0, 0);
  const [start, end] = ends(xs).map((edge) => x.at(edge));
  const [top, bottom] = ends(ys).map((edge) => Math.round(y.at(edge) * ratio) / ratio);
  ctx.save();
  clip(ctx, left, right, y.low, y.high);
  ctx.imageSmoothingEnabled = false;
  ctx.translate(Math.min(start, end), Math.min(top, bottom));
  ctx.scale(Math.abs(end - start) / width, Math.abs(bottom - top) / height);
  if (end < start || bottom < top) {
    ctx.translate(end < start ? width : 0, bottom < top ? height : 0); // the last is the leftmost, or the highest
    ctx.scale(end < start ? -1 : 1, bottom < top ? -1 : 1);
  }
  ctx.drawImage(canvas, 0, 0);
  ctx.restore();
  const column = (end - start) / width;
  const gap = Math.abs(column) < GAP_FROM ? 0 : Math.round((trace.xgap ?? 0) * ratio);
  for (let k = 1; gap && k < width; k++) {
    // the pixel at which the next column begins
    const edge = Math.ceil((start + k * column) * ratio - 0.5) - (gap >> 1);
    const from = edge / ratio;
    if (from >= left && from < right) ground(from, y.low, gap / ratio, y.high - y.low);
  }
}

// The two ends of cells around these centres, which are equally far from one another.
/** @param {Numbers} centres */
function ends(centres) {
  const half = centres.length > 1 ? (centres[centres.length - 1] - centres[0]) / (centres.length - 1) / 2 : 0.5;
  return [centres[0] - half, centres[centres.length - 1] + half];
}

/** @param {Context} ctx @param {number} left @param {number} right @param {number} top @param {number} bottom */
export function clip(ctx, left, right, top, bottom) {
  ctx.beginPath();
  ctx.rect(left, top, right - left, bottom - top);
  ctx.clip();
}

/** @param {Context} ctx @param {Trace} trace */
export function dash(ctx, { dash: name = "solid", width = 2 }) {
  if (name === "solid") return ctx.setLineDash([]);
  const pieces = DASHES[name]?.map((piece) => piece * Math.max(3, width)) ?? name.split(/[\s,]+/).map(parseFloat);
  return ctx.setLineDash(pieces);
}

/** @param {Context} ctx @param {Prepared} prepared @param {Axis} x @param {Axis} y @param {Scene} scene */
function paintScatter(ctx, prepared, x, y, scene) {
  const { trace, modes } = prepared;
  if (modes.has("lines") || trace.fill === "toself") {
    ctx.save();
    clip(ctx, scene.left, scene.right, y.low - 1, y.high + 1);
    paintLine(ctx, prepared, x, y);
    ctx.restore();
  }
  if (modes.has("markers")) paintMarkers(ctx, prepared, x, y);
  if (modes.has("text")) paintText(ctx, prepared, x, y, scene);
}

/** @param {Context} ctx @param {Prepared} prepared @param {Axis} x @param {Axis} y */
function paintLine(ctx, { trace, xs, ys, modes }, x, y) {
  const line = { color: trace.marker?.color, width: 2, ...trace.line };
  const filled = trace.fill === "toself";
  ctx.beginPath();
  let open = false;
  for (let i = 0; i < xs.length; i++) {
    const [across, down] = [x.at(xs[i]), y.at(ys[i])];
    const drawn = Number.isFinite(across + down);
    if (!drawn && open && filled) ctx.closePath();
    if (drawn) open ? ctx.lineTo(across, down) : ctx.moveTo(across, down);
    open = drawn;
  }
  if (filled) {
    ctx.fillStyle = trace.fillcolor ?? "rgba(128,128,128,0.3)";
    ctx.fill();
  }
  if (!modes.has("lines") || !line.width) return;
  ctx.strokeStyle = line.color;
  ctx.lineWidth = line.width;
  ctx.lineJoin = "round";
  dash(ctx, line);
  ctx.stroke();
  ctx.setLineDash([]);
}

// The entry of a list, or the one value that holds for all.
/** @param {any} value @param {number} i */
const entry = (value, i) => (Array.isArray(value) || ArrayBuffer.isView(value) ? /** @type {any} */ (value)[i] : value);

// A path that this context can draw.
/** @param {Context} ctx @returns {Path} */
const newPath = (ctx) => ctx.newPath?.() ?? new Path2D();

/** @param {Context} ctx @param {Prepared} prepared @param {Axis} x @param {Axis} y */
function paintMarkers(ctx, { trace, xs, ys }, x, y) {
  const { color, size = 6, symbol = "circle", line = {}, opacity = 1 } = trace.marker ?? {};
  const open = symbol.endsWith("-open");
  const outline = SYMBOLS[open ? symbol.slice(0, -5) : symbol];
  const paths = new Map(); // one path for each colour
  for (let i = 0; i < xs.length; i++) {
    const [across, down] = [x.at(xs[i]), y.at(ys[i])];
    if (!x.holds(across) || !y.holds(down)) continue;
    const colour = entry(color, i) ?? trace.line?.color;
    if (!paths.has(colour)) paths.set(colour, newPath(ctx));
    outline(paths.get(colour), across, down, entry(size, i) / 2);
  }
  ctx.globalAlpha *= opacity;
  for (const [colour, path] of paths) {
    ctx.fillStyle = colour;
    ctx.strokeStyle = open ? colour : (line.color ?? colour);
    ctx.lineWidth = line.width ?? (open ? 1 : 0);
    if (!open) ctx.fill(path);
    if (ctx.lineWidth && (open || line.width)) ctx.stroke(path);
  }
}

// A marker of a trace as its legend shows it.
/** @param {Context} ctx @param {Trace} trace @param {number} across @param {number} down */
export function sign(ctx, { marker, line: own }, across, down) {
  const { color, symbol = "circle", line = {} } = marker ?? {};
  const open = symbol.endsWith("-open");
  const path = newPath(ctx);
  SYMBOLS[open ? symbol.slice(0, -5) : symbol](path, across, down, line.width ? 4 : 3);
  ctx.fillStyle = typeof color === "string" ? color : (own?.color ?? ctx.fillStyle);
  ctx.strokeStyle = open ? ctx.fillStyle : (line.color ?? ctx.fillStyle);
  ctx.lineWidth = line.width ?? (open ? 1 : 0);
  if (!open) ctx.fill(path);
  if (ctx.lineWidth) ctx.stroke(path);
}

/** @type {Record<string, (path: Path, x: number, y: number, r: number) => void>} */
const SYMBOLS = {
  circle(path, x, y, r) {
    path.moveTo(x + r, y);
    path.arc(x, y, r, 0, ALL);
  },
  square(path, x, y, r) {
    path.rect(x - r, y - r, 2 * r, 2 * r);
  },
  diamond(path, x, y, r) {
    path.moveTo(x, y - 1.3 * r);
    path.lineTo(x + 1.3 * r, y);
    path.lineTo(x, y + 1.3 * r);
    path.lineTo(x - 1.3 * r, y);
    path.closePath();
  },
};

// Letters that stand in columns shrink with the columns, a line's all alike; where even the smallest have no room, only
// some are written. A label that is wider than most of its line shrinks alone.
/** @param {Trace} trace @param {Axis} x */
export function fitSymbols({ meta }, x) {
  const letters = meta.turned ? TURNED.letters : Math.max(1, meta.letters);
  const room = Math.abs(x.scale) / letters / SYMBOL.aspect;
  const widest = meta.turned ? TURNED.widest : SYMBOL.widest;
  const size = Math.max(SYMBOL.narrowest, Math.min(widest, Math.floor(room)));
  return { size, every: Math.max(1, Math.ceil(SYMBOL.narrowest / room - 1e-9)) };
}

// Which entries of a line of symbols to write where each takes `every` columns: first those that hardly occur, for a task
// asks for them rather than for what fills the line; then every n-th of the others.
/** @param {string[]} texts @param {Numbers} xs @param {number} every */
export function written(texts, xs, every) {
  const counts = new Map();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const entries = texts.map((text, i) => ({ i, at: xs[i], rare: counts.get(text) <= RARE }));
  /** @type {{ i: number, at: number, rare: boolean }[]} */
  const kept = [];
  /** @param {{ at: number }} given */
  const free = ({ at }) => kept.every((other) => Math.abs(other.at - at) >= every);
  for (const entry of entries) if (entry.rare && free(entry)) kept.push(entry);
  for (const entry of entries) if (!entry.rare && entry.at % every === 0 && free(entry)) kept.push(entry);
  return new Set(kept.map(({ i }) => i));
}

/** @param {Context} ctx @param {any} given @param {Axis} x @param {Axis} y @param {any} given */
function paintText(ctx, { trace, xs, ys }, x, y, { right, font }) {
  const columns = trace.meta?.columns;
  const symbol = columns ? fitSymbols(trace, x) : { size: 0, every: 1 };
  const { color = font.color, ...own } = trace.textfont ?? {};
  const letters = { ...font, ...own, ...(columns && { size: symbol.size }) };
  const [vertically, horizontally] = (trace.textposition ?? "middle center").split(" ");
  const down = RISES[vertically] * letters.size;
  const usual = fontOf(letters);
  const turned = Boolean(trace.meta?.turned);
  const room = columns && !turned ? Math.abs(x.scale) * symbol.every : Infinity;
  const texts = Array.from(xs, (_, i) => unescape(String(entry(trace.text, i))));
  const some = symbol.every > 1 ? written(texts, xs, symbol.every) : null;
  if (some && some.size < texts.length && trace.meta.note) note(ctx, trace.meta.note, right, y, { ...font, color });
  ctx.textAlign = ALIGNED[horizontally];
  ctx.textBaseline = "alphabetic";
  for (let i = 0; i < xs.length; i++) {
    if (some && !some.has(i)) continue;
    const [across, place] = [x.at(xs[i]), y.at(ys[i])];
    if (!x.holds(across) || !y.holds(place)) continue;
    const width = measure(ctx, texts[i], usual);
    const size = width > room ? (letters.size * room) / width : letters.size; // a sign wider than its letters
    ctx.font = width > room ? fontOf({ ...letters, size }) : usual;
    ctx.fillStyle = entry(color, i);
    if (turned) upright(ctx, texts[i], across, place, size);
    else stamp(ctx, texts[i], across, place + down, size);
  }
}

// At the right end of a stave's heading: that not all of its symbols are written.
/** @param {Context} ctx @param {string} text @param {number} right @param {Axis} y @param {Font} font */
function note(ctx, text, right, y, font) {
  ctx.font = fontOf({ ...font, size: NOTE });
  ctx.fillStyle = font.color;
  ctx.textAlign = "right";
  ctx.textBaseline = "alphabetic";
  ctx.fillText(text, right, Math.min(y.start, y.end) - NOTE / 2);
}

// A word that is read from the bottom to the top.
/** @param {Context} ctx @param {string} text @param {number} x @param {number} y @param {number} size */
function upright(ctx, text, x, y, size) {
  ctx.save();
  ctx.translate(x, y);
  ctx.rotate(-Math.PI / 2);
  stamp(ctx, text, 0, 0, size);
  ctx.restore();
}

/** @param {Context} ctx @param {any} given @param {Axis} x @param {Axis} y @param {any} given */
function paintBars(ctx, { trace, xs, ys }, x, y, { bargap, left, right, ratio }) {
  const { color, line = {} } = trace.marker ?? {};
  const width = trace.width ?? (1 - (bargap ?? 0.2)) * spacing(xs);
  const base = y.log ? y.range[0] : 0;
  const floor = y.place(base);
  /** @param {number} place */
  const snap = (place) => Math.round(place * ratio) / ratio;
  ctx.save();
  clip(ctx, left, right, y.low, y.high);
  for (let i = 0; i < xs.length; i++) {
    const top = y.at(ys[i]);
    if (!Number.isFinite(top)) continue;
    const [from, to] = [snap(x.at(xs[i] - width / 2)), snap(x.at(xs[i] + width / 2))];
    ctx.fillStyle = entry(color, i);
    ctx.fillRect(from, top, Math.max(1 / ratio, to - from), floor - top);
    if (!line.width) continue;
    ctx.strokeStyle = line.color;
    ctx.lineWidth = line.width;
    ctx.strokeRect(from, top, to - from, floor - top);
  }
  ctx.restore();
}

// The smallest distance between two neighbours.
/** @param {Numbers} xs */
function spacing(xs) {
  let least = Infinity;
  for (let i = 1; i < xs.length; i++) least = Math.min(least, Math.abs(xs[i] - xs[i - 1]) || Infinity);
  return Number.isFinite(least) ? least : 1;
}

// Hit test of a trace at a pointer: {trace, x, y, z, i, at: [across, down], far}; null if nothing is near.
/** @param {Prepared} prepared @param {Axis} x @param {Axis} y @param {number} across @param {number} down @returns {Hit | null} */
export function hit(prepared, x, y, across, down) {
  const { trace } = prepared;
  if (trace.hoverinfo === "skip" || trace.hoverinfo === "none") return null;
  return trace.type === "heatmap" ? hitCell(/** @type {PreparedTable} */ (prepared), x, y, across, down) : hitPoint(prepared, x, y, across, down);
}

/** @param {PreparedTable} prepared @param {Axis} x @param {Axis} y @param {number} across @param {number} down @returns {Hit | null} */
function hitCell({ trace, rows, xs, ys }, x, y, across, down) {
  const [column, row] = [nearest(xs, x.value(across)), nearest(ys, y.value(down))];
  const z = rows[row]?.[column];
  if (!(z === z) || z === undefined) return null;
  return { trace, x: xs[column], y: ys[row], z, i: column, at: [x.at(xs[column]), y.at(ys[row])], far: 0 };
}

// The centre within half a distance.
/** @param {Numbers} centres @param {number} value */
function nearest(centres, value) {
  const distance = centres.length > 1 ? (centres[centres.length - 1] - centres[0]) / (centres.length - 1) : 1;
  const place = Math.round((value - centres[0]) / distance);
  return place >= 0 && place < centres.length ? place : -1;
}

// Of a curve the point nearest in x: a pointer above or below it still means it. Of a cloud the nearest point.
/** @param {Prepared} prepared @param {Axis} x @param {Axis} y @param {number} across @param {number} down @returns {Hit | null} */
function hitPoint({ trace, xs, ys }, x, y, across, down) {
  const column = trace.type === "bar" ? Math.abs(spacing(xs) * x.scale) / 2 : 0;
  /** @type {Hit | null} */
  let best = null;
  for (let i = 0; i < xs.length; i++) {
    const [left, top] = [x.at(xs[i]), y.at(ys[i])];
    const aside = Math.abs(left - across);
    if (!Number.isFinite(top) || !x.holds(left) || aside > Math.max(NEAR, column)) continue;
    const far = column ? aside : Math.hypot(aside, top - down);
    if (trace.meta?.cloud) {
      if (far <= NEAR && far <= (best?.far ?? NEAR)) best = { trace, x: xs[i], y: ys[i], i, at: [left, top], aside, far };
      continue;
    }
    if (best && (aside > (best.aside ?? 0) || (aside === best.aside && far >= best.far))) continue;
    best = { trace, x: xs[i], y: ys[i], i, at: [left, top], aside, far };
  }
  return best;
}
