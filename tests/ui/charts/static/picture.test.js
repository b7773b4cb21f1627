import assert from "node:assert/strict";
import test from "node:test";

import { Picture } from "../../../../ui/charts/static/picture.js";
import { Context, pretend } from "./drawing.js";

pretend();

const layout = {
  height: 300,
  margin: { l: 50, r: 50, t: 20, b: 30 },
  xaxis: { range: [0, 10] },
  yaxis: { range: [0, 1], domain: [0, 0.5] },
  yaxis2: { range: [0, 1], domain: [0.6, 1] },
};
const data = [
  { y: [0.5, 0.5, 0.5], x: [0, 5, 10], name: "below" },
  { y: [0.2, 0.2, 0.2], x: [0, 5, 10], yaxis: "y2", name: "above" },
  { y: [0.9, 0.9, 0.9], x: [0, 5, 10], name: "hidden", visible: false },
];

function painted(figure, width = 600) {
  const picture = new Picture(figure);
  const ctx = new Context();
  picture.paint(ctx, width, 1, picture.full);
  return [picture, ctx];
}

test("a pointer finds what is in its own stave", () => {
  const [picture] = painted({ data, layout });
  const at = (down) => picture.hit(300, down)?.trace.name ?? null;
  assert.equal(at(picture.y.y.at(0.1)), "below");
  assert.equal(at(picture.y.y2.at(0.9)), "above");
  assert.equal(at((picture.y.y.high + picture.y.y2.low) / 2 + 200), null);
  assert.equal(at((picture.y.y.low + picture.y.y2.high) / 2), null, "between two staves");
});

test("nothing is found outside the axes", () => {
  const [picture] = painted({ data, layout });
  assert.equal(picture.hit(49, picture.y.y.at(0.5)), null);
  assert.equal(picture.hit(551, picture.y.y.at(0.5)), null);
});

test("of two curves the nearer one is found", () => {
  const two = [{ y: [0.2, 0.2], x: [0, 10], name: "low" }, { y: [0.8, 0.8], x: [0, 10], name: "high" }];
  const [picture] = painted({ data: two, layout });
  assert.equal(picture.hit(52, picture.y.y.at(0.7)).trace.name, "high");
  assert.equal(picture.hit(52, picture.y.y.at(0.3)).trace.name, "low");
});

test("an axis without a range holds what is drawn on it", () => {
  const [picture] = painted({ data: [{ y: [2, 4], x: [10, 20], mode: "lines" }], layout: { height: 300 } });
  assert.deepEqual(picture.full, [9.5, 20.5]);
  assert.deepEqual(picture.y.y.range, [1.9, 4.1]);
});

test("a higher picture gives its room to the staves", () => {
  const picture = new Picture({ data, layout });
  picture.fill(600);
  picture.paint(new Context(), 600, 1, picture.full);
  assert.equal(picture.height, 600);
  assert.ok(Math.abs((picture.y.y.high - picture.y.y.low) / (picture.y.y2.high - picture.y.y2.low) - 1.25) < 0.02);
});

test("titles and named ticks are written", () => {
  const named = { ...layout, xaxis: { range: [0, 1], tickvals: [0, 1], ticktext: ["no", "yes"], title: { text: "answer" } } };
  const [, ctx] = painted({ data, layout: named });
  const texts = ctx.texts.map(([text]) => text);
  for (const text of ["no", "yes", "answer"]) assert.ok(texts.includes(text), text);
});

test("a long title below is smaller and stays inside the picture", () => {
  const text = "forty letters that stand below the axis.";
  const titled = { ...layout, margin: { l: 20, r: 100, t: 20, b: 40 }, xaxis: { range: [0, 1], title: { text } } };
  const [, ctx] = painted({ data, layout: titled }, 220);
  const [, x] = ctx.texts.find(([written]) => written === text);
  assert.ok(x >= 0 && x + 0.6 * 8 * text.length <= 220, String(x));
});

test("squares stay square and whole, whether the picture is wide or narrow", () => {
  const square = { ...layout, yaxis: { range: [30, 0], scaleanchor: "x" }, xaxis: { range: [0, 60] } };
  for (const width of [200, 600, 2000]) {
    const [{ x, y }] = painted({ data: [{ x: [0, 60], y: [0, 30] }], layout: square }, width);
    assert.ok(Math.abs(x.scale - y.y.scale) < 1e-9, `${width}`);
    for (const value of [0, 60]) assert.ok(x.holds(x.at(value)), `${value} across of ${width}`);
    for (const value of [0, 30]) assert.ok(y.y.holds(y.y.at(value)), `${value} down of ${width}`);
  }
});
