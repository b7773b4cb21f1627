// The course in the browser (ui/course/form.py): what it keeps of it, and the form of a lesson's guesses.

/**
 * @import { Component, CourseData, GuessForm } from "../../live/static/payload.js"
 * @import { GuessContext } from "./guesses.js"
 */

import { held } from "../classroom/static/keys.js";
import { anyDrafts, complete, draft, DRAFTS, forgetDrafts, keepDraft } from "./drafts.js";
import { control, make } from "./guesses.js";
import { ahead, arrived, charts, forgetArrived, gone, keep, keepChart, kept, NAME, replaced } from "./storage.js";
import { svg } from "../../charts/static/files.js";
import { decode } from "../../charts/static/numbers.js";
import { eraseNetworks } from "../../live/static/store.js";

const WIDTH = 480; // pixels of a chart that is kept: the 130 mm of a printed page; less on a phone, which shows it whole
const EDGES = 32; // pixels beside a chart on a phone
const RETRY = 2000; // ms until a guess is sent again: without a connection Streamlit drops it
/** @type {Record<string, Record<string, any>>} */
const drafts = {}; // lesson -> answers so far, before they are locked; also without storage
let pressed = ""; // the lesson whose answers are being locked here and now, until they are
const erasures = new Set(); // that the storage has followed
let arrive = () => {}; // looks for progress that a link has brought
let forget = () => {}; // tells the script that what the browser kept is gone
/** @type {(replaced: boolean) => void} */
let follow = () => {}; // tells the script what another tab has kept
let empty = () => {}; // takes away the drafts of this tab

addEventListener("storage", ({ key, oldValue, newValue }) => {
  if ([DRAFTS, null].includes(key) && newValue === null) empty(); // erased in another tab
  if (key !== NAME && key !== null) return;
  if (newValue === null)
    forget(); // erased in another tab
  else follow(replaced(oldValue ?? "", newValue));
});

addEventListener("hashchange", () => arrive()); // a link was opened over this page

class Course {
  #root;
  #form = make("form", { className: "course-form" });
  #locked = make("div", { className: "course-locked", tabIndex: -1 });
  #shown = ""; // the form that is shown, as JSON
  #erased = "";
  #asked = ""; // for the charts
  #chart = ""; // that was kept last, as JSON
  #written = "";
  /** @type {(name: string, value: any) => void} */
  send; // tells the script

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = root;
    root.replaceChildren(this.#form, this.#locked);
    this.#form.addEventListener("submit", (/** @type {Event} */ event) => event.preventDefault());
  }

  /** @param {CourseData} data @param {Pick<Component<CourseData>, "setStateValue" | "setTriggerValue">} given */
  update(data, { setStateValue, setTriggerValue }) {
    this.send = setTriggerValue;
    forget = () => !data.empty && setTriggerValue("gone", true);
    follow = (replaced) => data.loaded && setTriggerValue("elsewhere", { text: kept(), replaced });
    const returned = data.state !== this.#root.dataset.state; // after a reload, or from another page
    this.#root.dataset.state = data.state;
    if (!data.loaded) setStateValue("stored", kept());
    else if (returned && !data.empty && gone()) forget();
    else if (data.written !== this.#written || data.erased !== this.#erased) {
      const erase = data.erased !== "" && !erasures.has(data.erased) && (data.empty || !returned);
      [this.#written, this.#erased] = [data.written, data.erased];
      erasures.add(data.erased);
      if (returned && !erase && ahead(data.written, kept())) follow(false);
      keep(data.written, erase);
      if (erase && !returned) {
        forgetDrafts();
        this.#empty();
      }
    }
    if (data.networksErased && !erasures.has(data.networksErased)) {
      erasures.add(data.networksErased);
      if (!returned) eraseNetworks().catch(() => {}); // forbidden: nothing was kept
    }
    const classes = held();
    if (data.classes && data.classes.join() !== classes.map(([code]) => code).join()) setStateValue("classes", classes);
    if (data.drafts !== null && data.drafts !== anyDrafts()) setStateValue("drafts", anyDrafts());
    empty = () => {
      this.#empty();
      this.#show(data);
    };
    arrive = () => data.loaded && this.#link(data, setTriggerValue);
    arrive();
    if (data.chart) this.#keepChart(data.chart);
    if (data.chartsAsked !== this.#asked) {
      this.#asked = data.chartsAsked;
      setTriggerValue("charts", { asked: data.chartsAsked, charts: charts() });
    }
    this.#show(data);
  }

  #empty() {
    pressed = "";
    for (const lesson of Object.keys(drafts)) delete drafts[lesson];
    this.#shown = "";
  }

