// Announcements for screen readers: rarely while a network trains, in full as soon as it rests.

const RARELY = 6000; // milliseconds between two announcements of what goes by

export class Announcer {
  #write;
  /** @type {string | null} */
  #announced = null;
  /** @type {any} */
  #choice;
  #at = -Infinity;

  // write : says a text, such as by setting an attribute.
  /** @param {(text: string) => void} write */
  constructor(write) {
    this.#write = write;
  }

  // choice : what the reader has chosen; another one is told at once. training : a network trains meanwhile.
  /** @param {string} text @param {any} choice @param {boolean} training */
  say(text, choice, training) {
    const now = performance.now();
    if (text === this.#announced || (training && choice === this.#choice && now - this.#at < RARELY)) return;
    [this.#announced, this.#choice, this.#at] = [text, choice, now];
    this.#write(text);
  }
}
