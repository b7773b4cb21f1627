// Places and values, ticks, and curves that are drawn by hand.

import assert from "node:assert/strict";
import { test } from "node:test";

import { filled, shareOf, stroked, tickLabel, ticks, valueAt, withUnit, written } from "../../../../ui/course/static/scale.js";

const LINEAR = { low: 0, high: 10 };
const LOG = { low: 1e-6, high: 1e6, logarithmic: true };

test("a place is a value, and the value that place again", () => {
  for (const scale of [LINEAR, LOG, { low: -3, high: 5 }]) {
    for (let share = 0; share <= 1; share += 1 / 64) {
      assert.ok(Math.abs(shareOf(scale, valueAt(scale, share)) - share) < 0.01, `${scale.low} ${share}`);
    }
    assert.equal(valueAt(scale, -1), scale.low);
    assert.equal(valueAt(scale, 2), scale.high);
  }
  assert.equal(valueAt(LOG, 0.5), 1);
  assert.equal(valueAt({ low: 1, high: 100_000, logarithmic: true, whole: true }, 0.61), 1122);
});

test("numbers are written in three digits, with powers of ten where they need them", () => {
  const cases = [[0, "0"], [3.4567, "3.46"], [0.012345, "0.0123"], [1609.7, "1,610"], [1e-5, "1×10⁻⁵"]];
  for (const [value, text] of [...cases, [2.5e7, "2.5×10⁷"], [-0.5, "−0.5"]]) assert.equal(written(value, "en"), text);
});

test("a unit stands apart from its number, percent do not", () => {
  assert.deepEqual([["5", "nats"], ["75", "%"], ["2", ""]].map((pair) => withUnit(...pair)), ["5 nats", "75%", "2"]);
});

test("ticks are powers of ten or round numbers, within the axis", () => {
  assert.deepEqual(ticks(LINEAR), [0, 2, 4, 6, 8, 10]);
  assert.deepEqual(ticks({ low: 1e-4, high: 1, logarithmic: true }), [1e-4, 1e-3, 1e-2, 1e-1, 1]);
  assert.ok(ticks(LOG).length <= 7);
});

test("what was not drawn lies between what was", () => {
  assert.equal(filled([null, null]), null);
  assert.deepEqual(filled([null, 0.2, null, 0.4, null]).map((y) => Number(y.toFixed(6))), [0.2, 0.2, 0.3, 0.4, 0.4]);
});

test("a stroke goes over every place between its ends, in either direction", () => {
  const empty = [null, null, null, null, null];
  assert.deepEqual(stroked(empty, [1, 0], [3, 1]), [null, 0, 0.5, 1, null]);
  assert.deepEqual(stroked(empty, [3, 1], [1, 0]), [null, 0, 0.5, 1, null]);
  assert.deepEqual(stroked(empty, [2, 0.7], [2, 0.7]), [null, null, 0.7, null, null]);
});

test("on a logarithmic axis that leaves 0.001 to 1,000 powers of ten are written as such", () => {
  const far = { low: 1e-4, high: 10, logarithmic: true };
  assert.deepEqual(ticks(far).map((tick) => tickLabel(far, tick, "en")), ["10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "1", "10"]);
  const near = { low: 0.01, high: 100, logarithmic: true };
  assert.deepEqual(ticks(near).map((tick) => tickLabel(near, tick, "en")), ["0.01", "0.1", "1", "10", "100"]);
});
