import assert from "node:assert/strict";
import test from "node:test";

import { SvgContext, SvgPath } from "../../../../ui/charts/static/svg.js";
import { pretend } from "./drawing.js";

pretend();

test("a path is written as the calls say", () => {
  const path = new SvgPath();
  path.moveTo(1, 2);
  path.lineTo(3.00049, 4);
  path.closePath();
  path.rect(0, 0, 5, 6);
  assert.equal(path.d, "M1 2L3 4ZM0 0h5v6h-5Z");
});

test("a circle ends where it began", () => {
  const path = new SvgPath();
  path.arc(0, 0, 2);
  assert.equal(path.d, "a2 2 0 1 1 -4 0a2 2 0 1 1 4 0");
});

test("colours, transparency and movement hold until they are restored", () => {
  const ctx = new SvgContext(100, 50, "#fff");
  ctx.save();
  ctx.fillStyle = "#f00";
  ctx.globalAlpha = 0.5;
  ctx.translate(10, 20);
  ctx.scale(2, 3);
  ctx.fillRect(5, 5, -5, 1);
  ctx.restore();
  ctx.fillRect(0, 0, 1, 1);
  const [moved, plain] = ctx.file("a & b").all("rect").map(({ attributes }) => attributes);
  assert.deepEqual(moved, { x: "0", y: "5", width: "5", height: "1", fill: "#f00", opacity: "0.5", transform: "matrix(2 0 0 3 10 20)" });
  assert.deepEqual(plain, { x: "0", y: "0", width: "1", height: "1", fill: "#000" });
});

test("what is clipped lies in a group until it is restored", () => {
  const ctx = new SvgContext(100, 50, "#fff");
  ctx.save();
  ctx.beginPath();
  ctx.rect(0, 0, 10, 10);
  ctx.clip();
  ctx.fillRect(0, 0, 1, 1);
  ctx.restore();
  ctx.fillRect(0, 0, 2, 2);
  const page = ctx.file("");
  const [group] = page.all("g");
  assert.equal(group.attributes["clip-path"], `url(#${page.all("clipPath")[0].attributes.id})`);
  assert.deepEqual([group.all("rect").length, page.all("rect").length], [1, 2]);
});

test("text is as wide as it was measured, and what XML forbids is replaced", () => {
  const ctx = new SvgContext(100, 50, "#fff");
  ctx.font = "italic bold 20px serif";
  ctx.textAlign = "center";
  ctx.fillText("ab\u0001", 5, 6);
  const [{ attributes, textContent }] = ctx.file("").all("text");
  assert.equal(textContent, "ab\ufffd");
  assert.equal(attributes.textLength, "36");
  assert.deepEqual([attributes["font-style"], attributes["font-weight"], attributes["text-anchor"]], ["italic", "bold", "middle"]);
});

test("movements follow one another as on a canvas", () => {
  const ctx = new SvgContext(100, 50, "#fff");
  ctx.translate(10, 20);
  ctx.rotate(-Math.PI / 2);
  ctx.translate(3, 4);
  ctx.fillRect(0, 0, 1, 1);
  const [a, b, c, d, e, f] = /matrix\((.*)\)/.exec(ctx.file("").all("rect")[0].attributes.transform)[1].split(" ").map(Number);
  assert.ok(Math.hypot(a, b + 1, c - 1, d, e - 14, f - 17) < 1e-6); // across is up now
});
