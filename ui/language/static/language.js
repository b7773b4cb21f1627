// The page “Language”: sentences with their surprise, a tree of continuations, baselines, a game (ui/language makes them).

/** @import { Component } from "../../live/static/payload.js" */

import { Chart } from "../../charts/static/chart.js";
import { Game } from "./game.js";
import { Announcer } from "../../live/static/announcer.js";
import { LiveComponent } from "../../live/static/channel.js";
import { Branches, Candidates, Sentences } from "./tokens.js";
import { Samples, tableOf } from "../../live/static/dom.js";

const PAUSE = 200; // milliseconds between two pictures, at least: they are to be read
const NAMES = ["parting", "score", "choices", "rulers", "race"];

// The branches that a link names; the server drops what cannot be meant.
/** @param {string} text */
function parsed(text) {
  try {
    const branches = JSON.parse(text || "[]");
    return Array.isArray(branches) ? branches : [];
  } catch {
    return [];
  }
}

/**
 * @typedef {import("../../live/static/payload.d.ts").ScoreFrame} ScoreFrame
 * @typedef {import("../../live/static/payload.d.ts").WriteFrame} WriteFrame
 * @typedef {import("../../live/static/payload.d.ts").BaselinesFrame} BaselinesFrame
 * @typedef {import("../../live/static/payload.d.ts").GameFrame} GameFrame
 * @typedef {{sentence: number | null, branch: number, step: number | null}} Chosen
 * @typedef {ScoreFrame | WriteFrame | BaselinesFrame | GameFrame} Frame
 * @typedef {import("../../live/static/payload.d.ts").PageData & {view: string, passage: number, branches: string, bar: string, mark: string}} Data
 */

/** @extends {LiveComponent<Frame, Data>} */
class Language extends LiveComponent {
  #announcer = new Announcer((text) => this.find("choices").setAttribute("aria-valuetext", text));
  #root;
  /** @type {[parent: number | null, ids: number[]][]} */
  #forks = []; // [parent, ids] of the branches that the reader made with this network
  /** @type {Chosen} */
  #chosen = { sentence: null, branch: 0, step: null };
  #compared = "";
  chart; // by their names
  #note = () => {}; // tells the script which branches there are

