// Live element of the Arena: results, charts, verdicts, the sweep (ui/arena/renderer.py makes them).

/** @import { Component } from "../../live/static/payload.js" */

import { Chart } from "../../charts/static/chart.js";
import { LiveComponent } from "../../live/static/channel.js";
import { say, showResults } from "../../live/static/results.js";

const PAUSE = 60; // milliseconds between two pictures, at least
const SLOW_EVERY = 400; // milliseconds between two drawings of the charts that move slowly

// A list of sentences; changed in place.
/** @param {HTMLElement} element @param {string[]} sentences */
function list(element, sentences) {
  while (element.children.length > sentences.length) element.lastChild?.remove();
  while (element.children.length < sentences.length) element.append(document.createElement("li"));
  sentences.forEach((sentence, i) => say(element.children[i], sentence));
}

/**
 * @typedef {import("../../live/static/payload.d.ts").ArenaFrame} Frame
 * @typedef {import("../../live/static/payload.d.ts").PageData & {contenders: string[]}} Data
 */

/** @extends {LiveComponent<Frame, Data>} */
class Arena extends LiveComponent {
  #root;
  /** @type {Record<string, Chart>} */
  #charts = {};
  #slowAt = -Infinity;

  /** @param {HTMLElement} root */
  constructor(root) {
    super(root, PAUSE);
    this.#root = root;
    for (const element of root.querySelectorAll("[data-chart]")) {
      this.#charts[element.dataset.chart] = new Chart(element);
    }
    this.run();
  }

  charts() {
    return Object.values(this.#charts);
  }

  /** @param {import("../../live/static/payload.d.ts").Component<Data>} component */
  update(component) {
    super.update(component);
    this.find("scroll").setAttribute("aria-label", this.data.words.results);
  }

  /** @param {URLSearchParams} query @param {number} now */
  ask(query, now) {
    if (now - this.#slowAt < SLOW_EVERY && this.token !== "") query.set("loss", "0");
  }

  /** @param {Frame} frame */
  note({ sweep }) {
    if (!sweep) return;
    const { command, label, line, share, verdicts } = sweep;
    const button = this.find("sweeper");
    button.hidden = command === null;
    button.dataset.command = command ?? "";
    say(button, label);
    const progress = this.find("progress");
    progress.hidden = share === undefined;
    progress.value = share ?? 0;
    progress.setAttribute("aria-label", this.data.words.sweep);
    say(this.find("swept"), line);
    if (verdicts) list(this.find("found"), verdicts);
  }

  /**
   * @param {Frame} frame
   * @param {Frame | null} previous
   * @param {number} now
   */
  show(frame, previous, now) {
    showResults(this.find("results"), frame.table, this.data.contenders);
    list(this.find("verdicts"), frame.verdicts);
    if ("climb" in frame.figures) {
      for (const section of this.#root.querySelectorAll("[data-swept]")) section.hidden = false;
    }
    for (const [name, figure] of Object.entries(frame.figures)) this.#charts[name].draw(figure);
    if (frame.figures.race) this.#slowAt = now;
    else if (previous?.run !== frame.run || previous?.status !== frame.status) this.askAnew();
  }
}

// Streamlit calls this at the first drawing of the element and whenever the script has said something new.
/** @param {Component<Data>} component */
export default function (component) {
  const root = component.parentElement.querySelector(".arena");
  root.arena ??= new Arena(root);
  root.arena.update(component);
}
