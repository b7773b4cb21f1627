// What the browser keeps of the course.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  ahead,
  arrived,
  charts,
  forgetArrived,
  keep,
  keepChart,
  kept,
  NAME,
  replaced,
} from "../../../../ui/course/static/storage.js";

class Storage {
  items = new Map();
  getItem = (name) => this.items.get(name) ?? null;
  setItem = (name, text) => this.items.set(name, text);
  removeItem = (name) => this.items.delete(name);
}
const record = (lessons) => JSON.stringify({ version: 1, lessons });

test("what is kept is read again", () => {
  const storage = new Storage();
  assert.equal(kept(storage), "");
  keep(record({ a: { score: 1 } }), false, storage);
  assert.deepEqual(JSON.parse(kept(storage)).lessons, { a: { score: 1 } });
});

test("lessons of another tab stay, one's own are renewed", () => {
  const storage = new Storage();
  keep(record({ a: { score: null }, b: { score: 0 } }), false, storage);
  keep(record({ a: { score: 1 } }), false, storage);
  assert.deepEqual(JSON.parse(kept(storage)).lessons, { a: { score: 1 }, b: { score: 0 } });
});

test("what is as it was is not written, and nothing is removed before other progress is written", () => {
  const storage = new Storage();
  keep(record({ a: { answers: 1 } }), false, storage);
  storage.setItem = () => assert.fail("written again");
  keep(record({ a: { answers: 1 } }), false, storage);
  const other = new Storage();
  keep(record({ a: { answers: 1 } }), false, other);
  other.removeItem = (name) => assert.notEqual(name, NAME);
  keep(record({ b: { answers: 1 } }), true, other);
  assert.deepEqual(JSON.parse(kept(other)).lessons, { b: { answers: 1 } });
});

test("added progress is told from progress in place of other progress", () => {
  const before = record({ a: { answers: { x: 1 }, score: null } });
  assert.equal(replaced("", before), false);
  assert.equal(replaced(before, record({ a: { answers: { x: 1 }, score: 1 }, b: { answers: {} } })), false);
  assert.equal(replaced(before, record({ b: { answers: {} } })), true);
  assert.equal(replaced(before, record({ a: { answers: { x: 2 } } })), true);
});

test("results that were seen without a guess are kept beside those of another tab, also alone, until all is erased", () => {
  const storage = new Storage();
  const seen = (names) => JSON.stringify({ version: 1, lessons: {}, quiz: {}, seen: names });
  keep(seen(["b"]), false, storage);
  keep(seen(["a"]), false, storage);
  keep(record({ c: { answers: 1 } }), false, storage);
  assert.deepEqual(JSON.parse(kept(storage)).seen, ["a", "b"]);
  keep(JSON.stringify({ version: 1, lessons: {}, quiz: {} }), true, storage);
  assert.equal(kept(storage), "");
});

test("erasing leaves nothing", () => {
  const storage = new Storage();
  keep(record({ a: { score: 1 } }), false, storage);
  keep(record({}), true, storage);
  assert.equal(storage.getItem(NAME), null);
});

test("what somebody else wrote there is no obstacle", () => {
  for (const text of ["x", "null", "3", '{"version": 9, "lessons": {"z": 1}}']) {
    const storage = new Storage();
    storage.setItem(NAME, text);
    keep(record({ a: {} }), false, storage);
    assert.deepEqual(JSON.parse(kept(storage)).lessons, { a: {} });
  }
});

test("without storage nothing fails", () => {
  const forbidden = () => {
    throw new Error("forbidden");
  };
  const storage = { getItem: forbidden, setItem: forbidden, removeItem: forbidden };
  assert.equal(kept(storage), "");
  keep(record({}), true, storage);
});

test("progress in place of other progress leaves nothing of that, and no chart", () => {
  const storage = new Storage();
  keep(record({ a: { score: 1 } }), false, storage);
  keepChart("a", "<svg/>", storage);
  assert.deepEqual(charts(storage), { a: "<svg/>" });
  keep(record({ b: { score: 0 } }), true, storage);
  assert.deepEqual(JSON.parse(kept(storage)).lessons, { b: { score: 0 } });
  assert.deepEqual(charts(storage), {});
});

test("what a link has brought is there until it is forgotten", () => {
  const storage = new Storage();
  assert.equal(arrived(storage), null);
  for (const odd of ["x", "{}", '{"text": 3, "at": "1"}', "null"]) {
    storage.setItem("rnn-lab-arrived", odd);
    assert.equal(arrived(storage), null);
  }
  storage.setItem("rnn-lab-arrived", '{"text": "1.AA.00", "at": "7"}');
  assert.deepEqual(arrived(storage), { text: "1.AA.00", at: "7" });
  forgetArrived(storage);
  assert.equal(arrived(storage), null);
});

test("a lesson that the script does not know so is ahead of it", () => {
  const known = record({ a: { answers: 1, score: null } });
  assert.equal(ahead(known, ""), false);
  assert.equal(ahead(known, known), false);
  assert.equal(ahead(known, record({})), false);
  assert.equal(ahead(known, record({ a: { answers: 1, score: 1 } })), true);
  assert.equal(ahead(record({}), known), true);
});
