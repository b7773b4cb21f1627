// Operations that sum over all rows of a column, of one array or of several.

/**
 * @import { UnrollData } from "../../live/static/payload.js"
 * @import { NamedOperation } from "./arrays.js"
 */

export const SUMMED = ["total", "squares", "inner"];

// The factors of each summand of a column of the result: operand, row, column.
/** @param {UnrollData} data @param {NamedOperation} op @param {number} j @returns {[k: number, row: number, column: number][][]} */
export function summands(data, op, j) {
  /** @param {number} k */
  const shape = (k) => data.arrays[op.operands[k]].s;
  /** @param {number} k @param {number} row @returns {[number, number, number]} */
  const place = (k, row) => [k, row, shape(k)[1] === 1 ? 0 : j];
  const operands = op.operands.map((_, k) => k).filter((k) => op.kind !== "inner" || k % 2 === 0);
  return operands.flatMap((k) =>
    Array.from({ length: shape(k)[0] }, (_, row) => {
      if (op.kind === "total") return [place(k, row)];
      return [place(k, row), place(op.kind === "inner" ? k + 1 : k, row)];
    }),
  );
}
