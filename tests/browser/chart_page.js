// The page of chart_page.py: one chart, and what the tests ask it.

import { Chart } from "/ui/charts/static/chart.js";

const element = document.getElementById("chart");
document.body.style.margin = "0";
window.selected = [];
window.texts = []; // of the last drawing: [text, left, right, height of the letters, base line]

const { clearRect, fillText } = CanvasRenderingContext2D.prototype;
CanvasRenderingContext2D.prototype.clearRect = function (x, y, width, height) {
  if (!x && !y) window.texts = [];
  return clearRect.call(this, x, y, width, height);
};
CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
  const { width } = this.measureText(text);
  const left = x - (this.textAlign === "center" ? width / 2 : this.textAlign === "right" ? width : 0);
  window.texts.push([text, left, left + width, parseFloat(/([\d.]+)px/.exec(this.font)[1]), y]);
  return fillText.call(this, text, x, y);
};

window.chart = new Chart(element, { onSelect: (step) => window.selected.push(step) });

window.drawn = async (figure) => {
  const { frames } = window.chart;
  window.chart.draw(figure);
  while (window.chart.frames === frames) await new Promise((resolve) => requestAnimationFrame(resolve));
};

window.pixels = (points) => {
  const canvas = element.querySelector("canvas");
  const ratio = canvas.width / element.clientWidth;
  const { data, width } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return points.map(([x, y]) => {
    const at = 4 * (Math.floor(y * ratio) * width + Math.floor(x * ratio));
    return Array.from(data.slice(at, at + 4));
  });
};
