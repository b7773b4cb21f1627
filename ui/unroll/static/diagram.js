// The network unrolled: a column for each step, the same weights on every one. Every line is as thick as its number.

/**
 * @import { OperationEntry, ThemeColours } from "../../live/static/payload.js"
 * @import { View } from "./view.js"
 */

import { at, keptColumns, numbers } from "./arrays.js";
import { colourOf, familyOf, html, inFull, onScale, plainFormula, style, svg, svgFormula, textOn, written } from "./draw.js";

const LINE = { thickest: 5, thinnest: 0.35, least: 0.01 }; // pixels; a smaller share of the largest is not drawn
const TOP = { loss: 13, next: 29, bars: 38, tall: 44, v: 88, state: 124 };

/**
 * @param {number} x1
 * @param {number} y1
 * @param {number} x2
 * @param {number} y2
 * @param {number} value
 * @param {number} largest
 * @param {ThemeColours} theme
 * @param {string} title
 */
function line(x1, y1, x2, y2, value, largest, theme, title) {
  const share = largest > 0 ? Math.abs(value) / largest : 0;
  return svg(
    "line",
    {
      x1, y1, x2, y2,
      stroke: onScale(theme.diverging, value < 0 ? 0.16 : 0.84),
      "stroke-width": LINE.thinnest + share * LINE.thickest,
      "stroke-opacity": 0.25 + 0.7 * share,
    },
    svg("title", {}, title),
  );
}

/** @param {number} x @param {number} y @param {number} angle @param {ThemeColours} theme */
function arrowHead(x, y, angle, theme) {
  return svg("path", { d: "M-4,-4L4,0L-4,4Z", fill: theme.faded, transform: `translate(${x},${y}) rotate(${angle})` });
}

export class Diagram {
  known = ""; // version of what is drawn
  /** @type {SVGGElement[] & Record<number, SVGGElement>} */
  columns = [];
  /** @type {Map<string, { root: SVGSVGElement, columns: Diagram["columns"] }>} */
  drawings = new Map();
  /** @type {SVGSVGElement | null} */
  root = null;
  backward = false;
  mark = ""; // of the gate in the names of arrays
  /** @type {number | null} */
  flowing = null; // the largest flow through W
  first = 0; // pixels: the first column, a column's width, a cell, all cells, a box, what is below them
  width = 0;
  cell = 0;
  stack = 0;
  box = 0;
  below = 0;

  /** @param {View} view */
  constructor(view) {
    this.view = view;
    this.node = html("div", { class: "diagram", tabindex: 0, role: "group" });
  }

  // Draw all columns for one direction and one gate.
  /** @param {boolean} backward @param {string} gate */
  draw(backward, gate) {
    const { data } = this.view;
    const key = `${backward} ${gate} ${data.version} ${this.node.clientWidth}`;
    if (this.known !== data.version) this.node.replaceChildren();
    if (this.known !== data.version) this.drawings = new Map();
    this.known = data.version;
    if (this.root) this.root.style.display = "none"; // drawn once, then shown and hidden
    for (const [other, { root }] of this.drawings) {
      if (!other.endsWith(` ${this.node.clientWidth}`)) root.remove();
    }
    const drawn = this.drawings.get(key);
    if (drawn) {
      [this.root, this.columns] = [drawn.root, drawn.columns];
      this.backward = backward;
      drawn.root.style.display = "block";
      if (!drawn.root.isConnected) this.node.append(drawn.root);
      return;
    }
    this.flowing = null;
    const room = this.node.clientWidth || 900;
    this.first = 64;
    this.width = Math.min(210, Math.max(94, (room - this.first - 12) / data.steps));
    this.cell = data.hidden <= 8 ? 20 : Math.max(1.4, 170 / data.hidden);
    this.stack = this.cell * data.hidden;
    this.box = Math.min(50, this.width * 0.38);
    this.below = TOP.state + this.stack;
    const [width, height] = [this.first + this.width * data.steps + 12, this.below + 92];
    this.backward = backward;
    this.mark = gate ? `_${gate}` : "";
    const root = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img" });
    root.setAttribute("aria-label", data.words.diagram.replace("{steps}", String(data.steps)));
    this.columns = [];
    root.append(this.initial());
    for (let t = 0; t < data.steps; t += 1) {
      const column = svg("g", { class: "column", "data-step": t });
      column.append(this.ground(t), this.recurrent(t), this.input(t), this.state(t), this.output(t));
      this.columns.push(column);
      root.append(column);
    }
    this.node.setAttribute("aria-label", data.words.diagram.replace("{steps}", String(data.steps)));
    this.root = root;
    this.drawings.set(key, { root, columns: this.columns });
    this.node.append(root);
  }

