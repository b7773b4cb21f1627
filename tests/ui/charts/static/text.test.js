import assert from "node:assert/strict";
import test from "node:test";

import { fitted, forgetWidths, rich, unescape, widthOf, withoutTags, write } from "../../../../ui/charts/static/text.js";
import { Context } from "./drawing.js";

const FONT = { size: 10, family: "sans-serif", color: "#000" };

test("entities are read once", () => {
  assert.equal(unescape("&lt;b&gt; &amp;lt; &#960; &#x3c0; &nope;"), "<b> &lt; π π &nope;");
});

test("tags go, what only looks like one stays", () => {
  assert.equal(withoutTags("<b>h</b><sub>t</sub> &lt;b&gt; 1 < 2<br>x <script>y"), "ht <b> 1 < 2\nx <script>y");
});

test("pieces of a line differ in height, weight and colour", () => {
  const [[plain, sub], [bold, red]] = rich("h<sub>t</sub><br><b>b</b><span style='color:red'>r</span>");
  assert.deepEqual(plain, { text: "h" });
  assert.ok(sub.text === "t" && sub.rise < 0 && sub.scale < 1);
  assert.deepEqual([bold.weight, red.colour], ["bold", "red"]);
});

test("a text is as wide as its longest line, and a subscript is narrower than a letter", () => {
  forgetWidths();
  const ctx = new Context();
  assert.equal(widthOf(ctx, rich("ab<br>abcd"), FONT), 24);
  assert.ok(widthOf(ctx, rich("h<sub>t</sub>"), FONT) < widthOf(ctx, rich("ht"), FONT));
});

test("letters shrink to the room, not below eight pixels", () => {
  const ctx = new Context();
  assert.equal(fitted(ctx, rich("abcdefghij"), FONT, 60), FONT);
  assert.equal(fitted(ctx, rich("abcdefghij"), FONT, 54).size, 9);
  assert.equal(fitted(ctx, rich("abcdefghij"), FONT, 5).size, 8);
});

test("lines lie left of, around or right of a point", () => {
  const left = (horizontally) => {
    const ctx = new Context();
    write(ctx, rich("abcd"), 100, 0, FONT, horizontally);
    return ctx.texts[0][1];
  };
  assert.deepEqual([-1, 0, 1].map(left), [76, 88, 100]);
});
