// The guides and tables of a live element that are open, and when they are filled: less often than the charts move.

import { Part } from "./dom.js";

const EVERY = 1000; // milliseconds between two fillings
const CARD = "card"; // says what the sentences beside it say, at the same moment

export class Parts {
  #parts;
  #ask;
  #filledAt = -Infinity;
  #asked = false; // with the last request
  #late = 0; // timer: they are due, though no other picture may come

  // ask : asks for all that are open, at once.
  /** @param {Iterable<Element>} elements @param {() => void} ask */
  constructor(elements, ask) {
    this.#ask = ask;
    this.#parts = [...elements].map((element) => new Part(element, ask));
  }

  get #opened() {
    return this.#parts.filter((part) => part.open).map((part) => part.name);
  }

  // The next request asks for all.
  expire() {
    this.#filledAt = -Infinity;
  }

  // Names of those that are to be asked for.
  /** @param {number} now */
  due(now) {
    const due = this.#opened.filter((name) => name === CARD || now - this.#filledAt >= EVERY);
    this.#asked = due.some((name) => name !== CARD);
    return due;
  }

  // moment : at which update they are true. still : no other picture may come, which would ask for them.
  /** @param {Record<string, any>} filled @param {string} moment @param {number} now @param {boolean} still */
  show(filled, moment, now, still) {
    for (const part of this.#parts) {
      if (!(part.name in filled)) continue;
      part.show(filled[part.name], moment);
      if (part.name !== CARD) this.#filledAt = now;
    }
    clearTimeout(this.#late);
    if (still && !this.#asked && this.#opened.some((name) => name !== CARD)) this.#late = setTimeout(this.#ask, EVERY);
  }
}