  /** @param {HTMLElement} root */
  constructor(root) {
    super(root, PAUSE);
    this.#root = root;
    /** @type {Record<string, import("../../charts/static/chart.js").ChartOptions>} */
    const options = { choices: { onSelect: (step) => this.#choose({ step }) } };
    this.chart = Object.fromEntries(NAMES.map((name) => [name, new Chart(this.find(name), options[name])]));
    this.sentences = new Sentences(this.find("sentences"), (sentence) => this.#choose({ sentence }));
    this.branches = new Branches(this.find("branches"), (/** @type {number} */ branch, /** @type {number | null} */ step) => this.#choose({ branch, step }));
    this.candidates = new Candidates(this.find("candidates"), (symbol) => this.#fork(symbol));
    this.samples = new Samples(this.find("samples"));
    this.game = new Game((name) => this.find(name), () => this.askAnew({ parts: true }));
    this.find("forget").addEventListener("click", () => {
      this.#forks = [];
      this.#choose({ branch: 0, step: null });
      this.#note();
    });
    this.run();
  }

  charts() {
    return Object.values(this.chart);
  }

  /** @param {import("../../live/static/payload.d.ts").Component<Data>} component */
  update(component) {
    const { data, setStateValue } = component;
    if (!this.data) this.#forks = parsed(data.branches);
    this.#note = () => setStateValue("branches", this.#forks.length ? JSON.stringify(this.#forks) : "");
    const other = this.data?.view !== data.view;
    const fresh = this.data?.passage !== data.passage;
    super.update(component);
    for (const name of ["bar", "mark"]) this.#root.style.setProperty(`--live-${name}`, data[/** @type {"bar" | "mark"} */ (name)]);
    this.samples.wordless(data.words.noText);
    this.game.words(data.words);
    if (fresh) this.game.anotherText();
    if (fresh || other) this.askAnew({ parts: true }); // what is under way speaks of guesses in the text before
    if (!other) return;
    for (const view of this.#root.querySelectorAll("[data-view]")) view.hidden = view.dataset.view !== data.view;
  }

  /** @param {URLSearchParams} query */
  ask(query) {
    query.set("run", String(this.frame?.run ?? -1));
    const { sentence, branch, step } = this.#chosen;
    if (sentence !== null) query.set("sentence", String(sentence));
    query.set("branch", String(branch));
    if (step !== null) query.set("step", String(step));
    const made = { branches: this.#forks, guesses: this.game.guesses };
    for (const [name, list] of Object.entries(made)) if (list.length) query.set(name, JSON.stringify(list));
  }

  /**
   * @param {Frame} frame
   * @param {Frame | null} previous
   */
  show(frame, previous) {
    if (frame.view !== this.data.view) return; // the script has gone on meanwhile
    if (previous?.run !== undefined && previous.run !== frame.run) {
      const forked = this.#forks.length > 0;
      this.#forks = [];
      this.#chosen = { sentence: null, branch: 0, step: null };
      if (forked) this.#note();
      this.samples.forget();
      this.game.startOver();
    }
    for (const [name, figure] of Object.entries(frame.figures)) this.chart[name].draw(figure);
    this.rest = frame.rest;
    if (frame.view === "score") this.#showScore(frame);
    if (frame.view === "write") this.#showWriting(frame);
    if (frame.view === "rulers") this.#showBaselines(frame);
    if (frame.view === "game") this.#showGame(frame);
  }

  /** @param {ScoreFrame} frame */
  #showScore(frame) {
    const [words, ...symbols] = frame.before;
    this.find("before").textContent = `${words} ${symbols.join("")}`;
    this.sentences.show(frame.sentences, frame.best, frame.chosen);
    this.find("score").hidden = !("score" in frame.figures);
    this.#say("verdict", frame.verdict);
  }

  /** @param {WriteFrame} frame */
  #showWriting(frame) {
    this.#chosen.branch = frame.branch;
    this.chart.choices.select(frame.step);
    this.branches.show(frame.branches, frame.prompt, frame.branch, frame.step, frame.unread);
    this.candidates.show(frame.candidates);
    this.#tell(frame);
    this.find("forget").hidden = frame.branches.length < 2;
    const compared = JSON.stringify(frame.compared);
    if (compared !== this.#compared) {
      this.#compared = compared;
      const element = this.find("compared");
      const top = element.scrollTop;
      element.replaceChildren(tableOf(frame.compared));
      element.scrollTop = top;
    }
    if (frame.samples) this.samples.show(frame.samples);
  }

  /** @param {BaselinesFrame} frame */
  #showBaselines(frame) {
    this.#say("comparison", frame.summary);
    const progress = this.find("counting");
    progress.hidden = frame.share >= 1;
    progress.value = frame.share;
    progress.setAttribute("aria-label", frame.summary);
  }

  /** @param {GameFrame} frame */
  #showGame(frame) {
    if (frame.passage === this.data.passage) this.game.show(frame); // else the one before, asked for earlier
  }

  // For those who hear the chart of the steps.
  /** @param {WriteFrame} frame */
  #tell({ step, length, candidates }) {
    const chart = this.find("choices");
    chart.setAttribute("aria-valuemin", "0");
    chart.setAttribute("aria-valuemax", String(length - 1));
    chart.setAttribute("aria-valuenow", String(step ?? 0));
    const text = candidates ? `${candidates.title}; ${candidates.sentence}` : this.data.words.chooseStep;
    this.#announcer.say(text, step, this.playing);
  }

  /** @param {string} name @param {string} text */
  #say(name, text) {
    const element = this.find(name);
    if (element.textContent !== text) element.textContent = text;
  }

  /** @param {Partial<Chosen>} chosen */
  #choose(chosen) {
    this.#chosen = { ...this.#chosen, ...chosen };
    this.askAnew({ parts: true });
  }

  // Go on from another symbol at the chosen step: a branch of its own.
  /** @param {number} symbol */
  #fork(symbol) {
    const { branches, branch, step } = /** @type {WriteFrame} */ (this.frame);
    this.#forks = branches.slice(1).map(({ parent, ids, given }) => [parent, ids.slice(0, given)]);
    this.#forks.push([branch, [...branches[branch].ids.slice(0, step ?? 0), symbol]]);
    this.#choose({ branch: branches.length, step });
    this.#note();
  }
}

// Streamlit calls this at the first drawing of the element and whenever the script has said something new.
/** @param {Component<Data>} component */
export default function (component) {
  const root = component.parentElement.querySelector(".writing");
  root.writing ??= new Language(root);
  root.writing.update(component);
}
