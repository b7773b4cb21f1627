// What the course keeps where the browser forbids its storage: reading the name alone is an error there.

import assert from "node:assert/strict";
import { test } from "node:test";

import { keep as keepKey, keyOf } from "../../../../ui/course/classroom/static/keys.js";
import { draft, keepDraft } from "../../../../ui/course/static/drafts.js";
import { arrived, keep, kept } from "../../../../ui/course/static/storage.js";

test("it lasts until the page is left", () => {
  const get = () => { throw new DOMException("no", "SecurityError"); };
  for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(globalThis, name, { get, configurable: true });
  const guess = { name: "loss", label: "", kind: "number", low: 0, high: 10, unit: "", unitOne: "" };
  keepDraft("untrained", { loss: 3 });
  assert.deepEqual(draft("untrained", [guess]), { loss: 3 });
  keepKey("ABC", "key", false);
  assert.deepEqual(keyOf("ABC"), { key: "key", teacher: false });
  keep('{"version": 1, "lessons": {"untrained": {"answers": {"loss": 3}}}}', false);
  assert.match(kept(), /untrained/);
  assert.equal(arrived(), null);
});
