// Numbers of a figure: read from Plotly's JSON, written as text, turned into colours.

/** @import { Scale } from "./figure.js" */

import { isArray, numbersOf } from "./arrays.js";

const SHADES = 1024; // of a colour scale: neighbours differ by less than one of 255
const MINUS = "−";
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const FAR = 1e12; // from there on powers of ten stand on an axis
const THOUSANDS = Object.entries({ B: 1e9, M: 1e6, k: 1e3 });
const SMALL = 1e-4; // below it a number in a table has a power of ten
const NUMBER = /^([+-]?\d[\d.,]*)(?:e([+-]?)0*(\d+))?$/;
const SPEC = /^(\+)?(,)?(?:\.(\d+))?(~)?([defgr%])?$/;

// The same value with every packed array in it as a typed one; a table is an array of rows.
/** @param {any} value @returns {any} */
export function decode(value) {
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.some((item) => item && typeof item === "object") ? value.map(decode) : value;
  if (isArray(value)) return numbersOf(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decode(item)]));
}

// A list of numbers for drawing: null is NaN.
/** @param {any} list @returns {any} */
export function numbers(list) {
  if (ArrayBuffer.isView(list)) return list;
  const result = new Float64Array(list.length);
  for (let i = 0; i < list.length; i++) {
    const item = list[i];
    if (typeof item === "string") throw new Error(`"${item}" on an axis is not supported: only numbers are`);
    result[i] = item ?? NaN;
  }
  return result;
}

// A number in d3's format, as far as the figures use it: "d", ".3f", ".2e", ".4g", ".0%", ",d".
/** @param {any} value @param {string} [spec] */
export function format(value, spec = "") {
  if (typeof value !== "number") return String(value ?? "");
  const parts = SPEC.exec(spec);
  if (!parts) throw new Error(`the format "${spec}" is not supported`);
  if (!Number.isFinite(value)) return String(value);
  const [, plus, comma, digits, trim, type] = parts;
  let text = shape(Math.abs(value), type, digits === undefined ? undefined : Number(digits));
  if (trim || !type) text = trimmed(text);
  if (comma) text = text.replace(/^\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ","));
  const negative = value < 0 && /[1-9]/.test(text);
  return (negative ? "-" : plus ? "+" : "") + text;
}

// A value in a cell of a table: −3.2×10⁻⁵ for a number, or a text that is one. csv.js reads it again.
/** @param {any} value */
export function printed(value) {
  const small = typeof value === "number" && value !== 0 && Math.abs(value) < SMALL;
  const text = small ? value.toExponential() : String(value ?? "");
  const found = NUMBER.exec(text);
  if (!found) return text;
  const [, mantissa, sign, power] = found;
  const digits = power === undefined ? "" : [...power].map((digit) => RAISED[Number(digit)]).join("");
  return mantissa.replace("-", MINUS) + (digits && `×10${sign === "-" ? "⁻" : ""}${digits}`);
}

// Without the zeros at the end of its decimals.
/** @param {string} text */
function trimmed(text) {
  return text.replace(/(\.\d*?)0+(?=$|e)/, "$1").replace(/\.(?=$|e)/, "");
}

/** @param {number} value @param {string | undefined} type @param {number | undefined} digits */
function shape(value, type, digits) {
  if (type === "d") return String(Math.round(value));
  if (type === "f") return value.toFixed(digits ?? 6);
  if (type === "e") return value.toExponential(digits ?? 6);
  if (type === "%") return `${(100 * value).toFixed(digits ?? 6)}%`;
  if (type === "r") return String(Number(value.toPrecision(digits ?? 6)));
  if (type === "g") return value.toPrecision(digits ?? 6);
  return Number.isInteger(value) && value < 1e15 ? String(value) : value.toPrecision(digits ?? 4);
}

// The label of a tick: no more digits than the distance between two ticks asks for; `top` is the largest number
// of the axis.
/** @param {number} value @param {number} distance @param {number} top */
export function tickLabel(value, distance, top) {
  if (value === 0) return "0";
  const [letter, unit] = (top >= 1e4 && THOUSANDS.find(([, size]) => top >= size)) || ["", 1];
  const digits = Math.max(0, -Math.floor(Math.log10(distance / unit) + 1e-9));
  const size = Math.abs(value);
  const sign = value < 0 ? MINUS : "";
  if (digits > 4 || top >= FAR) return sign + power(trimmed(size.toExponential(digits > 4 ? 1 : 2)));
  return sign + trimmed((size / unit).toFixed(digits)) + letter;
}

// 3.2e-5 as 3.2×10⁻⁵.
/** @param {string} text */
function power(text) {
  return text.replace(/e([+-])(\d+)/, (_, minus, exponent) => {
    const raised = [...exponent].map((digit) => RAISED[digit]).join("");
    return `×10${minus === "-" ? "⁻" : ""}${raised}`;
  });
}

const palettes = new Map(); // from a colour scale as JSON: the scales of a page are few

// The colours of a scale as pixels (alpha, blue, green, red from the highest byte on), SHADES of them.
/** @param {Scale} scale */
export function palette(scale) {
  const name = JSON.stringify(scale);
  if (!palettes.has(name)) palettes.set(name, mix(scale));
  return palettes.get(name);
}

/** @param {Scale} scale */
function mix(scale) {
  if (!Array.isArray(scale)) throw new Error(`the colour scale ${scale} is not supported: give [[position, colour]]`);
  /** @type {[number, number[]][]} */
  const stops = scale.map(([position, colour]) => [position, channels(colour)]);
  const pixels = new Uint32Array(SHADES);
  for (let i = 0, next = 1; i < SHADES; i++) {
    const at = i / (SHADES - 1);
    while (next < stops.length - 1 && stops[next][0] < at) next++;
    const [[start, from], [end, to]] = [stops[next - 1], stops[next]];
    const share = Math.min(1, Math.max(0, (at - start) / (end - start)));
    const [red, green, blue, alpha] = from.map((channel, k) => Math.round(channel + share * (to[k] - channel)));
    pixels[i] = ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  }
  return pixels;
}

// Red, green, blue and alpha of a colour, each 0 .. 255.
/** @param {string} colour */
function channels(colour) {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
  if (hex) return [...hex.slice(1).map((part) => parseInt(part, 16)), 255];
  const list = /^rgba?\(([^)]+)\)$/.exec(colour)?.[1].split(",").map(Number);
  if (list && list.length >= 3) return [list[0], list[1], list[2], Math.round(255 * (list[3] ?? 1))];
  throw new Error(`the colour ${colour} is not supported: give #rrggbb or rgb(r,g,b)`);
}

// The pixel of a value between low and high; not drawn at all if there is no value.
/** @param {Uint32Array} pixels @param {number} value @param {number} low @param {number} high */
export function pixel(pixels, value, low, high) {
  if (!(value === value)) return 0;
  const share = (value - low) / (high - low);
  return pixels[Math.round((SHADES - 1) * Math.min(1, Math.max(0, share)))];
}
