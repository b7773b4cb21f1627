// Arrays of a computation (ui/unroll/payload.py).

/** @import { OperationEntry, UnrollData } from "../../live/static/payload.js" */

// The parts of an operation by their names.
/** @param {OperationEntry} operation */
export const named = ([what, phase, step, part, kind, result, operands, rule, left, cut]) => ({
  what, phase, step, part, kind, result, operands, rule, left, cut,
});

/** @typedef {ReturnType<typeof named>} NamedOperation */

// All numbers of an array, one row after another; null where only some are known.
/** @param {UnrollData} data @param {string} name */
export function numbers(data, name) {
  const entry = data.arrays[name];
  return entry?.v ?? null;
}

// Element (row, column) of an array; of a large matrix only one row and one column are known.
/**
 * @param {UnrollData} data
 * @param {string} name
 * @param {number} row
 * @param {number} column
 * @returns {number}
 */
export function at(data, name, row, column) {
  const entry = data.arrays[name];
  if (entry.v) return entry.v[row * entry.s[1] + column];
  if (entry.row?.[0] === row) return entry.row[1][column];
  if (entry.col?.[0] === column) return entry.col[1][row];
  return /** @type {any} */ (undefined); // not known
}

// The sum over the columns that truncation keeps.
/** @param {UnrollData} data @param {string} name @param {number[]} out */
export function keptColumns(data, name, out) {
  const entry = data.arrays[name];
  if (!entry) return null;
  const [rows, columns] = entry.s;
  return Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let column = 0; column < columns; column += 1) if (!out.includes(column)) sum += (entry.v ?? [])[row * columns + column];
    return sum;
  });
}
