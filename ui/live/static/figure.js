// A chart that does not move (ui/live/figure.py).

/** @import { Component, FigureData } from "./payload.js" */

import { Chart } from "../../charts/static/chart.js";
import { ChartTools } from "./charts.js";

// Streamlit calls this at the first drawing of the element and whenever the script has said something new.
/** @param {Component<FigureData>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".live-still");
  const element = root.querySelector(".live-figure");
  document.documentElement.lang = data.language;
  element.dataset.chart = data.name;
  element.setAttribute("aria-label", data.words.alt);
  root.chart ??= new Chart(element);
  root.tools ??= new ChartTools(root, [root.chart], (name) => root.act(name));
  /** @param {string} name */
  root.act = (name) => setTriggerValue("act", name);
  if (root.figure !== data.figure) {
    root.figure = data.figure;
    root.chart.draw(JSON.parse(data.figure));
  }
  root.tools.update(data);
}
