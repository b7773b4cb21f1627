// One operation: its operands as heat-coloured tables, its result, and what the chosen number of it is made of.

/**
 * @import { OperationEntry, UnrollData, UnrolledArray } from "../../live/static/payload.js"
 * @import { NamedOperation } from "./arrays.js"
 * @import { View } from "./view.js"
 * @import { NumberStyle } from "./draw.js"
 */

import { at, named } from "./arrays.js";
import { colourOf, formula, html, inFull, plainFormula, rounded, style, superscript, textOn, written } from "./draw.js";
import { FUNCTIONS } from "./functions.js";
import { SUMMED, summands } from "./sums.js";

/** @type {Record<string, string>} */
const SIGNS = { product: "×", transposed: "×", outer: "×", pick: "×", add: "+", each: "", beside: "", columns: "", total: "+", squares: "+", inner: "", surprise: "" };
/** @type {Record<string, string>} */
const COLLECT = { columns: "Σ", total: "Σ", squares: "Σ", inner: "Σ", surprise: "−ln" };

/** @param {UnrolledArray} entry @param {number} a @param {number} b @param {number} i @param {number} j */
const within = (entry, a, b, i, j) => (entry.s[0] === 1 || a === i) && (entry.s[1] === 1 || b === j);

// Whether entry (a, b) of the k-th operand goes into entry (i, j) of the result.
/**
 * @param {UnrollData} data
 * @param {NamedOperation} op
 * @param {number} k
 * @param {number} a
 * @param {number} b
 * @param {number} i
 * @param {number} j
 */
function touches(data, op, k, a, b, i, j) {
  const entry = data.arrays[op.operands[k]];
  if (op.kind === "pick") return k === 0 ? a === i && b === data.ids[op.step] : a === data.ids[op.step];
  if (op.kind === "product") return k === 0 ? a === i : b === j;
  if (op.kind === "transposed") return k === 0 ? b === i : b === j;
  if (op.kind === "outer") return k === 0 ? a === i : a === j;
  if (op.kind === "columns") return a === i && !op.left.includes(b);
  if (op.kind === "beside") return a === i && b === j - offset(data, op, k);
  if (op.kind === "surprise") return a === data.targets[op.step];
  if (op.kind === "add" && op.left.includes(k)) return false;
  return SUMMED.includes(op.kind) ? entry.s[1] === 1 || b === j : within(entry, a, b, i, j);
}

// Elements that scroll can be scrolled by keys.
/** @param {HTMLElement} node */
export function reachable(node) {
  for (const box of node.querySelectorAll(".grid, .lines")) {
    if (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight) box.setAttribute("tabindex", "0");
  }
}

/** @param {UnrollData} data @param {NamedOperation} op @param {number} k */
const offset = (data, op, k) => op.operands.slice(0, k).reduce((sum, name) => sum + data.arrays[name].s[1], 0);

export class Operation {
  /** @type {NamedOperation} */
  op;
  /** @type {[row: number, column: number]} */
  cell = [0, 0]; // the number of the result that is explained
  /** @type {{k: number, result: boolean, table: HTMLTableElement}[]} */
  grids = [];
  /** @type {any} */
  made; // the element of the explanation

  /** @param {View} view */
  constructor(view) {
    this.view = view;
    this.node = html("div", { class: "operation" });
  }

  /** @param {OperationEntry} operation */
  show(operation) {
    const { data } = this.view;
    const op = (this.op = named(operation));
    const result = data.arrays[op.result];
    this.cell = this.first(op, result);
    this.grids = [];
    const equation = html("div", { class: "equation" });
    op.operands.forEach((name, k) => {
      const sign = k ? SIGNS[op.kind] : COLLECT[op.kind];
      if (sign) equation.append(html("span", { class: "sign", "aria-hidden": "true" }, sign));
      equation.append(this.operand(op, name, k));
    });
    equation.append(html("span", { class: "sign", "aria-hidden": "true" }, "="));
    equation.append(this.grid(op.result, { result: true, cut: op.cut }));
    this.made = html("div", { class: "made", "aria-live": "polite" });
    this.node.replaceChildren(equation, ...this.stack(op), this.made);
    this.explain();
  }

