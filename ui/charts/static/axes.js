// The axes of a chart: from values to pixels and back, and the ticks between.

/** @import { AxisSpec, Context, Font, Numbers, Range, Tick } from "./figure.js" */

import { format, tickLabel } from "./numbers.js";
import { plain, rich, unescape, widthOf } from "./text.js";

const STEPS = [2, 5, 10]; // Plotly's round distances
const APART = 6; // pixels between two labels side by side
const LINE = 1.05; // height of a label by its size
export const GAP = 4; // pixels from the axis to its labels

export class Axis {
  // `start` and `end` are the pixels of the two ends of `range`, which are exponents on a log axis.
  /** @param {AxisSpec} spec @param {Range} range @param {number} start @param {number} end */
  constructor(spec, range, start, end) {
    this.spec = spec;
    this.range = range;
    this.log = spec.type === "log";
    this.start = start;
    this.end = end;
    this.scale = (end - start) / (range[1] - range[0]);
  }

  // The same with so many pixels to a unit, about the same middle.
  /** @param {number} scale */
  around(scale) {
    const [from, to] = this.range;
    const half = ((to - from) * Math.abs(this.scale)) / scale / 2;
    return new Axis(this.spec, [(from + to) / 2 - half, (from + to) / 2 + half], this.start, this.end);
  }

  // The pixel of a value; not a number where a log axis has none.
  /** @param {number} value */
  at(value) {
    return this.start + ((this.log ? Math.log10(value) : value) - this.range[0]) * this.scale;
  }

  // The same for a coordinate of an annotation: an exponent on a log axis.
  /** @param {number} coordinate */
  place(coordinate) {
    return this.start + (coordinate - this.range[0]) * this.scale;
  }

  // The coordinate at a pixel: an exponent on a log axis.
  /** @param {number} pixel */
  coordinate(pixel) {
    return this.range[0] + (pixel - this.start) / this.scale;
  }

  /** @param {number} pixel */
  value(pixel) {
    return this.log ? 10 ** this.coordinate(pixel) : this.coordinate(pixel);
  }

  get low() {
    return Math.min(this.start, this.end);
  }

  get high() {
    return Math.max(this.start, this.end);
  }

  // Whether a pixel is on the axis, or a hair beside it.
  /** @param {number} pixel */
  holds(pixel) {
    return pixel >= this.low - 0.5 && pixel <= this.high + 0.5;
  }

  // How a value reads in a tooltip.
  /** @param {number} value @param {string | undefined} spec */
  read(value, spec) {
    if (this.spec.categories) return unescape(String(this.spec.categories[value] ?? ""));
    const named = spec === undefined && this.spec.ticktext ? Array.from(this.spec.tickvals).indexOf(value) : -1;
    return named < 0 ? format(value, spec ?? this.spec.hoverformat) : unescape(String(this.spec.ticktext[named]));
  }

  // Positions and labels of the ticks, thinned out until no label touches another.
  /** @param {Context} ctx @param {Font} font @param {boolean} vertical */
  ticks(ctx, font, vertical) {
    /** @param {Tick} tick */
    const extent = (tick) => (vertical ? LINE * font.size : widthOf(ctx, tick.label, font) + APART);
    /** @param {Tick[]} ticks */
    const fits = (ticks) =>
      ticks.every((tick, i) => !i || Math.abs(tick.at - ticks[i - 1].at) >= (extent(tick) + extent(ticks[i - 1])) / 2);
    if (this.spec.tickvals || this.spec.categories) return thinned(this.named(), fits);
    return this.log ? thinned(this.powers(), fits) : this.round(fits);
  }

  named() {
    const { categories, tickvals = categories, ticktext, tickformat } = this.spec;
    return Array.from(tickvals, (value, i) => ({
      at: this.at(categories && typeof value === "string" ? categories.indexOf(value) : value),
      label: plain(unescape(String(ticktext ? ticktext[i] : format(value, tickformat).replace("-", "−")))),
    })).filter((tick) => this.holds(tick.at));
  }

  powers() {
    const [from, to] = [...this.range].sort((a, b) => a - b);
    const { dtick, exponentformat } = this.spec;
    const distance = typeof dtick === "number" ? dtick : Math.max(1, Math.ceil((to - from) / 6));
    const ticks = [];
    const first = Math.ceil(from / distance - 1e-9) * distance;
    for (let exponent = first; exponent <= to + 1e-9; exponent += distance) {
      ticks.push({ at: this.place(exponent), label: power(exponent, exponentformat === "power") });
    }
    return ticks;
  }

  /** @param {(ticks: Tick[]) => boolean} fits */
  round(fits) {
    const [from, to] = [...this.range].sort((a, b) => a - b);
    const { nticks, dtick, tickformat } = this.spec;
    const wanted = nticks || Math.min(9, Math.max(4, (this.high - this.low) / 70)) + 1;
    const least = tickformat === "d" ? 1 : 0;
    /** @param {number} distance */
    const every = (distance) => {
      const ticks = [];
      for (let i = Math.ceil(from / distance - 1e-6); i * distance <= to + 1e-6 * distance; i++) {
        const value = i * distance;
        const text = tickformat ? format(value, tickformat) : tickLabel(value, distance, Math.max(-from, to));
        ticks.push({ at: this.at(value), label: plain(text.replace("-", "−")) });
      }
      return ticks;
    };
    let distance = Math.max(least, typeof dtick === "number" ? dtick : roundUp((to - from) / wanted));
    // one number alone says nothing about a scale
    if (every(distance).length < 2) distance = Math.max(least, roundUp(distance / 2.5));
    for (;;) {
      const ticks = every(distance);
      if (ticks.length < 2 || fits(ticks)) return ticks;
      distance = roundUp(distance * 1.01);
    }
  }
}

/** @param {number} distance */
function roundUp(distance) {
  const power = 10 ** Math.floor(Math.log10(distance) + 1e-9);
  return power * (distance <= power * (1 + 1e-9) ? 1 : (STEPS.find((step) => distance <= step * power * (1 + 1e-9)) ?? 10));
}

// Every n-th tick, for the smallest n at which the labels have room.
/** @param {Tick[]} ticks @param {(ticks: Tick[]) => boolean} fits */
function thinned(ticks, fits) {
  for (let every = 1; every < ticks.length; every++) {
    const left = ticks.filter((_, i) => i % every === 0);
    if (fits(left)) return left;
  }
  return ticks.slice(0, 1);
}

/** @param {number} exponent @param {boolean} raised */
function power(exponent, raised) {
  if (exponent === 0 || exponent === 1) return plain(String(10 ** exponent));
  if (raised) return rich(`10<sup>${exponent < 0 ? "−" : ""}${Math.abs(exponent)}</sup>`);
  return plain(Math.abs(exponent) > 4 ? format(10 ** exponent, ".0e") : format(10 ** exponent));
}

// The range of an axis that the figure leaves to its reader: all that is drawn, and a margin, as a share of it.
/** @param {Numbers[]} lists @param {boolean} log */
export function rangeOf(lists, log, share = 0.05) {
  let [low, high] = [Infinity, -Infinity];
  for (const list of lists) {
    for (const number of list) {
      const coordinate = log ? Math.log10(number) : number;
      if (!Number.isFinite(coordinate)) continue;
      low = Math.min(low, coordinate);
      high = Math.max(high, coordinate);
    }
  }
  if (low > high) return [0, 1];
  const margin = share * (high - low) || (low === high ? 0.5 : 0);
  return [low - margin, high + margin];
}
