// Live element of the page “Shapes”: diagram, the shape's own chart, curves, networks (ui/shapes/renderer.py).

/** @import { Component } from "../../live/static/payload.js" */

import { Chart } from "../../charts/static/chart.js";
import { LiveComponent } from "../../live/static/channel.js";
import { say, showResults } from "../../live/static/results.js";

const WORD = 0.33; // rem for a letter of the smallest size
const PAUSE = 60; // milliseconds between two pictures, at least
const SLOW_EVERY = 400; // milliseconds between two drawings of the curves

/**
 * @typedef {import("../../live/static/payload.d.ts").ShapesFrame} Frame
 * @typedef {import("../../live/static/payload.d.ts").PageData & {contenders: string[]}} Data
 */

// Where a unit is as long across as upwards: no higher than all that it shows needs in this width.
/** @param {import("../../charts/static/figure.js").Figure} figure @param {number} width */
function notTooHigh(figure, width) {
  const { xaxis, yaxis, margin, height } = /** @type {import("../../charts/static/figure.js").Layout} */ (figure.layout);
  if (yaxis.scaleanchor !== "x") return figure;
  const [across, down] = [xaxis, yaxis].map(({ range: [from, to] }) => Math.abs(to - from));
  const needed = ((width - margin.l - margin.r) * down) / across + margin.t + margin.b;
  return { ...figure, layout: { ...figure.layout, height: Math.min(height, needed) } };
}

/** @extends {LiveComponent<Frame, Data>} */
class Shapes extends LiveComponent {
  /** @type {Record<string, Chart>} */
  #charts = {};
  #diagram; // the element
  #decoded; // the section on what a decoder may write
  #graded; // on how good it is
  #scrolled = false; // by the reader, since this run began
  #slowAt = -Infinity;

  /** @param {HTMLElement} root */
  constructor(root) {
    super(root, PAUSE);
    for (const element of root.querySelectorAll("[data-chart]")) {
      this.#charts[element.dataset.chart] = new Chart(element);
    }
    this.#decoded = root.querySelector(".live-decoded");
    this.#graded = root.querySelector(".live-graded");
    this.#diagram = root.querySelector('[data-chart="diagram"]');
    for (const kind of ["pointerdown", "wheel", "keydown"]) {
      this.#diagram.parentElement.addEventListener(kind, () => (this.#scrolled = true), { passive: true });
    }
    this.run();
  }

  charts() {
    return Object.values(this.#charts);
  }

  /** @param {import("../../live/static/payload.d.ts").Component<Data>} component */
  update(component) {
    super.update(component);
    for (const element of component.parentElement.querySelectorAll(".live-scroll")) {
      element.setAttribute("aria-label", this.data.words[element.querySelector("table") ? "results" : "diagram"]);
    }
  }

  /** @param {URLSearchParams} query @param {number} now */
  ask(query, now) {
    if (now - this.#slowAt < SLOW_EVERY && this.token !== "") query.set("loss", "0");
  }

  // Where the diagram scrolls: outputs that come last are in sight, also when there are more of them than before.
  /** @param {boolean} ends */
  #toTheOutput(ends) {
    const scroll = this.#diagram.parentElement;
    scroll.scrollLeft = ends ? scroll.scrollWidth : 0;
  }

  /**
   * @param {Frame} frame
   * @param {Frame | null} previous
   * @param {number} now
   */
  show(frame, previous, now) {
    showResults(this.find("results"), frame.table, this.data.contenders);
    say(this.find("title-finding"), frame.titles.finding);
    say(this.find("summary"), frame.summary);
    const besideThePaper = document.querySelector(".drawing-said");
    if (besideThePaper) say(besideThePaper, frame.said);
    // on a narrow screen it scrolls: so wide that every column, and every word in it, has room
    const width = Math.max(Math.min(44, 6 + 2.6 * frame.columns), 6 + WORD * frame.letters * frame.columns);
    this.#diagram.style.minWidth = `${width}rem`;
    this.find("alignment").hidden = !frame.figures.alignment;
    this.#decoded.hidden = !frame.decodes;
    this.#graded.hidden = !frame.graded;
    for (const [name, figure] of Object.entries(frame.figures)) {
      const chart = this.#charts[name];
      chart.draw(name === "finding" ? notTooHigh(figure, chart.element.clientWidth) : figure);
    }
    if (previous?.run !== frame.run) this.#scrolled = false;
    if (!this.#scrolled) requestAnimationFrame(() => this.#toTheOutput(frame.ends));
    const chart = this.find("title-finding").parentElement.querySelector("[data-chart]");
    if (chart.getAttribute("aria-label") !== frame.alts.finding) chart.setAttribute("aria-label", frame.alts.finding);
    if (frame.figures.race) this.#slowAt = now;
    else if (previous?.run !== frame.run || previous?.status !== frame.status) this.askAnew();
  }
}

// Streamlit calls this at the first drawing of the element and whenever the script has said something new.
/** @param {Component<Data>} component */
export default function (component) {
  const root = component.parentElement.querySelector(".shapes");
  root.shapes ??= new Shapes(root);
  root.shapes.update(component);
}
