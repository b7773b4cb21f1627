// The guessing game: a symbol, how sure the reader is of it, and what everybody has paid.

/** @import { NameAndText } from "../../live/static/payload.js" */

/** @import { GameFrame } from "../../live/static/payload.js" */

import { tableOf } from "../../live/static/dom.js";

const DEFAULT = 50; // percent

export class Game {
  /** @type {(name: string) => any} */
  #find;
  /** @type {[text: string, percent: number][]} */
  guesses = []; // [symbol, percent] so far, also those that wait for an answer
  /** @type {() => void} */
  #onGuess; // hears that there is another
  /** @type {NameAndText | null} */
  #refused = null; // what was said of the last one, if it could not be read
  #certainty = DEFAULT;
  /** @type {GameFrame | null} */
  #frame = null; // of the text that is shown; none while another one is on its way
  #focused = false; // whether the field had the focus when it was closed
  /** @type {Record<string, string>} */
  #words = {};
  #sums = "";

  /** @param {(name: string) => any} find @param {() => void} onGuess */
  constructor(find, onGuess) {
    [this.#find, this.#onGuess] = [find, onGuess];
    const input = find("guess");
    find("form").addEventListener("submit", (/** @type {Event} */ event) => {
      event.preventDefault(); // Enter: a word, or a line end
      this.#take(input.value || "\n");
    });
    input.addEventListener("input", (/** @type {InputEvent} */ event) => {
      if (this.#frame?.kind === "characters" && !event.isComposing && input.value) this.#take(input.value);
    });
    input.addEventListener("compositionend", () => {
      if (this.#frame?.kind === "characters" && input.value) this.#take(input.value);
    });
    find("again").addEventListener("click", () => {
      this.startOver();
      this.#open(true);
      this.#onGuess();
      input.focus();
    });
  }

  /** @param {Record<string, string>} words */
  words(words) {
    this.#words = words;
  }

  startOver() {
    this.guesses = [];
    this.#refused = null;
  }

  // Another text is asked for. Until it is there nobody can guess what comes next in it: the field is closed.
  anotherText() {
    this.startOver();
    this.#frame = null;
    this.#find("guess").value = "";
    this.#open(false);
  }

  /** @param {boolean} is */
  #open(is) {
    const input = this.#find("guess");
    if (input.disabled !== is) return;
    if (!is) this.#focused = input.getRootNode().activeElement === input;
    input.disabled = !is;
    if (is && this.#focused) input.focus();
  }

  /** @param {string} text */
  #take(text) {
    this.#find("guess").value = "";
    if (!this.#frame || this.guesses.length >= this.#frame.rounds) return;
    this.#refused = null;
    this.guesses.push([text, this.#certainty]);
    this.#onGuess();
  }

  /** @param {GameFrame} frame */
  show(frame) {
    this.#frame = frame;
    this.#say("seen", frame.seen);
    if (frame.done < frame.asked) {
      this.#refused = frame.summary;
      this.guesses.length = Math.min(this.guesses.length, frame.done); // whatever came after it waits for a new one
    }
    const [sentence, beside] = this.#refused ?? frame.summary;
    this.#say("message", sentence);
    this.#say("came", beside);
    this.#say("guess-hint", this.#words[frame.kind === "words" ? "guessWord" : "guessHint"]);
    this.#open(!frame.over);
    this.#find("again").hidden = frame.done === 0;
    const choice = this.#find("certainty");
    if (!choice.children.length) choice.append(...frame.certainties.map((percent) => this.#option(percent)));
    const sums = JSON.stringify(frame.sums);
    if (sums === this.#sums) return;
    this.#sums = sums;
    this.#find("sums").replaceChildren(tableOf(frame.sums));
  }

  /** @param {number} percent */
  #option(percent) {
    const [label, input] = ["label", "input"].map((name) => document.createElement(name));
    Object.assign(input, { type: "radio", name: "certainty", value: percent, checked: percent === this.#certainty });
    input.addEventListener("change", () => {
      this.#certainty = percent;
      this.#find("guess").focus();
    });
    label.append(input, `${percent}%`);
    return label;
  }

  /** @param {string} name @param {string} text */
  #say(name, text) {
    const element = this.#find(name);
    if (element.textContent !== text) element.textContent = text;
  }
}