  /** @param {NamedOperation} op @param {UnrolledArray} result @returns {[row: number, column: number]} */
  first(op, result) {
    const { data } = this.view;
    const [rows, columns] = result.s;
    const row = data.large ? (result.r === "symbol" ? data.output : result.r === "unit" ? data.unit : 0) : 0;
    let column = 0;
    if (op.kind === "outer" || op.what === "gradient" || op.what === "descend") {
      if (result.c === "symbol") column = op.step >= 0 ? data.ids[op.step] : data.ids[0];
      if (data.large && result.c === "unit") column = data.unit;
    }
    const kept = this.view.pointed;
    if (kept && kept[0] < rows && kept[1] < columns && !data.large && result.c !== "symbol" && result.r === kept[2]) return [kept[0], Math.min(kept[1], columns - 1)];
    return [Math.min(row, rows - 1), Math.min(column, columns - 1)];
  }

  /** @param {NamedOperation} op @param {string} name @param {number} k */
  operand(op, name, k) {
    const leftOut = op.kind === "add" && op.left.includes(k);
    const small = op.what === "gradient" && this.view.data.arrays[name].s[1] > 1 && !this.view.data.large;
    return this.grid(name, { k, mini: small, transposed: op.kind === "transposed" && k === 0, asRow: op.kind === "outer" && k === 1, lying: this.lies(op, k), cut: leftOut });
  }

  // The long column that a row of a large network meets lies below it.
  /** @param {NamedOperation} op @param {number} k */
  lies(op, k) {
    return this.view.data.large && k === 1 && ["product", "transposed"].includes(op.kind);
  }

  // Rows and columns that are shown: all of a small network, of a large one what the chosen number needs.
  /** @param {string} name @param {number} k */
  shown(name, k) {
    const { data } = this.view;
    const entry = data.arrays[name];
    /** @param {number} n */
    const all = (n) => Array.from({ length: n }, (_, i) => i);
    const [rows, columns] = [all(entry.s[0]), all(entry.s[1])];
    if (!data.large) return [rows, columns];
    /** @param {string} axis */
    const one = (axis) => (axis === "symbol" ? data.output : data.unit);
    const { kind } = this.op;
    if (entry.row) return kind === "transposed" ? [rows, [entry.col?.[0] ?? 0]] : [[entry.row[0]], columns];
    const needed = SUMMED.includes(kind) || (k === 1 && ["product", "transposed", "outer"].includes(kind));
    if (needed || entry.s[0] === 1) return [rows, columns];
    if (entry.r === "symbol" && ["pick", "surprise"].includes(kind)) return [[kind === "pick" ? data.ids[this.op.step] : data.targets[this.op.step]], columns];
    return [[one(entry.r)], columns];
  }

  /** @param {string} name @param {any} [given] */
  grid(name, { k = -1, result = false, transposed = false, asRow = false, lying = false, cut = false, mini = false } = {}) {
    const { data, words } = this.view;
    const entry = data.arrays[name];
    let [rows, columns] = this.shown(name, k);
    const flip = transposed || asRow || lying;
    const [rowAxis, columnAxis] = flip ? [entry.c, entry.r] : [entry.r, entry.c];
    if (flip) [rows, columns] = [columns, rows];
    const [height, width] = [rows.length, columns.length];
    const format = style(this.largest(name));
    const table = html("table", { class: "numbers" });
    const caption = html("caption", {}, formula(entry.n), transposed ? html("sup", {}, "T") : asRow ? html("sup", {}, "T") : "");
    if (format.power && !mini) caption.append(html("span", { class: "note" }, ` × 10${superscript(format.power)}`));
    table.append(caption);
    /** @param {string} axis @param {number} index @param {number[] | undefined} losses */
    const label = (axis, index, losses) =>
      axis === "symbol" ? data.symbols[index] : axis === "loss" ? `L${(losses ?? [])[index] ?? ""}` : axis === "unit" ? `${index}` : "";
    if (columnAxis && !mini) {
      const cells = columns.map((c) => html("th", { scope: "col", title: columnAxis === "unit" ? `${words.unit} ${c}` : null }, label(columnAxis, c, entry.losses)));
      table.append(html("thead", {}, html("tr", {}, rowAxis ? html("td", { class: "corner" }) : null, ...cells)));
    }
    const body = html("tbody");
    const editable = !result && !mini && /^(U|W|V|P|Gx|Gh|Gc|bu|bw|bc|bo)(_.)?$/.test(name);
    for (const r of rows) {
      const line = html("tr");
      if (rowAxis && !mini) line.append(html("th", { scope: "row", title: rowAxis === "unit" ? `${words.unit} ${r}` : null }, label(rowAxis, r, entry.losses)));
      for (const c of columns) {
        const [i, j] = flip ? [c, r] : [r, c];
        line.append(this.number(name, i, j, { format, result, editable, mini, out: cut || (entry.out ?? []).includes(j) }));
      }
      body.append(line);
    }
    table.append(body);
    if (height * width > 160) table.classList.add("dense");
    if (cut || entry.cut) caption.append(html("span", { class: "note" }, ` ${words.leftOut}`));
    const holder = html("div", { class: `grid${mini ? " mini" : ""}${result ? " result" : ""}${cut || entry.cut ? " cut" : ""}`, "data-array": name });
    const letter = name.match(/^(?:d|new)?(U|W|V)(?:_|\.|$)/)?.[1];
    if (letter && k === 0) {
      holder.addEventListener("pointerenter", () => this.view.light(letter));
      holder.addEventListener("pointerleave", () => this.view.light(""));
    }
    holder.append(table);
    if (!mini || k >= 0) this.grids.push({ k, result, table });
    return holder;
  }

