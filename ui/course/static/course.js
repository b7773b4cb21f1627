// The course in the browser (ui/course/form.py): what it keeps of it, and the form of a lesson's guesses.

import { control, make } from "./guesses.js";
import { gone, keep, kept, NAME } from "./storage.js";

const drafts = {}; // lesson -> answers so far, before they are locked
const erasures = new Set(); // that the storage has followed
let forget = () => {}; // tells the script that what the browser kept is gone

addEventListener("storage", ({ key, newValue }) => {
  if ((key === NAME || key === null) && newValue === null) forget(); // erased in another tab
});

class Course {
  #root;
  #form = make("form", { className: "course-form" });
  #locked = make("div", { className: "course-locked", tabIndex: -1 });
  #shown = ""; // the form that is shown, as JSON
  #pressed = false; // whether the answers were locked here and now
  #erased = "";
  #written = "";
  send; // tells the script

  constructor(root) {
    this.#root = root;
    root.replaceChildren(this.#form, this.#locked);
    this.#form.addEventListener("submit", (event) => event.preventDefault());
  }

  update(data, { setStateValue, setTriggerValue }) {
    this.send = setTriggerValue;
    forget = () => !data.empty && setTriggerValue("gone", true);
    const returned = data.state !== this.#root.dataset.state; // after a reload, or from another page
    this.#root.dataset.state = data.state;
    if (!data.loaded) setStateValue("stored", kept());
    else if (returned && !data.empty && gone()) forget();
    else if (data.written !== this.#written || data.erased !== this.#erased) {
      const erase = data.erased !== "" && !erasures.has(data.erased) && (data.empty || !returned);
      [this.#written, this.#erased] = [data.written, data.erased];
      erasures.add(data.erased);
      keep(data.written, erase);
    }
    this.#show(data);
  }

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
    if (locked && this.#pressed) this.#locked.focus({ preventScroll: true });
    this.#pressed = false;
  }

  #guesses({ lesson, guesses }, context) {
    const answers = (drafts[lesson] ??= {});
    const lock = make("button", { type: "submit", className: "course-lock", textContent: context.words.lock });
    const missing = make("p", { className: "course-hint" });
    missing.setAttribute("role", "status");
    const check = () => {
      const open = guesses.filter(({ name }) => (answers[name] ?? null) === null).length;
      lock.setAttribute("aria-disabled", String(open > 0));
      const told = open ? context.words.missing : context.words.ready;
      if (missing.textContent !== told) missing.textContent = told;
      return open === 0;
    };
    const controls = guesses.map((guess) =>
      control(guess, context, answers[guess.name] ?? null, (answer) => {
        answers[guess.name] = answer;
        check();
      }),
    );
    lock.addEventListener("click", () => {
      if (!check()) return;
      this.#pressed = true;
      this.send("lock", { lesson, answers: { ...answers } });
      delete drafts[lesson];
    });
    check();
    return [...controls, missing, lock];
  }
}

// Streamlit calls this at the first drawing of the element and whenever the script has said something new.
export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector(".course");
  document.documentElement.lang = data.language;
  root.course ??= new Course(root);
  root.course.update(data, { setStateValue, setTriggerValue });
}
