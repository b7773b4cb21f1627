// Guesses that are not locked yet, in the browser's storage.

import assert from "node:assert/strict";
import { test } from "node:test";

import { anyDrafts, complete, draft, fits, forgetDrafts, keepDraft } from "../../../../ui/course/static/drafts.js";

class Storage {
  items = new Map();
  getItem = (name) => this.items.get(name) ?? null;
  setItem = (name, text) => this.items.set(name, text);
  removeItem = (name) => this.items.delete(name);
}
const pairs = [["a", "A"], ["b", "B"]];
const number = { name: "number", kind: "number", low: 0, high: 10 };
const choice = { name: "choice", kind: "choice", options: pairs };
const many = { name: "many", kind: "many", items: pairs, options: [["yes", "Yes"], ["no", "No"]] };
const order = { name: "order", kind: "order", items: pairs };
const curve = { name: "curve", kind: "curve", at: [0, 1] };
const GUESSES = [number, choice, many, order, curve];

test("answers are found again, also half of them, and none once they are locked", () => {
  const storage = new Storage();
  const answers = { number: 3, choice: "b", many: { a: "yes" }, order: ["b", "a"], curve: [0.5, 1] };
  keepDraft("lesson", { ...answers, late: null }, storage);
  assert.deepEqual(draft("lesson", GUESSES, storage), answers);
  assert.deepEqual(draft("another", GUESSES, storage), {});
  keepDraft("lesson", {}, storage);
  assert.deepEqual(draft("lesson", GUESSES, storage), {});
  keepDraft("lesson", answers, storage);
  assert.equal(anyDrafts(storage), true);
  forgetDrafts(storage);
  assert.equal(anyDrafts(storage), false);
  assert.deepEqual(draft("lesson", GUESSES, storage), {});
});

test("several choices are complete with the last of them", () => {
  assert.equal(complete(many, { a: "yes" }), false);
  assert.equal(complete(many, { a: "yes", b: "no" }), true);
  assert.deepEqual(GUESSES.map((guess) => complete(guess, undefined)), GUESSES.map(() => false));
  assert.equal(complete(number, 0), true);
});

test("what no control can show is left out", () => {
  const odd = {
    number: [11, -1, "3", null], choice: ["c", 1], many: [{}, { c: "yes" }, { a: "maybe" }, "a"],
    order: [["a"], ["a", "a"], "ab"], curve: [[1], [1, null], [1, "x"]],
  };
  for (const guess of GUESSES) for (const answer of odd[guess.name]) assert.equal(fits(guess, answer), false, guess.name);
});

test("old drafts make room, nonsense is none, and forbidden storage is no error", () => {
  const storage = new Storage();
  for (let n = 0; n < 50; n++) keepDraft(`${n}x`, { number: n % 10 }, storage);
  assert.deepEqual(draft("0x", GUESSES, storage), {});
  assert.deepEqual(draft("49x", GUESSES, storage), { number: 9 });
  for (const text of ["x", "[]", "3", '{"a": 3}']) {
    storage.setItem("rnn-lab-course-drafts", text);
    assert.deepEqual(draft("a", GUESSES, storage), {});
  }
  const fail = () => { throw new Error(); };
  keepDraft("a", { number: 1 }, { getItem: fail, setItem: fail });
  forgetDrafts({ removeItem: fail });
});
