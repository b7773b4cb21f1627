// How numbers, names and colours are written. Text goes into the page as text only.

/**
 * @import { Scale } from "../../charts/static/figure.js"
 * @import { ThemeColours, UnrollData } from "../../live/static/payload.js"
 */

/** @typedef {{power: number, decimals: number}} NumberStyle */

const SVG = "http://www.w3.org/2000/svg";

/** @param {any} node @param {Record<string, any>} attributes @param {any} children */
function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "style") Object.assign(node.style, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((/** @type {any} */ child) => child !== null && child !== undefined));
  return node;
}

/** @param {string} tag @param {...any} children @returns {any} */
export const html = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
/** @param {string} tag @param {...any} children @returns {any} */
export const svg = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

// "W^T ∂L/∂a_{f,2}" -> pieces [text, place], place being "", "_" or "^"
/** @param {string} text */
function pieces(text) {
  const found = [];
  const pattern = /([_^])(?:\{([^}]*)\}|(.))|([^_^]+)/gu;
  for (const [, place, braced, single, plain] of text.matchAll(pattern)) {
    found.push([plain ?? braced ?? single, place ?? ""]);
  }
  return found;
}

/** @param {string} text */
export function formula(text) {
  /** @type {Record<string, string>} */
  const tags = { _: "sub", "^": "sup" };
  const nodes = pieces(text).map(([part, place]) => (place ? html(tags[place], {}, part) : part));
  return html("span", { class: "formula" }, ...nodes);
}

/** @param {string} text */
export const plainFormula = (text) => pieces(text).map(([part]) => part).join("");

/** @param {string} text @param {Record<string, any>} attributes */
export function svgFormula(text, attributes) {
  let raised = 0;
  const nodes = pieces(text).map(([part, place]) => {
    const wanted = place === "_" ? 3 : place === "^" ? -4 : 0;
    const node = svg("tspan", { dy: wanted - raised, "font-size": place ? "0.72em" : null }, part);
    raised = wanted;
    return node;
  });
  return svg("text", attributes, ...nodes);
}

// Numbers of one array share their number of decimals, and very small or large ones a power of ten.
/** @param {number} largest @returns {NumberStyle} */
export function style(largest) {
  if (!(largest > 0) || !Number.isFinite(largest)) return { power: 0, decimals: 2 };
  const order = Math.floor(Math.log10(largest));
  if (order < -2 || order > 4) return { power: order, decimals: 3 };
  return { power: 0, decimals: order >= 0 ? Math.max(1, 3 - order) : 2 - order };
}

/** @param {number} value @param {NumberStyle} format */
export const rounded = (value, { power, decimals }) => Number((value / 10 ** power).toFixed(decimals));

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
/** @param {number} number */
export const superscript = (number) => [...String(number)].map((digit) => RAISED["0123456789".indexOf(digit)] ?? "⁻").join("");

/** @param {number} value @param {NumberStyle} format */
export function written(value, { power, decimals }) {
  const digits = Math.abs(value / 10 ** power).toFixed(decimals);
  const sign = value < 0 && Number(digits) !== 0 ? "−" : "";
  return sign + digits + (power ? `e${power < 0 ? "−" : ""}${Math.abs(power)}` : "");
}

/** @param {number} value */
export const inFull = (value) => String(value).replace("-", "−").replace("e-", "e−");

// Colours: a scale is a list of [position, "#rrggbb"].
/** @param {string} colour @returns {number[]} */
const channels = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));

/** @param {Scale} scale @param {number} position */
export function onScale(scale, position) {
  const place = Math.min(1, Math.max(0, Number.isFinite(position) ? position : 0.5));
  let upper = scale.findIndex(([at]) => at >= place);
  if (upper <= 0) upper = 1;
  const [[low, from], [high, to]] = [scale[upper - 1], scale[upper]];
  const share = (place - low) / (high - low);
  const [a, b] = [channels(from), channels(to)];
  return "#" + a.map((v, i) => Math.round(v + (b[i] - v) * share).toString(16).padStart(2, "0")).join("");
}

/** @param {string} colour */
function luminance(colour) {
  const [r, g, b] = channels(colour).map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** @param {string} colour @param {ThemeColours} theme */
export function textOn(colour, theme) {
  /** @param {string} one */
  const contrast = (one) => {
    const [low, high] = [luminance(one), luminance(colour)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  /** @param {string[]} candidates */
  const best = (candidates) => candidates.sort((a, b) => contrast(b) - contrast(a))[0];
  const ours = best([theme.ink, theme.background]);
  return contrast(ours) >= 4.6 ? ours : best(["#000000", "#ffffff"]); // on middle tones only these can be read
}

const PROBABILITIES = new Set(["p", "r", "z", "i", "f", "o", "exp", "sum", "df", "x", "y", "L"]);
/** @param {string} name */
export const familyOf = (name) => name.split(".")[0].replace("*", "").split("_")[0];

// The colour of a number of an array: around zero diverging, from zero on sequential.
/** @param {UnrollData} data @param {string} name @param {number} value */
export function colourOf(data, name, value) {
  const family = familyOf(name);
  const top = ["p", "r", "z", "i", "f", "o", "df", "x", "y"].includes(family) ? 1 : data.scales[family] || 1;
  if (PROBABILITIES.has(family)) return onScale(data.theme.sequential, value / top);
  return onScale(data.theme.diverging, 0.5 + value / top / 2);
}