  /** @param {number} t */
  x(t) {
    return t < 0 ? 34 : this.first + this.width * (t + 0.5);
  }

  // The part of the diagram that belongs to a weight or a quantity; a press goes to its operation.
  /** @param {string} letter @param {number} t @param {...any} children */
  part(letter, t, ...children) {
    const weight = "UWV".includes(letter) ? ` weight weight-${letter}` : "";
    const group = svg("g", { class: `part part-${letter}${weight}`, "data-part": letter }, ...children);
    group.addEventListener("click", () => this.view.goTo(this.backward ? "backward" : "forward", t, letter));
    if (weight) {
      group.addEventListener("pointerenter", () => this.view.light(letter));
      group.addEventListener("pointerleave", () => this.view.light(""));
    }
    return group;
  }

  /** @param {string} letter @param {number} x @param {number} y */
  name(letter, x, y) {
    return svgFormula(this.view.data.letters[letter], { x, y, class: "letter", "text-anchor": "middle" });
  }

  /** @param {number} t */
  ground(t) {
    return svg("rect", {
      class: "ground", x: this.x(t) - this.width / 2 + 1, y: 1, width: this.width - 2, height: this.below + 90, rx: 6,
    });
  }

  initial() {
    const group = svg("g", { class: "column", "data-step": -1 });
    group.append(this.cells(-1, this.backward ? "ds.-1" : "s.-1"));
    const name = this.view.data.arrays["s.-1"].n;
    group.append(svgFormula(name, { x: this.x(-1), y: TOP.state - 8, class: "small", "text-anchor": "middle" }));
    this.columns[-1] = group;
    return group;
  }

  /** @param {number} t @param {string} name */
  cells(t, name) {
    const { data } = this.view;
    const group = this.part("s", t);
    const values = numbers(data, name);
    const entry = data.arrays[name];
    const format = style(Math.max(...(values ?? [0]).map(Math.abs)));
    for (let unit = 0; unit < data.hidden; unit += 1) {
      const value = values ? values[unit] : 0;
      const [x, y] = [this.x(t) - this.box / 2, TOP.state + unit * this.cell];
      const colour = colourOf(data, name, value);
      const title = svg("title", {}, `${plainFormula(entry?.n ?? "")} [${unit}] = ${inFull(value)}`);
      const chosen = data.large && unit === data.unit;
      const edge = { stroke: chosen ? data.theme.marked : data.theme.grid, "stroke-width": chosen ? 2 : 0.5 };
      group.append(svg("rect", { x, y, width: this.box, height: this.cell, fill: colour, ...edge }, title));
      if (this.cell >= 14) {
        const text = Math.abs(value) < 10 && format.power === 0 ? written(value, { power: 0, decimals: Math.min(format.decimals, 3) }) : Number(value.toPrecision(2)).toExponential(0).replace("-", "−");
        group.append(
          svg("text", {
            x: x + this.box / 2, y: y + this.cell / 2 + 4, class: "value", "text-anchor": "middle",
            style: { fill: textOn(colour, data.theme) }, textLength: text.length * 6 > this.box ? this.box - 2 : null,
            lengthAdjust: "spacingAndGlyphs",
          }, text),
        );
      }
      if (data.large) {
        group.lastChild.addEventListener("click", (/** @type {MouseEvent} */ event) => {
          event.stopPropagation();
          this.view.choose("unit", unit);
        });
      }
    }
    return group;
  }

  /** @param {number} t */
  state(t) {
    return this.cells(t, `${this.backward ? "ds" : "s"}.${t}`);
  }

