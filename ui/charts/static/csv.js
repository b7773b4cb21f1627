// Numbers as CSV: those of a figure, one point or one cell of a heat map to a row, or those of a table on the page.

/** @import { AxisSpec, Layout } from "./figure.js" */

import { unescape, withoutTags } from "./text.js";

const MARK = "\ufeff"; // so that spreadsheets take the file for UTF-8
const FORMULA = /^[=+\-@\t\r]./; // what a spreadsheet would compute
const COLUMNS = ["stave", "series", "x", "y", "value", "text"];

// The shortest number that is the same in 32 bits: 0.1, not 0.10000000149011612. One that needs more bits stays.
/** @param {any} value */
function shortest(value) {
  if (typeof value !== "number" || Number.isInteger(value) || Math.fround(value) !== value) return value;
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

// A number of a list, as it is written.
/** @param {any} list @param {number} i */
const numberIn = (list, i) => shortest(list[i]);

/** @param {any} value */
function field(value) {
  if (typeof value === "number" || typeof value === "bigint") return Number.isNaN(value) ? "" : String(value);
  const text = String(value ?? "");
  const safe = FORMULA.test(text) && !Number.isFinite(Number(text)) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

// Rows of values as the text of a file.
/** @param {any[][]} rows */
export function csv(rows) {
  return MARK + rows.map((row) => row.map(field).join(",")).join("\r\n") + "\r\n";
}

// The entry of a list, or the one value that holds for all.
/** @param {any} value @param {number} i */
const entry = (value, i) => (Array.isArray(value) || ArrayBuffer.isView(value) ? /** @type {any} */ (value)[i] : value);

// The title of a trace's y axis, or the heading over its stave.
/** @param {AxisSpec} axis @param {Layout[]} annotations */
function titleOf(axis, annotations) {
  const top = axis.domain?.[1];
  const over = annotations.find(({ yref, xref, y }) => yref === "paper" && xref === "paper" && Math.abs(y - top) < 1e-6);
  return withoutTags(String(axis.title?.text ?? over?.text ?? ""));
}

// The numbers that a decoded figure draws, named by the axis (a stave of the score has one of its own) and the trace.
// Where something is drawn says nothing of it in a trace whose `meta.numbers` say what stands in the file instead.
/** @param {{data?: any[], layout?: Record<string, any>}} figure */
export function rowsOf({ data = [], layout = {} }) {
  /** @type {any[][]} */
  const rows = [];
  for (const trace of data) {
    if (trace.visible === false) continue;
    const { x, y, z, text, x0 = 0, dx = 1, y0 = 0, dy = 1 } = { ...trace, ...trace.meta?.numbers };
    const axis = layout[(trace.yaxis ?? "y").replace("y", "yaxis")] ?? {};
    const series = [titleOf(axis, layout.annotations ?? []), withoutTags(String(trace.name ?? ""))];
    /** @param {any} value */
    const named = (value) => {
      const at = axis.ticktext ? Array.from(axis.tickvals).indexOf(value) : -1;
      return at < 0 ? "" : withoutTags(String(axis.ticktext[at]));
    };
    if (trace.type === "heatmap") {
      z.forEach((/** @type {number[]} */ line, /** @type {number} */ i) => {
        const down = y ? y[i] : y0 + i * dy;
        for (let j = 0; j < line.length; j++) {
          const said = text ? unescape(String(text[i][j])) : named(down);
          rows.push([...series, x ? numberIn(x, j) : x0 + j * dx, down, numberIn(line, j), said]);
        }
      });
      continue;
    }
    const count = y?.length ?? x?.length ?? 0;
    for (let i = 0; i < count; i++) {
      rows.push([...series, x ? numberIn(x, i) : i, y ? numberIn(y, i) : i, "", unescape(String(entry(text, i) ?? ""))]);
    }
  }
  const used = COLUMNS.map((_, column) => rows.some((row) => row[column] !== "" && row[column] !== undefined));
  return [COLUMNS, ...rows].map((row) => row.filter((_, column) => used[column]));
}

const PRINTED = /^([+−-]?[\d.,]+)(?:×10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?(%?)$/;
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

// A printed number as a program reads it: −3.2×10⁻⁵ as -3.2e-5.
/** @param {string} text */
function ascii(text) {
  const [, mantissa, power, percent] = PRINTED.exec(text) ?? [];
  if (mantissa === undefined) return text;
  const exponent = power && "e" + [...power].map((sign) => (sign === "⁻" ? "-" : RAISED.indexOf(sign))).join("");
  return mantissa.replace("−", "-") + (exponent ?? "") + percent;
}

// The rows of a table that the server sent: its columns by their headings.
/** @param {Record<string, any[]>} columns */
export function rowsOfTable(columns) {
  const headings = Object.keys(columns);
  const rows = columns[headings[0]].map((_, i) => headings.map((heading) => columns[heading][i]));
  return [headings, ...rows].map((row) => row.map((cell) => (typeof cell === "string" ? ascii(cell) : cell)));
}

// Cells of a table of the page; a bar says what the number beside it says.
/** @param {HTMLTableElement} table */
export function cellsOf(table) {
  /** @param {HTMLTableRowElement} row */
  const cells = (row) => [...row.cells].filter((cell) => !cell.classList.contains("live-bar"));
  return Array.from(table.rows, (row) => cells(row).map((cell) => ascii(cell.textContent.trim())));
}

// Cells of several tables, each row after the name of its table.
/** @param {Iterable<HTMLTableElement>} tables */
export function cellsOfAll(tables) {
  return [...tables].flatMap((table) => cellsOf(table).map((row) => [table.caption?.textContent ?? "", ...row]));
}
