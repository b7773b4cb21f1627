// Text on a canvas: the little markup that figures use, measured and drawn.

/** @import { Context, Font, Piece, RichText } from "./figure.js" */

/** @type {Record<string, string>} */
const ENTITIES = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'", nbsp: "\u00a0" };
const ENTITY = /&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi;
const TAG = /<(\/?)(sub|sup|span|b|i|em|strong|br)\b([^<>]*)>/gi;
const COLOUR = /color:\s*([^;"']+)/;
/** @type {Record<string, number>} */
const RISE = { sub: -0.28, sup: 0.42 }; // of the letters' size
const SMALL = 0.7; // size of a subscript
const MIDDLE = 0.35; // from the middle of a line down to its base line, by its size

const widths = new Map();
const parsed = new Map();

// "&lt;" as "<": once, so that "&amp;lt;" is "&lt;".
/** @param {string} text */
export function unescape(text) {
  /** @param {string} whole @param {string} decimal @param {string} hex @param {string} name */
  const plain = (whole, decimal, hex, name) =>
    name ? (ENTITIES[name] ?? whole) : String.fromCodePoint(decimal ? Number(decimal) : parseInt(hex, 16));
  return text.includes("&") ? text.replace(ENTITY, plain) : text;
}

// The text without its tags; a line break is a new line.
/** @param {string} text */
export function withoutTags(text) {
  return unescape(text.replace(TAG, (_, _close, tag) => (tag.toLowerCase() === "br" ? "\n" : "")));
}

// Text that is no markup.
/** @param {string} text @returns {RichText} */
export function plain(text) {
  return [[{ text }]];
}

// Lines of pieces that differ in colour, weight or height above the line.
/** @param {string} markup @returns {RichText} */
export function rich(markup) {
  if (!parsed.has(markup)) {
    if (parsed.size > 500) parsed.clear();
    parsed.set(markup, parse(markup));
  }
  return parsed.get(markup);
}

/** @param {string} markup */
function parse(markup) {
  /** @type {RichText} */
  const lines = [[]];
  /** @type {Partial<Piece>[]} */
  const styles = [{}];
  let end = 0;
  /** @param {string} text */
  const add = (text) => text && lines[lines.length - 1].push({ text: unescape(text), ...styles.at(-1) });
  for (const { 0: whole, 1: close, 2: name, 3: attributes, index } of markup.matchAll(TAG)) {
    add(markup.slice(end, index));
    end = index + whole.length;
    const tag = name.toLowerCase();
    if (tag === "br") lines.push([]);
    else if (close) styles.length > 1 && styles.pop();
    else styles.push({ ...styles.at(-1), ...style(tag, attributes) });
  }
  add(markup.slice(end));
  return lines;
}

/** @param {string} tag @param {string} attributes @returns {Partial<Piece>} */
function style(tag, attributes) {
  if (tag in RISE) return { rise: RISE[tag], scale: SMALL };
  if (tag === "span") return { colour: COLOUR.exec(attributes)?.[1].trim() };
  return tag === "b" || tag === "strong" ? { weight: "bold" } : { slant: "italic" };
}

/** @param {Pick<Font, "size" | "family">} font @param {Partial<Piece>} [piece] */
export function fontOf({ size, family }, { weight = "", slant = "", scale = 1 } = {}) {
  return `${slant} ${weight} ${size * scale}px ${family}`.trim();
}

/** @param {Context} ctx @param {string} text @param {string} font */
export function measure(ctx, text, font) {
  const key = `${font}|${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    ctx.font = font;
    width = ctx.measureText(text).width;
    if (widths.size > 5000) widths.clear();
    widths.set(key, width);
  }
  return width;
}

// Widths are others as soon as a font has arrived.
export function forgetWidths() {
  widths.clear();
}

/** @param {Context} ctx @param {Piece[]} line @param {Font} font */
const lineWidth = (ctx, line, font) =>
  line.reduce((sum, piece) => sum + measure(ctx, piece.text, fontOf(font, piece)), 0);

// Pixels from the left to the right end of the longest line.
/** @param {Context} ctx @param {RichText} lines @param {Font} font */
export function widthOf(ctx, lines, font) {
  return Math.max(0, ...lines.map((line) => lineWidth(ctx, line, font)));
}

// The same font, smaller if the text would be wider than the room; never smaller than `least`.
/** @param {Context} ctx @param {RichText} lines @param {Font} font @param {number} room */
export function fitted(ctx, lines, font, room, least = 8) {
  const width = widthOf(ctx, lines, font);
  return width <= room ? font : { ...font, size: Math.max(least, Math.floor((2 * font.size * room) / width) / 2) };
}

// Draw lines around a point: horizontally and vertically -1 puts them left of or above it, 0 around it, 1 right of
// or below it. `halo` is the colour of a rim that keeps the letters apart from what is behind them.
/**
 * @param {Context} ctx
 * @param {RichText} lines
 * @param {number} x
 * @param {number} y
 * @param {Font} font
 * @param {string | null} [halo]
 */
export function write(ctx, lines, x, y, font, horizontally = 0, vertically = 0, halo = null) {
  const step = 1.25 * font.size;
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  let middle = y + ((vertically * lines.length - (lines.length - 1)) / 2) * step;
  for (const line of lines) {
    let left = horizontally > 0 ? x : x - lineWidth(ctx, line, font) / (horizontally ? 1 : 2);
    for (const piece of line) {
      ctx.font = fontOf(font, piece);
      ctx.fillStyle = piece.colour ?? font.color;
      const down = middle + (MIDDLE - (piece.rise ?? 0)) * font.size;
      if (halo) rim(ctx, piece.text, left, down, halo);
      ctx.fillText(piece.text, left, down);
      left += measure(ctx, piece.text, fontOf(font, piece));
    }
    middle += step;
  }
}

/** @param {Context} ctx @param {string} text @param {number} x @param {number} y @param {string} colour */
function rim(ctx, text, x, y, colour) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = 3;
  ctx.lineJoin = "round";
  ctx.strokeText(text, x, y);
}

// One short text in the middle of a point, for what is drawn many times; the font is set by the caller.
/** @param {Context} ctx @param {string} text @param {number} x @param {number} y @param {number} size */
export function stamp(ctx, text, x, y, size) {
  ctx.fillText(text, x, y + MIDDLE * size);
}
