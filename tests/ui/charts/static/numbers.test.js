import assert from "node:assert/strict";
import test from "node:test";

import { decode, format, numbers, palette, pixel, tickLabel } from "../../../../ui/charts/static/numbers.js";

const base64 = (array) => Buffer.from(array.buffer).toString("base64");

test("typed arrays of Plotly's JSON are read, also deep inside", () => {
  const x = { dtype: "f8", bdata: base64(new Float64Array([0.1, -2, NaN])) };
  const z = { dtype: "i2", bdata: base64(new Int16Array([1, 2, 3, 4, 5, 6])), shape: "2, 3" };
  const { data, layout } = decode({ data: [{ x, z, name: "a" }], layout: { title: { text: "b" } } });
  assert.deepEqual([...data[0].x], [0.1, -2, NaN]);
  assert.deepEqual(data[0].z.map((row) => [...row]), [[1, 2, 3], [4, 5, 6]]);
  assert.deepEqual([data[0].name, layout.title.text], ["a", "b"]);
});

test("arrays of unknown kinds and words in the place of numbers are refused by name", () => {
  assert.throws(() => decode({ dtype: "c16", bdata: "" }), /arrays of c16/);
  assert.throws(() => numbers([1, "b"]), /"b" on an axis/);
  assert.deepEqual([...numbers([1, null, 2.5])], [1, NaN, 2.5]);
});

for (const [value, spec, text] of [
  [1234.5, ",d", "1,235"],
  [1234567, ",d", "1,234,567"],
  [-0.00012, ".2e", "-1.20e-4"],
  [0.5, ".0%", "50%"],
  [2 / 3, ".3f", "0.667"],
  [0.000123456, ".4g", "0.0001235"],
  [1.5, "~g", "1.5"],
  [3, "+d", "+3"],
  [-0.0001, ".2f", "0.00"], // no minus before zero
  [1e15, "", "1e+15"],
  [1e6, "", "1000000"],
  [NaN, ".2f", "NaN"],
  ["a", ".2f", "a"],
]) {
  test(`format(${value}, "${spec}")`, () => assert.equal(format(value, spec), text));
}

test("an unknown format is refused by name", () => assert.throws(() => format(1, "s"), /format "s"/));

test("a tick has as many digits as the distance to the next one asks for", () => {
  assert.equal(tickLabel(0, 0.1, 1), "0");
  assert.equal(tickLabel(-0.5, 0.5, 1), "−0.5");
  assert.equal(tickLabel(0.25, 0.05, 1), "0.25");
  assert.equal(tickLabel(20_000, 10_000, 50_000), "20k");
  assert.equal(tickLabel(1_500_000, 500_000, 3e6), "1.5M");
  assert.equal(tickLabel(0.00002, 0.00001, 0.0001), "2×10⁻⁵");
});

test("colours between two stops are mixed, and what is outside gets those of the ends", () => {
  const shades = palette([[0, "#000000"], [1, "rgb(255,0,100)"]]);
  assert.equal(pixel(shades, 0, 0, 1), 0xff000000);
  assert.equal(pixel(shades, 1, 0, 1), 0xff6400ff);
  assert.equal(pixel(shades, 7, 0, 1), pixel(shades, 1, 0, 1));
  assert.equal(pixel(shades, -7, 0, 1), pixel(shades, 0, 0, 1));
  assert.equal(pixel(shades, 0.5, 0, 1) & 255, 128);
  assert.equal(pixel(shades, NaN, 0, 1), 0);
  assert.throws(() => palette([[0, "red"], [1, "blue"]]), /colour red/);
  assert.throws(() => palette("Viridis"), /scale Viridis/);
});
