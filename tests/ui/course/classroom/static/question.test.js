// What the class is asked, on the teacher's screen.

import assert from "node:assert/strict";
import { test } from "node:test";

import { answersOf } from "../../../../../ui/course/classroom/static/question.js";

const guess = (kind, rest) => ({ name: "one", label: "Which?", kind, ...rest });
const items = [["a", "First"], ["b", "Second"]];
const options = [["yes", "Yes"], ["no", "No"]];

test("every kind of guess shows what can be answered", () => {
  const number = guess("number", { low: 0, high: 1000, unit: "nats", unitOne: "nat" });
  assert.deepEqual(answersOf(number, "en"), ["0 … 1,000 nats"]);
  assert.deepEqual(answersOf({ ...number, unit: "" }, "en"), ["0 … 1,000"]);
  assert.deepEqual(answersOf({ ...number, unit: "%" }, "en"), ["0 … 1,000%"]);
  assert.deepEqual(answersOf(guess("choice", { options }), "en"), ["Yes", "No"]);
  const many = guess("many", { items, options });
  assert.deepEqual(answersOf(many, "en", "{item}: {answer}"), ["First: Yes / No", "Second: Yes / No"]);
  assert.deepEqual(answersOf(many, "zh-CN", "{item}：{answer}")[0], "First：Yes / No");
  assert.deepEqual(answersOf(guess("order", { items }), "en"), ["First", "Second"]);
  assert.deepEqual(answersOf(guess("curve", {}), "en"), []);
});
