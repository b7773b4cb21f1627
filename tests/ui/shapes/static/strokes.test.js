// A drawing as text, as ui/shapes/drawings.py reads it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { GRID, flat, lengthen, read, simplified, spelled } from "../../../../ui/shapes/static/strokes.js";

test("what is read is spelled the same", () => {
  for (const text of ["", "rl00", "rlU4W5Y7ZAXDVFSFQDOAP7R5U4.bfLfcfcwLw", "pf0xx0xx"]) assert.equal(spelled(read(text)), text);
  assert.deepEqual(read("bf0A0x")[0], { colour: "b", kind: "f", points: [[0, 10], [0, GRID - 1]] });
});

test("a point that is there already is not added again", () => {
  const points = [[5, 5]];
  for (const to of [[5, 5], [6, 6], [7, 5], [8, 5], [7, 9]]) lengthen(points, to);
  assert.deepEqual(points, [[5, 5], [7, 5], [7, 9]]);
});

test("points on a straight line go, corners and ends stay", () => {
  const line = Array.from({ length: 20 }, (_, k) => [k, 10]);
  const corner = [...line, ...Array.from({ length: 20 }, (_, k) => [19, 11 + k])];
  assert.deepEqual(simplified(line), [[0, 10], [19, 10]]);
  assert.deepEqual(simplified(corner), [[0, 10], [19, 10], [19, 30]]);
  assert.deepEqual(simplified([[3, 3]]), [[3, 3]]);
  const round = Array.from({ length: 61 }, (_, k) => [30 + Math.round(20 * Math.sin(k / 9.55)), 30 + Math.round(20 * Math.cos(k / 9.55))]);
  const kept = simplified(round);
  assert.ok(kept.length < 30 && kept.every(([x, y]) => Math.abs(Math.hypot(x - 30, y - 30) - 20) < 1));
});

test("what encloses nothing is flat, however often it goes there and back", () => {
  for (const points of [[[5, 5]], [[5, 5], [40, 9]], [[5, 5], [40, 5], [5, 5]], [[20, 8], [40, 8], [2, 9], [30, 8]]]) {
    assert.ok(flat(points), JSON.stringify(points));
  }
  for (const points of [[[5, 5], [40, 5], [20, 12]], [[0, 0], [9, 9], [9, 0], [0, 9]], [[5, 5], [40, 5], [40, 9], [5, 9]]]) {
    assert.ok(!flat(points), JSON.stringify(points));
  }
});