  /** @param {string} name */
  largest(name) {
    const entry = this.view.data.arrays[name];
    return Math.max(0, ...(entry.v ?? [...(entry.row?.[1] ?? []), ...(entry.col?.[1] ?? [])]).map(Math.abs));
  }

  /** @param {string} name @param {number} i @param {number} j @param {any} given */
  number(name, i, j, { format, result, editable, mini, out }) {
    const { data, words } = this.view;
    const value = at(data, name, i, j);
    const colour = colourOf(data, name, value);
    const cell = html("td", { "data-i": i, "data-j": j, title: inFull(value), style: { background: colour, color: textOn(colour, data.theme) } });
    if (out) cell.classList.add("left-out");
    if (mini) return cell;
    const text = written(value / 10 ** format.power, { power: 0, decimals: format.decimals }); // the caption has the power
    if (editable) {
      const hint = words.edit.replace("{name}", `${plainFormula(data.arrays[name].n)}[${i},${j}]`).replace("{value}", text);
      cell.append(html("button", { type: "button", "aria-label": hint, title: `${inFull(value)}\n${hint}`, onclick: () => this.edit(cell, name, i, j, value) }, text));
    } else if (result) {
      cell.append(html("button", { type: "button", tabindex: -1, onclick: () => this.choose(i, j) }, text));
      cell.addEventListener("pointerenter", () => this.choose(i, j));
    } else {
      cell.append(text);
    }
    return cell;
  }

