import assert from "node:assert/strict";
import test from "node:test";

import { csv, rowsOf, rowsOfTable } from "../../../../ui/charts/static/csv.js";
import { printed } from "../../../../ui/charts/static/numbers.js";

test("what a spreadsheet would compute or split is made safe", () => {
  assert.equal(csv([["=1+1", "-2", -2, "a,b", 'a"b', "a\nb", NaN, null]]), `\ufeff'=1+1,-2,-2,"a,b","a""b","a\nb",,\r\n`);
});

test("a row for each point, named by its axis and its trace", () => {
  const layout = { yaxis: { title: { text: "<b>loss</b>" } } };
  assert.deepEqual(rowsOf({ data: [{ x: [1, 2], y: [3, 4], name: "train" }], layout }), [
    ["stave", "series", "x", "y"],
    ["loss", "train", 1, 3],
    ["loss", "train", 2, 4],
  ]);
});

test("a row for each cell, with the name of its line", () => {
  const layout = { yaxis2: { tickvals: [0, 1], ticktext: ["unit 0", "unit 1"] } };
  assert.deepEqual(rowsOf({ data: [{ type: "heatmap", z: [[1, 2], [3, 4]], yaxis: "y2" }], layout }), [
    ["x", "y", "value", "text"],
    [0, 0, 1, "unit 0"],
    [1, 0, 2, "unit 0"],
    [0, 1, 3, "unit 1"],
    [1, 1, 4, "unit 1"],
  ]);
});

test("a cell with a text of its own has that", () => {
  const data = [{ type: "heatmap", z: [[1, 2]], text: [["rate 0.1", "rate 1 &lt; 3"]] }];
  assert.deepEqual(rowsOf({ data }), [
    ["x", "y", "value", "text"],
    [0, 0, 1, "rate 0.1"],
    [1, 0, 2, "rate 1 < 3"],
  ]);
});

test("what a trace says of its numbers stands in the place of where it is drawn", () => {
  const heat = { type: "heatmap", name: "1: a", x: [17.5, 18.5], y: [3], z: [[5, 6]], meta: { numbers: { x: [0, 1], y: [0] } } };
  const frame = { x: [0, 9], y: [0, 9], meta: { numbers: { x: [], y: [] } } };
  assert.deepEqual(rowsOf({ data: [heat, frame] }), [
    ["series", "x", "y", "value"],
    ["1: a", 0, 0, 5],
    ["1: a", 1, 0, 6],
  ]);
});

test("what is not drawn is left out", () => {
  assert.deepEqual(rowsOf({ data: [{ y: [1], visible: false }] }), [[]]);
});

test("a table that the server sent has its headings first and numbers that a program reads", () => {
  assert.deepEqual(rowsOfTable({ symbol: ["a", "−"], value: ["−0.5", "3.2×10⁻⁵"], t: [0, 1] }), [
    ["symbol", "value", "t"],
    ["a", "-0.5", 0],
    ["−", "3.2e-5", 1],
  ]);
});

test("a cell is printed with a minus sign and a power of ten, and the file has the number again", () => {
  const values = [-0.25, 5.4e-7, "-0.2484", "1.5e-20", "+1.696", 0, 12, "-", "a-1", "e5", null];
  const cells = ["−0.25", "5.4×10⁻⁷", "−0.2484", "1.5×10⁻²⁰", "+1.696", "0", "12", "-", "a-1", "e5", ""];
  assert.deepEqual(values.map(printed), cells);
  const file = rowsOfTable({ value: cells }).slice(1).flat();
  assert.deepEqual(file.slice(0, 7).map(Number), values.slice(0, 7).map(Number));
  assert.deepEqual(file.slice(7), cells.slice(7));
});
