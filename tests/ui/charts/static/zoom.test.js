import assert from "node:assert/strict";
import test from "node:test";

import { byKey, nearest, stepByKey, within } from "../../../../ui/charts/static/zoom.js";

test("a key zooms around the chosen step, or around the middle where none is in sight", () => {
  assert.deepEqual(byKey("+", [0, 30], null), [5, 25]);
  assert.deepEqual(byKey("+", [0, 30], 40), [5, 25]);
  assert.deepEqual(byKey("+", [0, 30], 30), [10, 30]);
  assert.deepEqual(byKey("-", [30, 0], null), [37.5, -7.5]);
  assert.deepEqual(byKey("0", [0, 30], 3), [-Infinity, Infinity]);
  assert.equal(byKey("x", [0, 30], 3), null);
});

test("keys choose a step and stay between the ends", () => {
  assert.deepEqual(["Home", "End"].map((key) => stepByKey(key, 3, [0, 9])), [0, 9]);
  assert.deepEqual([0, 3, null].map((now) => stepByKey("ArrowLeft", now, [0, 9])), [0, 2, 9]);
  assert.deepEqual([9, 3, null].map((now) => stepByKey("ArrowRight", now, [0, 9])), [9, 4, 0]);
  assert.equal(stepByKey("Escape", 3, [0, 9]), null);
  assert.equal(stepByKey("Escape", null, [0, 9]), undefined);
  assert.equal(stepByKey("Tab", 3, [0, 9]), undefined);
});

test("what lies beyond the ends is moved to them", () => {
  assert.deepEqual([-1, 4, 12].map((value) => nearest(value, [0, 9])), [0, 4, 9]);
  assert.deepEqual(within([-5, 5], [0, 20]), [0, 10]);
  assert.equal(within([-5, 50], [0, 20]), null);
  assert.deepEqual(within([15, 25], [20, 0]), [20, 10]);
});
