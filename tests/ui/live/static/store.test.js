// Which networks make room in the browser for another one.

import assert from "node:assert/strict";
import { test } from "node:test";

import { inTheWay, keepFromNowOn, keepingIsOff, keepNetwork, MOST } from "../../../../ui/live/static/store.js";

const network = (identity, at, size) => ({ identity, stamp: "", update: 1, settings: "", tab: "t", present: true, at, size });

test("those that were kept first go first", () => {
  const kept = [network("old", 1, MOST / 2), network("new", 3, MOST / 4), network("middle", 2, MOST / 4)];
  assert.deepEqual(inTheWay(kept, "more", MOST / 4), ["old"]);
  assert.deepEqual(inTheWay(kept, "more", MOST / 2), ["old"]);
  assert.deepEqual(inTheWay(kept, "more", MOST), ["new", "middle", "old"]);
});

test("a network takes its own place, and one that is too large takes none", () => {
  assert.deepEqual(inTheWay([network("a", 1, MOST)], "a", MOST), []);
  assert.equal(inTheWay([], "a", MOST + 1), null);
});

test("there are at most a hundred", () => {
  const kept = Array.from({ length: 100 }, (_, at) => network(String(at), at, 1));
  assert.deepEqual(inTheWay(kept, "more", 1), ["0"]);
});

test("what the reader wants holds until the page is left where it may not be stored", () => {
  assert.equal(keepingIsOff(), false); // Node has no such storage: the networks are tried, and the page says it
  keepFromNowOn(false);
  assert.equal(keepingIsOff(), true);
  keepFromNowOn(true);
  assert.equal(keepingIsOff(), false);
});

test("a put that fails for want of room is told so, not as a refusal", async (context) => {
  const full = new DOMException("full", "QuotaExceededError");
  const request = () => ({ result: [] });
  const transaction = (_stores, mode) => {
    const one = { error: null, objectStore: () => ({ getAll: request, put: request, get: request, delete: request }) };
    const fail = () => {
      one.onerror?.(); // the request's error, on its way up: the transaction does not know it yet
      one.error = full;
      one.onabort();
    };
    setTimeout(() => (mode === "readonly" ? one.oncomplete() : fail()));
    return one;
  };
  globalThis.indexedDB = {
    open: () => {
      const opening = { result: { transaction, close() {} } };
      setTimeout(() => opening.onsuccess());
      return opening;
    },
  };
  context.after(() => delete globalThis.indexedDB);
  await assert.rejects(keepNetwork(network("a", 1, 3), new ArrayBuffer(3)), full);
});
