// What the class is asked while it guesses, for all to read from the teacher's screen: each question and its answers.

/** @import { Guess } from "../../../live/static/payload.js" */

import { make } from "../../static/guesses.js";
import { withUnit, written } from "../../static/scale.js";

// What can be answered, one line each; nothing where a curve is drawn. pair : how an item and its answer are written.
/** @param {Guess} guess @param {string} language @param {string} pair @returns {string[]} */
export function answersOf(guess, language, pair) {
  /** @param {[string, string][]} pairs */
  const labels = (pairs) => pairs.map(([, label]) => label);
  switch (guess.kind) {
    case "number": {
      const ends = [guess.low, guess.high].map((end) => written(end, language));
      return [withUnit(ends.join(" … "), guess.unit)];
    }
    case "choice":
      return labels(guess.options);
    case "many":
      return labels(guess.items).map((item) =>
        pair.replace("{item}", () => item).replace("{answer}", () => labels(guess.options).join(" / ")),
      );
    case "order":
      return labels(guess.items);
    default:
      return [];
  }
}

export class Question {
  element = make("div", { className: "class-question" });
  #shown = "";

  // guesses : of a frame; none while nothing is asked.
  /** @param {Guess[]} guesses @param {string} language @param {string} pair */
  show(guesses, language, pair) {
    const shown = JSON.stringify([guesses, language]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.element.hidden = guesses.length === 0;
    this.element.replaceChildren(
      ...guesses.flatMap((guess) => {
        const answers = answersOf(guess, language, pair).map((textContent) => make("li", { textContent }));
        const question = make("p", { textContent: guess.label });
        return answers.length ? [question, make("ul", {}, ...answers)] : [question];
      }),
    );
  }
}
