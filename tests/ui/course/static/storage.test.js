// What the browser keeps of the course.

import assert from "node:assert/strict";
import { test } from "node:test";

import { keep, kept, NAME } from "../../../../ui/course/static/storage.js";

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
