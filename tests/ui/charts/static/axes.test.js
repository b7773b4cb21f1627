import assert from "node:assert/strict";
import test from "node:test";

import { Axis, rangeOf } from "../../../../ui/charts/static/axes.js";
import { Context } from "./drawing.js";

const FONT = { size: 10, family: "sans-serif" };
const labels = (axis, vertical = false) =>
  axis.ticks(new Context(), FONT, vertical).map(({ label }) => label[0].map(({ text }) => text).join(""));

test("pixels and values are each other's inverse, on every kind of axis and in both directions", () => {
  for (const [spec, range] of [[{}, [-1, 3]], [{}, [3, -1]], [{ type: "log" }, [-2, 1]]]) {
    const axis = new Axis(spec, range, 50, 450);
    for (const value of [0.02, 0.5, 2.5]) assert.ok(Math.abs(axis.value(axis.at(value)) - value) < 1e-12);
  }
  assert.equal(new Axis({ type: "log" }, [-2, 2], 0, 400).at(1), 200);
  assert.equal(new Axis({}, [0, 1], 400, 0).at(0.25), 300);
});

test("what a log axis has no place for is not a number", () => {
  const axis = new Axis({ type: "log" }, [-2, 2], 0, 400);
  assert.ok(Number.isNaN(axis.at(-1)));
  assert.ok(!Number.isFinite(axis.at(0)) && !axis.holds(axis.at(0)));
});

test("an axis ends half a pixel beside its ends", () => {
  const axis = new Axis({}, [0, 1], 400, 0);
  assert.deepEqual([-0.5, 400.5, -0.6, 400.6].map((pixel) => axis.holds(pixel)), [true, true, false, false]);
});

test("ticks are round numbers inside the range", () => {
  assert.deepEqual(labels(new Axis({}, [0, 1], 0, 500)), ["0", "0.2", "0.4", "0.6", "0.8", "1"]);
  assert.deepEqual(labels(new Axis({}, [-1, 1], 0, 300)), ["−1", "−0.5", "0", "0.5", "1"]);
  assert.deepEqual(labels(new Axis({ tickformat: "d" }, [-0.5, 3.5], 0, 900)), ["0", "1", "2", "3"]);
});

test("powers of ten on a log axis", () => {
  assert.deepEqual(labels(new Axis({ type: "log", dtick: 1, exponentformat: "power" }, [-2, 1], 0, 500)), ["10−2", "10−1", "1", "10"]);
});

test("named ticks are thinned out until no label touches another", () => {
  const names = Array.from({ length: 40 }, (_, i) => `unit ${i}`);
  const spec = { tickvals: names.map((_, i) => i), ticktext: names };
  for (const width of [200, 600, 3000]) {
    const ticks = new Axis(spec, [-0.5, 39.5], 0, width).ticks(new Context(), FONT, false);
    const gap = ticks[1].at - ticks[0].at;
    assert.ok(gap >= 6 * 7, `${gap} pixels for seven letters`);
  }
});

test("how a value reads: by its name where it has one", () => {
  assert.equal(new Axis({ tickvals: [0, 1], ticktext: ["a", "&lt;b&gt;"] }, [0, 1], 0, 1).read(1), "<b>");
  assert.equal(new Axis({ type: "category", categories: ["GRU", "LSTM"] }, [0, 1], 0, 1).read(1), "LSTM");
  assert.equal(new Axis({ hoverformat: ".2f" }, [0, 1], 0, 1).read(0.123), "0.12");
});

test("the range of an axis holds all numbers and a margin", () => {
  assert.deepEqual(rangeOf([[0, 10], [NaN, 20]], false), [-1, 21]);
  assert.deepEqual(rangeOf([[1, 100, 0]], true, 0), [0, 2]);
  assert.deepEqual(rangeOf([[3]], false), [2.5, 3.5]);
  assert.deepEqual(rangeOf([[NaN]], false), [0, 1]);
});