  // Tell the script what a link has brought, until the reader has answered.
  /** @param {CourseData} data @param {(name: string, value: any) => void} setTriggerValue */
  #link(data, setTriggerValue) {
    const brought = arrived();
    if (!brought) return;
    if (data.arrived !== brought.at) setTriggerValue("link", brought);
    else if (data.answered) forgetArrived();
  }

  /** @param {{ lesson: string, figure: string, title: string }} given */
  #keepChart({ lesson, figure, title }) {
    if (figure === this.#chart) return;
    this.#chart = figure;
    keepChart(lesson, svg(decode(JSON.parse(figure)), Math.min(WIDTH, innerWidth - EDGES), null, title));
  }

  /** @param {CourseData} data */
  #show({ form, locked, words, language, colours }) {
    for (const [name, colour] of Object.entries(colours)) this.#root.style.setProperty(`--course-${name}`, colour);
    const shown = JSON.stringify([form, locked, words]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#form.replaceChildren(...(form ? this.#guesses(form, { words, language }) : []));
    this.#form.hidden = !form;
    this.#locked.hidden = !locked;
    const rows = (locked ?? []).flatMap(([label, answer]) => [
      make("dt", { textContent: label }),
      make("dd", { textContent: answer }),
    ]);
    const sentence = make("p", { textContent: words.locked });
    this.#locked.replaceChildren(...(locked ? [sentence, make("dl", {}, ...rows)] : []));
    if (locked && pressed) {
      this.#locked.focus({ preventScroll: true });
      delete drafts[pressed];
      keepDraft(pressed, {});
    }
    if (form?.lesson !== pressed) pressed = "";
  }

  /** @param {GuessForm} given @param {GuessContext} context */
  #guesses({ lesson, guesses }, context) {
    const answers = (drafts[lesson] ??= draft(lesson, guesses));
    const lock = make("button", { type: "submit", className: "course-lock", textContent: context.words.lock });
    const missing = make("p", { className: "course-hint" });
    missing.setAttribute("role", "status");
    const check = () => {
      const open = guesses.filter((guess) => !complete(guess, answers[guess.name])).length;
      lock.setAttribute("aria-disabled", String(open > 0));
      const told = open ? context.words.missing : context.words.ready;
      if (missing.textContent !== told) missing.textContent = told;
      return open === 0;
    };
    const controls = guesses.map((/** @type {any} */ guess) =>
      control(guess, context, answers[guess.name] ?? null, (answer) => {
        answers[guess.name] = answer;
        keepDraft(lesson, answers);
        check();
      }),
    );
    const send = () => {
      if (pressed !== lesson || !lock.isConnected) return; // it is locked, or another form is shown
      if (check()) this.send("lock", { lesson, answers: { ...answers }, kept: kept() }); // another tab may have locked it
      setTimeout(send, RETRY);
    };
    lock.addEventListener("click", () => {
      if (!check()) return;
      const again = pressed === lesson;
      pressed = lesson;
      if (!again) send();
    });
    check();
    if (pressed === lesson) setTimeout(send); // drawn anew before it was locked: after a reload the tab's state came back
    return [...controls, missing, lock];
  }
}

// Streamlit calls this at the first drawing of the element and whenever the script has said something new.
/** @param {Component<CourseData>} component */
export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector(".course");
  document.documentElement.lang = data.language;
  root.course ??= new Course(root);
  root.course.update(data, { setStateValue, setTriggerValue });
}
