import assert from "node:assert/strict";
import test from "node:test";

import { Axis } from "../../../../ui/charts/static/axes.js";
import { fitSymbols, hit, prepare, reach, written } from "../../../../ui/charts/static/traces.js";

const SCALE = [[0, "#000000"], [1, "#ffffff"]];
const X = new Axis({}, [-0.5, 9.5], 0, 500); // 50 pixels a step
const Y = new Axis({}, [0, 10], 100, 0);
const steps = Array.from({ length: 10 }, (_, i) => i);
const curve = (more = {}) => prepare({ type: "scatter", y: steps, ...more }, {});
const table = (more = {}) => prepare({ type: "heatmap", z: [steps, steps.map((i) => -i)], y: [2, 7], colorscale: SCALE, ...more }, {});

test("of a curve the point nearest in x is hit, however far above or below", () => {
  assert.equal(hit(curve(), X, Y, X.at(3) + 12, 0).i, 3);
  assert.equal(hit(curve(), X, Y, X.at(3) + 12, 100).i, 3);
  assert.equal(hit(curve(), X, Y, X.at(3) + 21, 50), null);
});

test("of a cloud the nearest point is hit, and none that is far", () => {
  const cloud = curve({ x: [1, 1.2, 5], y: [1, 8, 5], meta: { cloud: true } });
  assert.equal(hit(cloud, X, Y, X.at(1.2), Y.at(8) + 15).i, 1);
  assert.equal(hit(cloud, X, Y, X.at(1.1), Y.at(4.5)), null);
});

test("a cell is hit anywhere within it, an empty one not at all", () => {
  const found = hit(table(), X, Y, X.at(4) + 24, Y.at(7) - 20);
  assert.deepEqual([found.x, found.y, found.z], [4, 7, -4]);
  assert.equal(hit(table({ z: [[NaN, 1], [null, 2]] }), X, Y, X.at(0), Y.at(2)), null);
  assert.equal(hit(table(), X, Y, X.at(10), Y.at(7)), null);
});

test("a bar is hit over its whole width", () => {
  const bars = prepare({ type: "bar", x: steps, y: steps }, {});
  assert.equal(hit(bars, X, Y, X.at(6) + 24, Y.at(1)).i, 6);
});

test("what says nothing on hover is not hit, nor what has no place on the axis", () => {
  assert.equal(hit(curve({ hoverinfo: "skip" }), X, Y, X.at(3), 0), null);
  assert.equal(hit(curve({ y: steps.map(() => null) }), X, Y, X.at(3), 0), null);
});

test("names on an axis stand at their places", () => {
  const bars = prepare({ type: "bar", x: ["b", "a"], y: [1, 2] }, { x: new Map([["a", 0], ["b", 1]]) });
  assert.deepEqual([...bars.xs], [1, 0]);
});

test("an axis holds whole cells and bars, and the zero of bars", () => {
  assert.deepEqual(reach(table(), true), [-0.5, 9.5]);
  assert.deepEqual(reach(table(), false), [-0.5, 9.5]);
  assert.deepEqual(reach(prepare({ type: "bar", x: [1, 2], y: [3, 4] }, {}), false), [0, 3, 4]);
});

test("letters of columns shrink, then only some are written", () => {
  const letters = curve({ mode: "text", text: steps.map(String), meta: { columns: true, letters: 1 } });
  const at = (pixels) => fitSymbols(letters.trace, new Axis({}, [0, 100], 0, 100 * pixels));
  assert.deepEqual(at(50), { size: 13, every: 1 });
  assert.deepEqual(at(5), { size: 8, every: 1 });
  assert.deepEqual(at(1), { size: 8, every: 5 });
});

test("where there is no room the rare symbols are written first, then every n-th of the others", () => {
  const texts = [..."aaaaaaaXaaaa"];
  const places = texts.map((_, i) => i);
  assert.deepEqual([...written(texts, places, 4)].sort((a, b) => a - b), [0, 7]);
  assert.deepEqual([...written(texts, places, 2)].sort((a, b) => a - b), [0, 2, 4, 7, 10]);
});
