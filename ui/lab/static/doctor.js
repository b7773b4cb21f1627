// The doctor's line under the loss (ui/lab/doctor/): what ails the training, the evidence, and what can be tried.

const POINTED = 2000; // milliseconds that the chart with the evidence is marked

export class Doctor {
  #element;
  #sentence;
  #evidence;
  #remedy;
  /** @type {import("../../live/static/payload.d.ts").Doctor["evidence"]} */
  #shown = null;

  /**
   * @param {HTMLElement} element
   * @param {(update: number, chart: "loss" | "score") => void} show the evidence
   */
  constructor(element, show) {
    this.#element = element;
    this.#sentence = element.querySelector("p");
    [this.#evidence, this.#remedy] = element.querySelectorAll("button");
    this.#evidence.addEventListener("click", () => this.#shown && show(...this.#shown));
  }

  /** @param {import("../../live/static/payload.d.ts").Doctor} line */
  show({ sentence, evidence, remedy }) {
    this.#shown = evidence;
    this.#element.hidden = !sentence;
    if (this.#sentence.textContent !== sentence) this.#sentence.textContent = sentence;
    this.#evidence.hidden = !evidence;
    this.#remedy.hidden = !remedy;
    if (this.#remedy.textContent !== remedy) this.#remedy.textContent = remedy;
  }
}

// Bring a chart into sight and mark it for a moment.
/** @param {HTMLElement} chart */
export function point(chart) {
  const behavior = window.matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  chart.scrollIntoView({ behavior, block: "nearest" });
  chart.classList.add("live-pointed");
  setTimeout(() => chart.classList.remove("live-pointed"), POINTED);
}
