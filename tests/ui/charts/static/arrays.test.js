import assert from "node:assert/strict";
import test from "node:test";

import { arrays, isArray, numbersOf } from "../../../../ui/charts/static/arrays.js";

const base64 = (array) => Buffer.from(array.buffer).toString("base64");
const CODES = [35, 36, 37, 0xd7ff, 0xe000, 0x10000]; // of letters, and the steps that they mean (test_changes.py)
const STEPS = [0, -1, 1, 27630, -27631, -31727];

/** @param {any} array @param {any} [before] */
const arrived = (array, before) => arrays({ array }, before && arrays({ array: before })).array;

test("steps are read from letters of all lengths, and added to the numbers before", () => {
  const steps = String.fromCodePoint(...CODES);
  const zeros = { dtype: "i4", bdata: base64(new Int32Array(6)) };
  assert.deepEqual([...numbersOf(arrived({ steps }, zeros))], STEPS);
  const ones = { dtype: "u1", bdata: base64(new Uint8Array([1, 2, 3, 4])), shape: "2, 2" };
  const rows = numbersOf(arrived({ steps: "#%$'", along: true }, ones));
  assert.deepEqual(rows.map((row) => [...row]), [[1, 3], [3, 6]]);
});

test("rounded numbers are what their digits say", () => {
  const given = { decimals: 3, shape: "1, 3", steps: String.fromCodePoint(35 + 2 * 123, 35 + 2 * 250 - 1, 0xe023) };
  const first = arrived(given);
  assert.deepEqual([...numbersOf(first)[0]].slice(0, 2), [0.123, -0.25]);
  const later = arrays({ array: { steps: "%#$" } }, { array: first }).array;
  assert.deepEqual([...numbersOf(later)[0]].slice(0, 2), [0.124, -0.25]);
  const counted = [0, 899, 900, -877];
  const steps = String.fromCodePoint(...counted.map((step) => 35 + (step < 0 ? -2 * step - 1 : 2 * step)));
  assert.deepEqual([...numbersOf(arrived({ digits: 3, steps }))], [1, 9.99, 10, 0.123]);
});

test("what is no number or infinite is so again", () => {
  const steps = String.fromCodePoint(...[0, 1, 2].map((more) => 35 + 0x800 + 2 * (2 ** 18 + more)));
  assert.deepEqual([...numbersOf(arrived({ decimals: 2, steps }))], [NaN, Infinity, -Infinity]);
});

test("what stands between a beginning and an end that are the same is put there", () => {
  const before = { dtype: "f8", bdata: base64(new Float64Array([1, 2, 8, 9])) };
  const given = { kept: [2, 1], bdata: base64(new Float64Array([3, 4, 5])) };
  assert.deepEqual([...numbersOf(arrived(given, before))], [1, 2, 3, 4, 5, 9]);
  assert.deepEqual([...numbersOf(arrived({ kept: [1, 1], bdata: "" }, before))], [1, 9]);
});

test("values that are no arrays are left alone", () => {
  const values = { text: ["a"], marker: { color: "red" }, none: null, values: 3 };
  assert.deepEqual(arrays(values), values);
  assert.equal(isArray({ values: { dtype: "u1", bdata: "" } }), false);
});
