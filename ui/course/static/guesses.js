// The controls of a lesson's guesses. Each begins empty, or with the answer so far, and calls `tell` with its answer, or
// with null; of several choices with those that are made.

/**
 * @import { ChoiceGuess, CurveGuess, Guess, ManyGuess, NumberGuess, OrderGuess } from "../../live/static/payload.js"
 */

import { CurvePad } from "./curve.js";
import { shareOf, valueAt, withUnit, written } from "./scale.js";

/** @typedef {{words: Record<string, string>, language: string}} GuessContext */

const PLACES = 400; // of a slider
let count = 0; // of the controls so far: each needs a name of its own

/** @param {string} name @param {...(Node | string)} children @returns {any} */
export function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

/** @param {string} label @param {...Node} content */
function field(label, ...content) {
  return make("fieldset", { className: "course-guess" }, make("legend", { textContent: label }), ...content);
}

// A slider, and a field beside it for who knows the number.
/**
 * @param {NumberGuess} spec
 * @param {GuessContext} context
 * @param {any} answer
 * @param {(answer: any) => void} tell
 */
function number(spec, { words, language }, answer, tell) {
  const slider = make("input", { type: "range", min: "0", max: String(PLACES), step: "1" });
  const typed = make("input", { type: "number", step: "any", min: String(spec.low), max: String(spec.high) });
  const shown = make("output", { className: "course-value" });
  const ends = [spec.low, spec.high].map((end) => make("span", { textContent: written(end, language) }));
  slider.setAttribute("aria-label", spec.label);
  typed.setAttribute("aria-label", `${spec.label} (${words.asNumber})`);
  /** @param {number | null} value @param {string} [none] */
  const show = (value, none = words.notYet) => {
    slider.classList.toggle("course-untouched", value === null);
    const digits = value === null ? "" : written(value, language);
    const unit = ["1", "−1"].includes(digits) ? spec.unitOne : spec.unit;
    shown.textContent = value === null ? none : withUnit(digits, unit);
    shown.classList.toggle("course-outside", value === null && none !== words.notYet);
    slider.setAttribute("aria-valuetext", shown.textContent);
  };
  /** @param {number | null} value @param {string} [none] */
  const set = (value, none = words.notYet) => {
    show(value, none);
    typed.setAttribute("aria-invalid", String(none !== words.notYet));
    tell(value);
  };
  const slid = () => {
    const value = valueAt(spec, Number(slider.value) / PLACES);
    typed.value = String(value);
    set(value);
  };
  slider.addEventListener("input", slid);
  slider.addEventListener("pointerup", slid); // where the middle itself was meant
  typed.addEventListener("input", () => {
    const value = typed.value === "" ? NaN : Number(typed.value);
    const known = value >= spec.low && value <= spec.high;
    const whole = spec.whole ? Math.round(value) : value;
    if (known) slider.value = String(Math.round(shareOf(spec, whole) * PLACES));
    const [low, high] = ends.map(({ textContent }) => textContent);
    const outside = words.outside.replace("{given}", typed.value).replace("{low}", low).replace("{high}", high);
    set(known ? whole : null, typed.value === "" || known ? words.notYet : outside);
  });
  slider.value = String(PLACES / 2);
  if (answer !== null) {
    slider.value = String(Math.round(shareOf(spec, answer) * PLACES));
    typed.value = String(answer);
  }
  show(answer);
  const entry = make("div", { className: "course-entry" }, shown, typed);
  return field(spec.label, slider, make("div", { className: "course-ends", ariaHidden: "true" }, ...ends), entry);
}

/**
 * @param {[value: string, label: string][]} options
 * @param {string} name
 * @param {any} answer
 * @param {(answer: any) => void} tell
 */
function radios(options, name, answer, tell) {
  return options.map(([value, label]) => {
    const button = make("input", { type: "radio", name, value, checked: value === answer });
    button.addEventListener("change", () => tell(value));
    return make("label", { className: "course-option" }, button, make("span", { textContent: label }));
  });
}