  // W: one line for each pair of units.
  /** @param {number} t */
  recurrent(t) {
    const { data } = this.view;
    const group = this.part("W", this.backward ? t - 1 : t);
    const weight = `W${this.mark}`;
    const [from, to] = [this.x(t - 1) + this.box / 2 + 2, this.x(t) - this.box / 2 - 2];
    const flow = this.flow(t);
    const entry = this.backward ? data.arrays[`wd${this.mark}.${t - 1}`] : null;
    const lines = [];
    for (let i = 0; i < data.hidden; i += 1) {
      for (let j = 0; j < data.hidden; j += 1) {
        if (data.large && (this.backward ? j : i) !== data.unit) continue;
        const value = at(data, weight, i, j) * (flow ? flow[this.backward ? i : j] : 0);
        lines.push([i, j, value]);
      }
    }
    const largest = this.largestFlow();
    /** @param {number} unit */
    const y = (unit) => TOP.state + (unit + 0.5) * this.cell;
    const width = `${plainFormula(data.arrays[weight].n)}`;
    group.append(svg("rect", { class: "hit", x: from, y: TOP.state, width: Math.max(0, to - from), height: this.stack }));
    for (const [i, j, value] of lines) {
      if (Math.abs(value) < LINE.least * largest) continue;
      group.append(line(from, y(j), to, y(i), value, largest, data.theme, `${width}[${i},${j}] × … = ${inFull(value)}`));
    }
    const middle = (from + to) / 2;
    group.append(this.name("W", middle, TOP.state - 8));
    const head = this.backward ? [from + 1, 180] : [to - 1, 0];
    group.append(arrowHead(head[0], TOP.state + this.stack / 2, head[1], data.theme));
    const leftOut = this.backward && (entry?.cut || (entry?.losses?.length && entry.out?.length === entry.losses.length));
    if (leftOut) {
      group.classList.add("left-out");
      group.append(svg("line", { class: "cut", x1: middle, x2: middle, y1: TOP.state - 2, y2: this.below + 2 }));
    }
    return group;
  }

  // Factor of W: the state before, or the gradient of the step's sum as far as truncation keeps it.
  /** @param {number} t @returns {number[] | null} */
  flow(t) {
    const { data } = this.view;
    const hidden = data.cell === "gru_reset_before" && this.mark === "_n";
    if (!this.backward) return numbers(data, hidden ? `k.${t}` : `s.${t - 1}`);
    const name = data.cell === "gru" && this.mark === "_n" ? "dm" : `da${this.mark}`;
    const back = data.arrays[`wd${this.mark}.${t - 1}`];
    return back?.losses ? keptColumns(data, `${name}*.${t}`, back.out ?? []) : numbers(data, `${name}.${t}`);
  }

  largestFlow() {
    if (this.flowing !== null) return this.flowing;
    const { data } = this.view;
    let largest = 0;
    for (let t = 0; t < data.steps; t += 1) {
      const flow = this.flow(t);
      for (let i = 0; i < data.hidden && flow; i += 1) {
        for (let j = 0; j < data.hidden; j += 1) {
          const weight = at(data, `W${this.mark}`, i, j);
          if (weight !== undefined) largest = Math.max(largest, Math.abs(weight * flow[this.backward ? i : j]));
        }
      }
    }
    this.flowing = largest;
    return largest;
  }

  // A ribbon of parallel lines, one for each number.
  /** @param {string} letter @param {number} t @param {string} name @param {number} top @param {number} bottom */
  ribbon(letter, t, name, top, bottom) {
    const { data } = this.view;
    const values = numbers(data, name) ?? [];
    const entry = data.arrays[name];
    const group = this.part(letter, t);
    const wide = this.box;
    group.append(svg("rect", { class: "hit", x: this.x(t) - wide, y: top, width: wide * 2, height: bottom - top }));
    const largest = data.scales[familyOf(name)] ?? 0;
    values.forEach((value, i) => {
      const x = this.x(t) - wide / 2 + ((i + 0.5) * wide) / values.length;
      const title = `${plainFormula(entry.n)} [${i}] = ${inFull(value)}`;
      group.append(line(x, top + 6, x, bottom - 6, value, largest * Math.max(1, values.length / 8), data.theme, title));
    });
    if (values.length) group.append(arrowHead(this.x(t), this.backward ? bottom - 4 : top + 4, this.backward ? 90 : -90, data.theme));
    group.append(this.name(letter, this.x(t) + wide / 2 + 14, (top + bottom) / 2 + 4));
    return group;
  }

  /** @param {number} t */
  input(t) {
    const { data } = this.view;
    const name = this.backward ? `da${this.mark}.${t}` : `ux${this.mark}.${t}`;
    const group = svg("g", {}, this.ribbon("U", t, name, this.below, this.below + 40));
    const inputs = data.arrays[`x.${t}`].s[0];
    const wide = Math.min(this.width * 0.8, inputs * 9);
    const strip = this.part("x", t);
    for (let symbol = 0; symbol < inputs && inputs <= 64; symbol += 1) {
      strip.append(
        svg("rect", {
          x: this.x(t) - wide / 2 + (symbol * wide) / inputs, y: this.below + 44, width: wide / inputs, height: 9,
          fill: colourOf(data, `x.${t}`, symbol === data.ids[t] ? 1 : 0), stroke: data.theme.grid, "stroke-width": 0.5,
        }, svg("title", {}, `x[${data.symbols[symbol]}] = ${symbol === data.ids[t] ? 1 : 0}`)),
      );
    }
    strip.append(this.symbol(data.symbols[data.ids[t]], this.x(t), this.below + 70, "symbol"));
    strip.append(svgFormula(data.arrays[`x.${t}`].n, { x: this.x(t), y: this.below + 85, class: "small", "text-anchor": "middle" }));
    group.append(strip);
    return group;
  }

