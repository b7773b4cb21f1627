// The guessing game: a symbol, how sure the reader is of it, and what everybody has paid.

import { tableOf } from "./words.js";

const DEFAULT = 50; // percent

export class Game {
  #find;
  #onGuess; // hears all guesses so far
  #guesses = [];
  #certainty = DEFAULT;
  #frame = null;
  #words = {};
  #sums = "";

  constructor(find, onGuess) {
    [this.#find, this.#onGuess] = [find, onGuess];
    const input = find("guess");
    find("form").addEventListener("submit", (event) => {
      event.preventDefault(); // Enter: a word, or a line end
      this.#take(input.value || "\n");
    });
    input.addEventListener("input", (event) => {
      if (this.#frame?.kind === "characters" && !event.isComposing && input.value) this.#take(input.value);
    });
    input.addEventListener("compositionend", () => {
      if (this.#frame?.kind === "characters" && input.value) this.#take(input.value);
    });
    find("again").addEventListener("click", () => {
      this.startOver();
      this.#onGuess([]);
      input.focus();
    });
  }

  words(words) {
    this.#words = words;
  }

  startOver() {
    this.#guesses = [];
  }

  #take(text) {
    this.#find("guess").value = "";
    if (!this.#frame || this.#frame.over) return;
    // One that could not be read is not among those that count.
    this.#guesses = [...this.#guesses.slice(0, this.#frame.done), [text, this.#certainty]];
    this.#onGuess(this.#guesses);
  }

  show(frame) {
    this.#frame = frame;
    this.#say("seen", frame.seen);
    const [sentence, beside] = frame.said;
    this.#say("told", sentence);
    this.#say("came", beside);
    this.#say("guess-hint", this.#words[frame.kind === "words" ? "guessWord" : "guessHint"]);
    this.#find("guess").disabled = frame.over;
    this.#find("again").hidden = frame.done === 0;
    const choice = this.#find("certainty");
    if (!choice.children.length) choice.append(...frame.certainties.map((percent) => this.#option(percent)));
    const sums = JSON.stringify(frame.sums);
    if (sums === this.#sums) return;
    this.#sums = sums;
    this.#find("sums").replaceChildren(tableOf(frame.sums));
  }

  #option(percent) {
    const [label, input] = ["label", "input"].map((name) => document.createElement(name));
    Object.assign(input, { type: "radio", name: "certainty", value: percent, checked: percent === this.#certainty });
    input.addEventListener("change", () => {
      this.#certainty = percent;
      this.#find("guess").focus();
    });
    label.append(input, `${percent} %`);
    return label;
  }

  #say(name, text) {
    const element = this.#find(name);
    if (element.textContent !== text) element.textContent = text;
  }
}
