// Guesses that are not locked, or not sent to the class, in the browser's own storage: a reload finds them again.

/** @import { Guess } from "../../live/static/payload.js" */

import { browserStorage } from "./browser.js";

export const DRAFTS = "rnn-lab-course-drafts";
const MOST = 40; // drafts

/** @param {Storage} storage @returns {Record<string, any>} */
function content(storage) {
  try {
    const value = JSON.parse(storage.getItem(DRAFTS) ?? "{}");
    return value && typeof value === "object" && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}

// Whether a control can show the answer: what is kept may be of a lesson that has changed, and anybody can edit it.
/** @param {Guess} guess @param {any} answer @returns {boolean} */
export function fits(guess, answer) {
  /** @param {any[]} list @param {any} value */
  const known = (list, value) => list.some(([key]) => key === value);
  switch (guess.kind) {
    case "number":
      return Number.isFinite(answer) && answer >= guess.low && answer <= guess.high;
    case "choice":
      return known(guess.options, answer);
    case "many": {
      const pairs = answer && typeof answer === "object" ? Object.entries(answer) : [];
      return pairs.length > 0 && pairs.every(([key, value]) => known(guess.items, key) && known(guess.options, value));
    }
    case "order":
      return Array.isArray(answer) && [...answer].sort().join() === guess.items.map(([key]) => key).sort().join();
    case "curve":
      return Array.isArray(answer) && answer.length === guess.at.length && answer.every(Number.isFinite);
  }
}

// Whether nothing is missing in an answer.
/** @param {Guess} guess @param {any} answer */
export function complete(guess, answer) {
  return fits(guess, answer ?? null) && (guess.kind !== "many" || guess.items.every(([key]) => key in answer));
}

// The answers so far under a name, by guess; what is as it cannot be is left out.
/** @param {string} name @param {Guess[]} guesses @returns {Record<string, any>} */
export function draft(name, guesses, storage = browserStorage()) {
  const found = content(storage)[name] ?? {};
  const sound = guesses.filter((guess) => fits(guess, found[guess.name] ?? null));
  return Object.fromEntries(sound.map((guess) => [guess.name, found[guess.name]]));
}

// Keep the answers under a name; with none forget those that are kept.
/** @param {string} name @param {Record<string, any>} answers */
export function keepDraft(name, answers, storage = browserStorage()) {
  const { [name]: before, ...others } = content(storage);
  const given = Object.fromEntries(Object.entries(answers).filter(([, answer]) => (answer ?? null) !== null));
  if (before === undefined && !Object.keys(given).length) return;
  const all = Object.keys(given).length ? { ...others, [name]: given } : others;
  try {
    storage.setItem(DRAFTS, JSON.stringify(Object.fromEntries(Object.entries(all).slice(-MOST))));
  } catch {
    // full, or forbidden: the draft lives as long as the page
  }
}

// Whether anything is kept.
export function anyDrafts(storage = browserStorage()) {
  return Object.keys(content(storage)).length > 0;
}

export function forgetDrafts(storage = browserStorage()) {
  try {
    storage.removeItem(DRAFTS);
  } catch {
    // as above
  }
}
