import assert from "node:assert/strict";
import test from "node:test";

import { Figures, whole } from "../../../../ui/charts/static/changes.js";
import { decode } from "../../../../ui/charts/static/numbers.js";

const ONE = { data: [{ x: [1], y: [2] }, { z: 3 }], layout: { height: 4, width: 5 } };

test("changes make a whole figure of the one before, which stays as it is", () => {
  const before = structuredClone(ONE);
  assert.deepEqual(whole({ changes: true, data: [{ y: [7] }, {}], layout: { width: 8 } }, before), {
    data: [{ x: [1], y: [7] }, { z: 3 }],
    layout: { height: 4, width: 8 },
  });
  assert.deepEqual(before, ONE);
});

test("a figure that is told whole has nothing of the one before", () => {
  assert.deepEqual(whole({ data: [{ x: [9] }, {}], layout: {} }, ONE), { data: [{ x: [9] }, {}], layout: {} });
});

test("figures that a frame does not have stay known, and the name is that of the last frame", () => {
  const figures = new Figures();
  figures.take({ name: "a", figures: { score: ONE, loss: ONE } });
  figures.take({ name: "b", figures: { score: /** @type {any} */ ({ changes: true, data: [{}, { z: 6 }], layout: {} }) } });
  const frame = { name: "c", figures: { loss: /** @type {any} */ ({ changes: true, data: [{}, {}], layout: { width: 6 } }) } };
  figures.take(frame);
  assert.deepEqual(frame.figures.loss, { data: ONE.data, layout: { height: 4, width: 6 } });
  assert.equal(figures.name, "c");
});

test("arrays travel as changes of those before, in figures and beside them", () => {
  const bytes = (/** @type {number[]} */ ...numbers) => ({ dtype: "u1", bdata: Buffer.from(numbers).toString("base64") });
  const figures = new Figures();
  figures.take({ name: "a", figures: { score: { data: [{ y: bytes(1, 2) }], layout: {} } }, window: { ids: bytes(3), from: 1 } });
  const without = { name: "b", figures: {}, window: { from: 2 }, list: [bytes(1)] };
  figures.take(without);
  assert.deepEqual(without.list, [bytes(1)]);
  const score = { changes: true, data: [{ y: { steps: "%#" } }], layout: {} };
  const frame = /** @type {any} */ ({ name: "c", figures: { score }, window: { ids: { steps: "'" }, from: 3 } });
  figures.take(frame);
  assert.deepEqual(decode(frame.figures.score.data[0].y), Uint8Array.from([2, 2]));
  assert.deepEqual(decode(frame.window), { ids: Uint8Array.from([5]), from: 3 });
  frame.figures = { score: { changes: true, data: [{ y: { steps: "##" } }], layout: {} } };
  figures.take(frame);
  assert.deepEqual([...decode(frame.figures.score).data[0].y], [2, 2]); // of what was changed before
});
