import assert from "node:assert/strict";
import test from "node:test";

import { check } from "../../../../ui/charts/static/subset.js";

test("what is in the table passes", () => {
  const font = { size: 10, color: "#000" };
  check({
    data: [
      { y: [1, 2], mode: "lines", line: { dash: "dot" }, textfont: font },
      { type: "bar", y: { dtype: "f8", bdata: "" }, marker: { color: ["#000"] } },
      { type: "heatmap", z: [[1]], colorbar: { tickfont: font } },
    ],
    layout: { xaxis: { type: "log" }, yaxis12: { title: { text: "a", font } }, shapes: [{ type: "line" }], template: { layout: { font } } },
  });
  check({});
});

for (const [figure, name] of [
  [{ data: [{ type: "pie" }] }, /trace type "pie"/],
  [{ data: [{ type: "constructor" }] }, /trace type "constructor"/],
  [{ data: [{ y: [1], xaxis: "x2" }] }, /scatter\.xaxis "x2"/],
  [{ data: [{ type: "bar", y: [1], orientation: "h" }] }, /bar\.orientation "h"/],
  [{ data: [{ y: [1], line: { shape: "spline" } }] }, /scatter\.line\.shape "spline"/],
  [{ data: [{ y: [1], fill: "tozeroy" }] }, /scatter\.fill "tozeroy"/],
  [{ data: [{ y: [1], marker: { symbol: "star" } }] }, /scatter\.marker\.symbol "star"/],
  [{ data: [{ y: [1], stackgroup: "a" }] }, /scatter\.stackgroup/],
  [{ layout: { yaxis2: { type: "date" } } }, /layout\.yaxis2\.type "date"/],
  [{ layout: { template: { layout: { xaxis: { zeroline: true } } } } }, /layout\.template\.layout\.xaxis\.zeroline "true"/],
  [{ layout: { shapes: [{ type: "line" }, { type: "circle" }] } }, /layout\.shapes\.type "circle"/],
  [{ layout: { annotations: [{ text: "a", showarrow: true }] } }, /layout\.annotations\.showarrow "true"/],
  [{ layout: { legend: { orientation: "v" } } }, /layout\.legend\.orientation "v"/],
  [{ layout: { polar: {} } }, /layout\.polar/],
]) {
  test(`refused by name: ${JSON.stringify(figure)}`, () => assert.throws(() => check(figure), name));
}
