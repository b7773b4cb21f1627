// The small box that says what the pointer is at.

/**
 * @import { Font, HitOnAxis, Layout } from "./figure.js"
 * @import { Axis } from "./axes.js"
 */

import { format } from "./numbers.js";
import { unescape, withoutTags } from "./text.js";

const FIELD = /%\{(\w+)(?:\[(\d+)\])?(?::([^}]*))?\}/g;
const PLACE = "\u0000"; // around the number of a value: no text has it
const PLACES = new RegExp(`${PLACE}(\\d+)${PLACE}`, "g");
const AWAY = 12; // pixels from the point

export class Tooltip {
  constructor() {
    this.element = document.createElement("div");
    this.element.className = "chart-tooltip";
    this.element.setAttribute("role", "tooltip");
    Object.assign(this.element.style, {
      position: "absolute",
      pointerEvents: "none",
      display: "none",
      padding: "2px 7px",
      borderRadius: "3px",
      whiteSpace: "pre",
      lineHeight: "1.4",
      zIndex: "1",
    });
  }

  // The colours and the font of a figure's labels.
  /** @param {Layout | undefined} label @param {Font} page */
  dress(label, page) {
    const { bgcolor = "#fff", bordercolor = "#888", font = {} } = label ?? {};
    const { color, family, size = 13 } = { ...page, size: undefined, ...font };
    const style = { background: bgcolor, border: `1px solid ${bordercolor}`, color, fontFamily: family };
    Object.assign(this.element.style, style, { fontSize: `${size}px` });
  }

  // `found` is what a picture's `hit` found; null hides the box.
  /** @param {HitOnAxis | null} found @param {import("./picture.js").Picture} picture */
  show(found, picture) {
    const { element } = this;
    element.style.display = found ? "block" : "none";
    if (!found) return;
    const text = sentence(found, picture.x);
    if (element.textContent !== text) element.textContent = text;
    const [across, down] = found.at;
    const { offsetWidth: width, offsetHeight: height } = element;
    const right = across + AWAY + width <= picture.width;
    const left = right ? across + AWAY : Math.max(0, Math.min(picture.width - width, across - AWAY - width));
    const top = Math.max(0, Math.min(picture.height - height, down - height / 2));
    Object.assign(element.style, { left: `${left}px`, top: `${top}px` });
  }
}

// The hovertemplate of a trace with the values of one point.
/** @param {HitOnAxis} hit @param {Axis} x */
export function sentence({ trace, axis, i, ...point }, x) {
  const usual = trace.type === "heatmap" ? "x: %{x}<br>y: %{y}<br>z: %{z}" : "(%{x}, %{y})";
  const template = (trace.hovertemplate ?? usual).replace(/<extra>.*?<\/extra>|<extra>.*$/gs, "");
  /** @type {string[]} */
  const values = [];
  const marked = template.replace(FIELD, (/** @type {string} */ _, /** @type {string} */ name, /** @type {string} */ index, /** @type {string} */ spec) => {
    values.push(value(name, index, spec));
    return `${PLACE}${values.length - 1}${PLACE}`; // put in after the tags are gone: a value is never markup
  });
  return withoutTags(marked).replace(PLACES, (_, place) => values[place]).trim();

  /** @param {string} name @param {string | undefined} index @param {string | undefined} spec */
  function value(name, index, spec) {
    if (name === "x") return x.read(point.x, spec);
    if (name === "y") return axis.read(point.y, spec);
    if (name === "z") return format(point.z, spec);
    if (name === "name") return unescape(trace.name ?? "");
    let own = trace[name]?.[i];
    if (index !== undefined) own = own?.[index];
    return typeof own === "number" ? format(own, spec) : unescape(String(own ?? ""));
  }
}
