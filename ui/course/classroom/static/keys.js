// Keys that this browser has for classes, in its own storage: the teacher's, or the token of a member. Two tabs of one
// browser are one member; a reload changes nothing. No address holds a key.

import { browserStorage } from "../../static/browser.js";

const NAME = "rnn-lab-classes";
const MOST = 20; // classes that are remembered

/** @param {Storage} storage */
function content(storage) {
  try {
    const value = JSON.parse(storage.getItem(NAME) ?? "{}");
    return value && typeof value === "object" && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}

/** @param {string} code @param {Storage} storage */
const others = (code, storage) => Object.fromEntries(Object.entries(content(storage)).filter(([name]) => name !== code));

/** @param {Record<string, any>} keys @param {Storage} storage */
function write(keys, storage) {
  try {
    storage.setItem(NAME, JSON.stringify(Object.fromEntries(Object.entries(keys).slice(-MOST))));
  } catch {
    // full, or forbidden: a reload then joins anew
  }
}

// The key for a class; null where there is none.
/** @param {string} code @returns {{key: string, teacher: boolean} | null} */
export function keyOf(code, storage = browserStorage()) {
  const found = content(storage)[code];
  return typeof found?.key === "string" ? { key: found.key, teacher: found.teacher === true } : null;
}

// Every code with its key, the newest last.
/** @returns {[code: string, key: string][]} */
export function held(storage = browserStorage()) {
  const entries = Object.entries(content(storage));
  return entries.flatMap(([code, found]) => (typeof found?.key === "string" ? [[code, found.key]] : []));
}

/** @param {string} code @param {string} key @param {boolean} teacher */
export function keep(code, key, teacher, storage = browserStorage()) {
  write({ ...others(code, storage), [code]: { key, teacher } }, storage);
}

/** @param {string} code */
export function forget(code, storage = browserStorage()) {
  write(others(code, storage), storage);
}
