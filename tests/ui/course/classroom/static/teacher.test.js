// The teacher's way through a lesson.

import assert from "node:assert/strict";
import { test } from "node:test";

import { nextStep, stepBack } from "../../../../../ui/course/classroom/static/teacher.js";

const frame = (part, closed = false, status = "") => ({ lesson: "a", part, closed, status });
const way = (...about) => {
  const step = nextStep(frame(...about), "b");
  return step && [step.word, step.name, step.content.part];
};

test("one button leads through a lesson and to the next", () => {
  assert.deepEqual(way("read"), ["openGuessing", "go", "guess"]);
  assert.deepEqual(way("guess"), ["closeGuessing", "close", undefined]);
  assert.deepEqual(way("guess", true), ["train", "go", "run"]);
  assert.deepEqual(way("run", true, "running"), ["stop", "stop", undefined]);
  assert.deepEqual(way("run", true, "done"), ["compare", "go", "compare"]);
  assert.deepEqual(nextStep(frame("compare", true, "done"), "b").content, { lesson: "b", part: "read" });
  assert.equal(nextStep(frame("compare", true, "done"), undefined), null);
});

test("a run that was stopped or has failed begins anew; one that is done does not", () => {
  for (const status of ["stopped", "failed"]) assert.deepEqual(way("run", true, status), ["trainAgain", "go", "run"]);
  assert.deepEqual(way("guess", true, "done"), ["goOn", "go", "run"]);
});

test("one step back, and none before the first", () => {
  assert.deepEqual(stepBack(frame("compare")), { name: "go", content: { lesson: "a", part: "run" } });
  assert.equal(stepBack(frame("read")), null);
});
