// Live element of the Lab: the score, the loss, the chosen step, the network's texts (ui/lab/renderer.py makes them).

/** @import { Component } from "../../live/static/payload.js" */

import { Chart } from "../../charts/static/chart.js";
import { Announcer } from "../../live/static/announcer.js";
import { LiveComponent } from "../../live/static/channel.js";
import { Details, Samples } from "../../live/static/dom.js";
import { Doctor, point } from "./doctor.js";
import { FilmButton } from "./film_button.js";

const PAUSE = 60; // milliseconds between two pictures, at least
const LOSS_EVERY = 1000; // milliseconds between two drawings of the loss: it moves more slowly
const TELL_AFTER = 300; // milliseconds after a step was chosen, the script hears of it

const WIDE = window.matchMedia("(min-width: 1101px)"); // two columns (ui/live/static/live.css)

/**
 * @typedef {import("../../live/static/payload.d.ts").LabFrame} Frame
 * @typedef {import("../../live/static/payload.d.ts").PageData & {step: number}} Data
 */

/** @extends {LiveComponent<Frame, Data>} */
class Lab extends LiveComponent {
  /** @type {() => void} */
  #note; // tells the script which step is chosen
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {number | null} */
  #step = null;
  #lossAt = -Infinity;
  /** @type {{ newest?: number, marked?: number }} where the drawn curve ends, and which moment of it is looked at */
  #lossOf = {};
  #announcer = new Announcer((text) => this.find("score").setAttribute("aria-valuetext", text));

  /** @param {HTMLElement} root */
  constructor(root) {
    super(root, PAUSE);
    this.score = new Chart(this.find("score"), { onSelect: (step) => this.select(step) });
    this.loss = new Chart(this.find("loss"));
    this.details = new Details(this.find("details"), (command) => this.#leave(command));
    this.doctor = new Doctor(this.find("doctor"), (update, chart) => this.#showEvidence(update, chart));
    this.film = new FilmButton(this.find("make-film"), (name) => this.command(name));
    this.#beside();
    WIDE.addEventListener("change", () => this.#beside());
    this.samples = new Samples(this.find("samples"));
    this.run();
  }

  // The step's values stand at the top of the other column where there is one: below the score they would be out of sight.
  #beside() {
    const details = this.find("details");
    if (WIDE.matches) this.find("loss").parentElement.prepend(details);
    else this.find("score").nextElementSibling.after(details);
  }

  // To another page, at the chosen step.
  /** @param {string} command */
  #leave(command) {
    clearTimeout(this.#timer);
    this.#note();
    this.act(command);
  }

  // The chart in which one sees what the doctor says, as it was at that update.
  /** @param {number} update @param {"loss" | "score"} chart */
  #showEvidence(update, chart) {
    this.scrubber?.look(update);
    point(this.find(chart));
  }

  charts() {
    return [this.score, this.loss];
  }

  /** @param {import("../../live/static/payload.d.ts").Component<Data>} component */
  update(component) {
    const { data, setStateValue } = component;
    if (!this.data && data.step >= 0) this.#step = data.step;
    this.#note = () => setStateValue("step", this.#step ?? -1);
    super.update(component);
    this.samples.wordless(data.words.noText);
    if (this.frame) this.#tell();
  }

  /** @param {number | null} step */
  select(step) {
    this.#step = step;
    this.score.select(step);
    this.#tell();
    this.askAnew();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#note, TELL_AFTER);
  }

  /** @param {URLSearchParams} query @param {number} now */
  ask(query, now) {
    if (this.#step !== null) query.set("step", String(this.#step));
    if (this.samples.newest !== null) query.set("samples", String(this.samples.newest));
    if (now - this.#lossAt < LOSS_EVERY && this.token !== "" && !this.scrubber?.playing) query.set("loss", "0");
  }

  /**
   * @param {Frame} frame
   * @param {Frame | null} previous
   * @param {number} now
   */
  show(frame, previous, now) {
    if (!previous?.figures) this.score.select(this.#step);
    if (this.#step !== null && this.#step >= frame.steps) {
      this.#step = frame.steps - 1;
      this.score.select(this.#step);
    }
    this.find("verdict").textContent = frame.verdict;
    this.doctor.show(frame.doctor);
    this.film.show(frame.film);
    this.find("pytorch").hidden = !frame.pytorch;
    this.score.draw(frame.figures.score);
    const newest = frame.look?.newest;
    const marked = frame.look?.past ? frame.look.update : undefined;
    if (frame.figures.loss) {
      this.loss.draw(frame.figures.loss);
      this.#lossAt = now;
      this.#lossOf = { newest, marked };
    } else if (previous?.run !== frame.run) {
      this.askAnew();
    } else if (marked !== this.#lossOf.marked || (!this.playing && newest !== this.#lossOf.newest)) {
      [this.#lossAt, this.#lossOf] = [-Infinity, { newest, marked }]; // nothing else may bring it soon
      this.askAnew();
    }
    this.details.show(frame.details ?? null);
    if (frame.samples) this.samples.show(frame.samples);
    else if (frame.samples === undefined && previous?.run !== frame.run) this.samples.forget();
    this.#tell();
  }

  // For those who hear the score: the chosen step and its values.
  #tell() {
    const score = this.find("score");
    const details = this.frame?.details;
    score.setAttribute("aria-valuemin", "0");
    score.setAttribute("aria-valuemax", String(Math.max(0, (this.frame?.steps ?? 1) - 1)));
    score.setAttribute("aria-valuenow", String(this.#step ?? 0));
    const lines = details && this.#step !== null ? [details.title, ...details.rows.map((row) => row.join(" "))] : [];
    this.#announcer.say(lines.join("; ") || this.data.words.noStep, this.#step, this.playing);
  }
}

// Streamlit calls this at the first drawing of the element and whenever the script has said something new.
/** @param {Component<Data>} component */
export default function (component) {
  const root = component.parentElement.querySelector(".live");
  root.live ??= new Lab(root);
  root.live.update(component);
}