  /** @param {string} text @param {number} x @param {number} y @param {string} name */
  symbol(text, x, y, name) {
    const size = Math.max(8, Math.min(13, (this.width - 8) / Math.max(1, text.length) / 0.62));
    return svg("text", { x, y, class: name, "text-anchor": "middle", "font-size": size }, text);
  }

  /** @param {number} t */
  output(t) {
    const { data } = this.view;
    const target = data.targets[t];
    const name = this.backward ? `dv.${t}` : `p.${t}`;
    const values = numbers(data, name);
    const ribbon = this.backward ? `out.${t}` : `v.${t}`;
    const group = svg("g", {}, this.ribbon("V", t, ribbon, TOP.v, TOP.state - 2));
    const bars = this.part("o", t);
    const count = data.outputs;
    const wide = Math.min(this.width * 0.82, count * 15);
    const [low, high] = [TOP.bars + TOP.tall, TOP.bars];
    const zero = this.backward ? (low + high) / 2 : low;
    bars.append(svg("rect", { class: "hit", x: this.x(t) - wide / 2, y: high, width: wide, height: TOP.tall }));
    bars.append(svg("line", { x1: this.x(t) - wide / 2, x2: this.x(t) + wide / 2, y1: zero, y2: zero, stroke: data.theme.grid }));
    (values ?? []).forEach((value, symbol) => {
      const tall = (Math.abs(value) / (data.scales[familyOf(name)] || 1)) * (this.backward ? TOP.tall / 2 : TOP.tall);
      const title = svg("title", {}, `${plainFormula(data.arrays[name].n)} [${data.symbols[symbol]}] = ${inFull(value)}`);
      const x = this.x(t) - wide / 2 + (symbol * wide) / count;
      bars.append(
        svg("rect", {
          x: x + (count > 40 ? 0 : 1), y: value < 0 ? zero : zero - tall, width: Math.max(0.5, wide / count - (count > 40 ? 0 : 2)), height: Math.max(0.75, tall),
          fill: this.backward ? onScale(data.theme.diverging, value < 0 ? 0.12 : 0.88) : symbol === target ? data.theme.heldOut : data.theme.right,
        }, title),
      );
    });
    group.append(bars);
    if (target >= 0) {
      const loss = this.part("L", t);
      loss.append(svg("rect", { class: "hit", x: this.x(t) - this.width / 2 + 2, y: 1, width: this.width - 4, height: 32 }));
      const value = (numbers(data, `L.${t}`) ?? [0])[0];
      loss.append(svgFormula(`L_${t} = ${written(value, style(value))}`, { x: this.x(t), y: TOP.loss, class: "small", "text-anchor": "middle" }));
      loss.append(this.symbol(`→ ${data.symbols[target]}`, this.x(t), TOP.next, "target"));
      group.append(loss);
    }
    return group;
  }

  // Reached and selected elements.
  /** @param {OperationEntry} operation */
  markPlace(operation) {
    const [, phase, step, part] = operation;
    const backward = phase === "backward";
    const { steps } = this.view.data;
    for (let t = -1; t < steps; t += 1) {
      const column = this.columns[t];
      const now = t === step || (step === -1 && t === -1);
      const ahead = step >= -1 && step < steps && (backward ? t < step : t > step);
      column.classList.toggle("now", now);
      column.classList.toggle("ahead", ahead);
      for (const group of column.querySelectorAll(".part")) {
        // Going backwards, W from step t+1 to step t is drawn in column t+1.
        group.classList.toggle("here", group.dataset.part === part && now && !(backward && part === "W" && operation[0].startsWith("d_")));
      }
      const arriving = backward && part === "W" && operation[0].startsWith("d_") && t === step + 1;
      if (arriving) column.querySelector(".part-W")?.classList.add("here");
    }
    this.node.scrollLeft = this.x(Math.max(-1, Math.min(steps - 1, step))) - this.node.clientWidth / 2;
  }
}