  /** @param {HTMLElement} cell @param {string} name @param {number} i @param {number} j @param {number} value */
  edit(cell, name, i, j, value) {
    const { words } = this.view;
    const button = cell.querySelector("button");
    const field = html("input", { type: "text", inputmode: "decimal", value: String(value), "aria-label": words.editing });
    let done = false;
    /** @param {boolean} commit */
    const close = (commit) => {
      if (done) return;
      const wanted = Number(field.value.trim().replace("−", "-").replace(",", "."));
      if (commit && (field.value.trim() === "" || !Number.isFinite(wanted) || Math.abs(wanted) > 50)) {
        this.view.say(words.refused);
        field.setAttribute("aria-invalid", "true");
        return;
      }
      done = true;
      field.replaceWith(button);
      button.focus({ preventScroll: true });
      if (commit && wanted !== value) this.view.edited(name, i, j, wanted);
    };
    field.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      event.stopPropagation();
      if (event.key === "Enter") close(true);
      if (event.key === "Escape") close(false);
    });
    field.addEventListener("blur", () => close(false));
    button.replaceWith(field);
    field.focus({ preventScroll: true });
    field.select();
  }

  /** @param {number} i @param {number} j */
  choose(i, j) {
    this.cell = [i, j];
    this.view.pointed = [i, j, this.view.data.arrays[this.op.result].r];
    this.explain();
  }

  // Light up what the chosen number is made of, and write it out.
  explain() {
    const { data, words } = this.view;
    const { op } = this;
    const [i, j] = this.cell;
    for (const { k, result, table } of this.grids) {
      for (const cell of table.querySelectorAll("td[data-i]")) {
        const [a, b] = [Number(cell.dataset.i), Number(cell.dataset.j)];
        cell.classList.toggle("lit", result ? a === i && b === j : touches(data, op, k, a, b, i, j));
      }
    }
    const value = at(data, op.result, i, j);
    const format = style(Math.max(this.largest(op.result), Math.abs(value)));
    /** @type {{ label: any, text: string, term?: number, left?: boolean }[]} */
    const lines = this.lines(op, i, j, format);
    const list = html("div", { class: "lines" });
    for (const { label, text, term, left } of lines) {
      list.append(html("div", { class: `line${left ? " left-out" : ""}` }, html("span", { class: "what" }, label ?? ""), html("span", { class: "how" }, text), term === undefined ? "" : html("span", { class: "term", title: inFull(term) }, written(term, format)), left ? html("span", { class: "note" }, words.leftOut) : ""));
    }
    const summed = lines.filter((one) => one.term !== undefined && !one.left);
    if (summed.length) {
      const shown = summed.reduce((sum, one) => sum + rounded(one.term ?? 0, format), 0);
      const gap = (rounded(value, format) - shown) * 10 ** format.power;
      if (Math.abs(gap) > 0.4 * 10 ** (format.power - format.decimals)) {
        list.append(html("div", { class: "line rounding" }, html("span", { class: "what" }, ""), html("span", { class: "how" }, words.rounding), html("span", { class: "term" }, written(gap, format))));
      }
      list.append(html("div", { class: "line sum" }, html("span", { class: "what" }, ""), html("span", { class: "how" }, "="), html("span", { class: "term", title: inFull(value) }, written(value, format))));
    }
    const name = () => html("span", {}, formula(data.arrays[op.result].n), this.place(op.result, i, j));
    this.made.replaceChildren(
      html("h3", {}, ...words.pointed.split("{name}").flatMap((part, m) => (m ? [name(), part] : [part]))),
      list,
      html("p", { class: "full" }, `${words.exact}: `, name(), ` = ${inFull(value)}`),
    );
    reachable(this.node);
    this.made.dataset.value = String(value);
    this.made.dataset.result = op.result;
  }

  /** @param {string} name @param {number} i @param {number} j */
  place(name, i, j) {
    const entry = this.view.data.arrays[name];
    const where = [];
    if (entry.s[0] > 1) where.push(entry.r === "symbol" ? this.view.data.symbols[i] : i);
    if (entry.s[1] > 1) where.push(entry.c === "symbol" ? this.view.data.symbols[j] : entry.c === "loss" ? `L${(entry.losses ?? [])[j]}` : j);
    return where.length ? `[${where.join(", ")}]` : "";
  }

  /** @param {NamedOperation} op @param {number} i @param {number} j @param {NumberStyle} format */
  lines(op, i, j, format) {
    const { data } = this.view;
    const formats = op.operands.map((name) => style(this.largest(name)));
    /** @param {number} k @param {number} a @param {number} b */
    const value = (k, a, b) => at(data, op.operands[k], a, b);
    /** @param {number} k @param {number} a @param {number} b */
    const brief = (k, a, b) => written(value(k, a, b), formats[k]);
    /** @param {number} k @param {number} a @param {number} b */
    const titled = (k, a, b) => html("span", {}, formula(data.arrays[op.operands[k]].n), this.place(op.operands[k], a, b));
    /** @param {any} one @param {any} other */
    const times = (one, other) => html("span", {}, one, " × ", other);
    /**
     * @param {number} n
     * @param {(m: number) => [number, number]} left
     * @param {(m: number) => [number, number]} right
     */
    const inner = (n, left, right) =>
      Array.from({ length: n }, (_, m) => ({
        label: times(titled(0, ...left(m)), titled(1, ...right(m))),
        text: `${brief(0, ...left(m))} × ${brief(1, ...right(m))}`,
        term: value(0, ...left(m)) * value(1, ...right(m)),
      }));
    /** @param {number} k */
    const count = (k) => data.arrays[op.operands[k]].s[0];
    if (op.kind === "product") return inner(count(1), (m) => [i, m], (m) => [m, j]);
    if (op.kind === "transposed") return inner(count(1), (m) => [m, i], (m) => [m, j]);
    if (op.kind === "pick") {
      const id = data.ids[op.step];
      const others = count(1) - 1;
      return [
        { label: times(titled(0, i, id), titled(1, id, 0)), text: `${brief(0, i, id)} × 1`, term: value(0, i, id) },
        { label: "", text: this.view.words.others.replace("{count}", String(others)), term: 0 },
      ];
    }
    if (op.kind === "add") {
      return op.operands.map((_, k) => {
        const [rows, columns] = data.arrays[op.operands[k]].s;
        const [a, b] = [rows === 1 ? 0 : i, columns === 1 ? 0 : j];
        return { label: titled(k, a, b), text: "", term: value(k, a, b), left: op.left.includes(k) };
      });
    }
    if (SUMMED.includes(op.kind)) {
      return summands(data, op, j).map((factors) => ({
        label: html("span", {}, ...factors.flatMap(([k, a, b], m) => (m ? [" × ", titled(k, a, b)] : [titled(k, a, b)]))),
        text: factors.length > 1 ? factors.map(([k, a, b]) => brief(k, a, b)).join(" × ") : "",
        term: factors.reduce((product, [k, a, b]) => product * value(k, a, b), 1),
      }));
    }
    if (op.kind === "columns") {
      const { s } = data.arrays[op.operands[0]];
      return Array.from({ length: s[1] }, (_, m) => ({ label: titled(0, i, m), text: "", term: value(0, i, m), left: op.left.includes(m) }));
    }
    const result = at(data, op.result, i, j);
    /** @param {number} shown */
    const equals = (shown) => (shown === rounded(result, format) ? "=" : "≈");
    if (op.kind === "surprise") {
      const target = data.targets[op.step];
      const shown = rounded(-Math.log(rounded(value(0, target, 0), formats[0])), format);
      return [{ label: html("span", {}, "−ln ", titled(0, target, 0)), text: `−ln ${brief(0, target, 0)} ${equals(shown)} ${written(result, format)}` }];
    }
    if (op.kind === "outer") {
      const shown = rounded(rounded(value(0, i, 0), formats[0]) * rounded(value(1, j, 0), formats[1]), format);
      return [{ label: times(titled(0, i, 0), titled(1, j, 0)), text: `${brief(0, i, 0)} × ${brief(1, j, 0)} ${equals(shown)} ${written(result, format)}` }];
    }
    if (op.kind === "beside") {
      const k = op.operands.findIndex((name, m) => j < offset(data, op, m) + data.arrays[name].s[1]);
      return [{ label: titled(k, i, j - offset(data, op, k)), text: written(result, format) }];
    }
    /** @type {[number, number][]} */
    const places = op.operands.map((name) => [data.arrays[name].s[0] === 1 ? 0 : i, data.arrays[name].s[1] === 1 ? 0 : j]);
    const template = data.rules[op.rule].replace(/\*/g, "×");
    /** @param {(k: number) => any} write */
    const put = (write) => template.split(/\{(\d)\}/).map((part, m) => (m % 2 ? write(Number(part)) : part));
    /** @param {string} text */
    const negative = (text) => (text.startsWith("−") ? `(${text})` : text);
    const shown = FUNCTIONS[op.rule](...places.map(([a, b], k) => rounded(value(k, a, b), formats[k]) * 10 ** formats[k].power));
    const numbers = put((k) => negative(brief(k, ...places[k]))).join("").replace(/\(\(([^()]*)\)\)/g, "($1)");
    return [{ label: html("span", {}, ...put((k) => titled(k, ...places[k]))), text: `${numbers} ${equals(rounded(shown, format))} ${written(result, format)}` }];
  }

  // Beside the share of a step: the shares of all steps so far, as small matrices.
  /** @param {NamedOperation} op */
  stack(op) {
    const { data, words } = this.view;
    if (op.kind !== "outer" || data.large) return [];
    const family = op.result.split(".")[0];
    const strip = html("div", { class: "stack" });
    for (let t = data.steps - 1; t >= 0; t -= 1) {
      const name = `${family}.${t}`;
      if (!data.arrays[name]) continue;
      const mini = this.grid(name, { mini: true });
      mini.classList.toggle("now", t === op.step);
      mini.classList.toggle("ahead", t < op.step);
      strip.append(mini);
    }
    return [html("div", { class: "stacked" }, html("h3", {}, words.stack), strip)];
  }
}
