// Keys for classes in the browser's storage.

import assert from "node:assert/strict";
import { test } from "node:test";

import { forget, held, keep, keyOf } from "../../../../../ui/course/classroom/static/keys.js";

class Storage {
  items = new Map();
  getItem = (name) => this.items.get(name) ?? null;
  setItem = (name, text) => this.items.set(name, text);
}

test("a key is found again, the teacher's as such, and is forgotten", () => {
  const storage = new Storage();
  assert.equal(keyOf("A", storage), null);
  keep("A", "one", true, storage);
  keep("B", "two", false, storage);
  assert.deepEqual(keyOf("A", storage), { key: "one", teacher: true });
  assert.deepEqual(held(storage), [["A", "one"], ["B", "two"]]);
  forget("A", storage);
  assert.equal(keyOf("A", storage), null);
  assert.deepEqual(keyOf("B", storage), { key: "two", teacher: false });
});

test("old keys make room", () => {
  const storage = new Storage();
  for (let n = 0; n < 50; n++) keep(`${n}x`, "key", false, storage);
  assert.equal(keyOf("0x", storage), null);
  assert.ok(keyOf("49x", storage));
});

test("what is no record is none, and forbidden storage is no error", () => {
  const storage = new Storage();
  for (const text of ["x", "[]", "3", '{"A": 3}', '{"A": {"key": 3}}']) {
    storage.setItem("rnn-lab-classes", text);
    assert.equal(keyOf("A", storage), null);
    assert.deepEqual(held(storage), []);
  }
  const forbidden = { getItem: () => { throw new Error(); }, setItem: () => { throw new Error(); } };
  keep("A", "one", false, forbidden);
  assert.equal(keyOf("A", forbidden), null);
});