/**
 * @param {ChoiceGuess} spec
 * @param {GuessContext} _context
 * @param {any} answer
 * @param {(answer: any) => void} tell
 */
function choice(spec, _context, answer, tell) {
  return field(spec.label, ...radios(spec.options, `course-${++count}`, answer, tell));
}

/**
 * @param {ManyGuess} spec
 * @param {GuessContext} _context
 * @param {any} answer
 * @param {(answer: any) => void} tell
 */
function many(spec, _context, answer, tell) {
  const answers = { ...answer };
  const rows = spec.items.map(([key, label]) => {
    /** @param {string} value */
    const changed = (value) => {
      answers[key] = value;
      tell({ ...answers });
    };
    const buttons = radios(spec.options, `course-${++count}`, answers[key], changed);
    const row = make("div", { className: "course-row" }, make("span", { textContent: label }), ...buttons);
    row.setAttribute("role", "radiogroup");
    row.setAttribute("aria-label", label);
    return row;
  });
  return field(spec.label, ...rows);
}

// A list whose entries move up and down. The order that it begins with counts once it has been touched or confirmed.
/**
 * @param {OrderGuess} spec
 * @param {GuessContext} context
 * @param {any} answer
 * @param {(answer: any) => void} tell
 */
function order(spec, { words }, answer, tell) {
  const labels = Object.fromEntries(spec.items);
  const keys = answer ? [...answer] : spec.items.map(([key]) => key);
  const list = make("ol", { className: "course-order" });
  /** @param {string} key @param {number} by */
  const move = (key, by) => {
    const at = keys.indexOf(key);
    if (at + by < 0 || at + by >= keys.length) return;
    [keys[at], keys[at + by]] = [keys[at + by], keys[at]];
    show();
    const pressed = list.children[at + by].querySelector(by < 0 ? ".course-up" : ".course-down");
    /** @type {HTMLElement} */ (pressed).focus();
    tell([...keys]);
  };
  const show = () => {
    const entries = keys.map((key) => {
      /** @param {string} name @param {string} text @param {string} word @param {number} by */
      const button = (name, text, word, by) => {
        const one = make("button", { type: "button", className: `course-${name}`, textContent: text });
        one.setAttribute("aria-label", `${labels[key]}: ${word}`);
        one.addEventListener("click", () => move(key, by));
        return one;
      };
      const buttons = [button("up", "↑", words.up, -1), button("down", "↓", words.down, 1)];
      return make("li", {}, make("span", { textContent: labels[key] }), ...buttons);
    });
    list.replaceChildren(...entries);
  };
  show();
  const asItIs = make("button", { type: "button", className: "course-quiet", textContent: words.thisOrder });
  asItIs.addEventListener("click", () => tell([...keys]));
  return field(spec.label, list, asItIs);
}

/**
 * @param {CurveGuess} spec
 * @param {GuessContext} context
 * @param {any} answer
 * @param {(answer: any) => void} tell
 */
function curve(spec, { words, language }, answer, tell) {
  const pad = new CurvePad(spec, words, language, tell);
  pad.values = answer;
  const clear = make("button", { type: "button", className: "course-quiet", textContent: words.clear });
  clear.addEventListener("click", () => pad.clear());
  return field(spec.label, make("p", { className: "course-hint", textContent: words.draw }), pad.element, clear);
}

/** @type {Record<string, (spec: any, context: GuessContext, answer: any, tell: (answer: any) => void) => HTMLElement>} */
const KINDS = { number, choice, many, order, curve };

// The control of a guess. answer : what it begins with, or null. tell : called with every answer, null for none.
/**
 * @param {Guess} spec
 * @param {GuessContext} context
 * @param {any} answer
 * @param {(answer: any) => void} tell
 * @returns {HTMLElement}
 */
export function control(spec, context, answer, tell) {
  return KINDS[spec.kind](spec, context, answer, tell);
}
