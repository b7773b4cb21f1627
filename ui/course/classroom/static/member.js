// A member's part: the guesses of the lesson, sent until the server has them, and a name for who wants one.

/** @import { Guess } from "../../../live/static/payload.js" */

import { complete, draft, keepDraft } from "../../static/drafts.js";
import { control, make } from "../../static/guesses.js";

const RETRY = 1000; // milliseconds

export class MemberPanel {
  element = make("div", { className: "class-member" });
  #form = make("form", { className: "course-form" });
  /** @type {Record<string, Record<string, any>>} */
  #answers = {}; // lesson -> what is chosen
  /** @type {Record<string, string>} */
  #sent = {}; // lesson -> what the server has, as JSON
  #sending = 0; // of which try
  #shown = "";
  #told = make("p", { className: "course-hint" });
  #button = make("button", { type: "submit", className: "course-lock" });
  #late = make("p", { className: "course-hint", hidden: true }); // below the form, which is gone by then
  #name = make("details", { className: "class-name" });
  /** @type {Record<string, string>} */
  #words = {};
  #lesson = "";
  #code = "";
  /** @type {Guess[]} */
  #guesses = [];
  #note = ""; // what became of the last try to send, until an answer changes
  #post;

  // post(name, content) : the status of the server's answer, 0 for none. rename(name) : whether the name is taken.
  /**
   * @param {(name: string, content: any) => Promise<number>} post
   * @param {(name: string) => Promise<boolean | number>} rename
   */
  constructor(post, rename) {
    this.#post = post;
    for (const told of [this.#told, this.#late]) told.setAttribute("role", "status");
    this.#form.addEventListener("submit", (/** @type {Event} */ event) => {
      event.preventDefault();
      if (this.#complete) this.#send();
    });
    const [summary, field, save] = [make("summary"), make("input", { maxLength: 40 }), make("button", { type: "submit" })];
    const form = make("form", {}, make("label", {}, make("span"), field), save);
    form.addEventListener("submit", async (/** @type {Event} */ event) => {
      event.preventDefault();
      if (await rename(field.value)) this.#name.open = false;
    });
    this.#name.append(summary, form);
    this.element.append(this.#form, this.#late, this.#name);
  }

  // What the server knows of this member, after joining.
  /** @param {Record<string, any>} answers */
  restore(answers) {
    for (const [lesson, answer] of Object.entries(answers)) {
      this.#answers[lesson] ??= { ...answer };
      this.#sent[lesson] = JSON.stringify(answer);
    }
    this.#shown = "";
  }

  get #complete() {
    const chosen = this.#answers[this.#lesson] ?? {};
    return this.#guesses.every((guess) => complete(guess, chosen[guess.name]));
  }

  /** @param {any} given @param {any} given */
  show({ words, language }, { code, lesson, guesses, part, closed }) {
    const late = closed && this.#shown !== "" && lesson === this.#lesson && this.#unsent;
    [this.#words, this.#code, this.#lesson, this.#guesses] = [words, code, lesson, guesses];
    const [summary, form] = this.#name.children;
    summary.textContent = words.nameOptional;
    form.querySelector("span").textContent = words.name;
    form.querySelector("button").textContent = words.keepName;
    const open = part === "guess" && !closed;
    this.#form.hidden = !open;
    const shown = JSON.stringify([lesson, guesses, language]);
    if (!open) {
      this.#sending += 1; // no try goes on
      if (late || part === "read") this.#tellLate(late);
      if (closed) keepDraft(this.#draft, {});
      [this.#shown, this.#note] = ["", ""];
    } else if (shown === this.#shown) this.#tell();
    else {
      this.#tellLate(false);
      this.#shown = shown;
      const chosen = (this.#answers[lesson] = { ...this.#answers[lesson], ...draft(this.#draft, guesses) });
      const controls = guesses.map((/** @type {any} */ guess) =>
        control(guess, { words, language }, chosen[guess.name] ?? null, (answer) => {
          chosen[guess.name] = answer;
          keepDraft(this.#draft, this.#same ? {} : chosen);
          this.#tell("");
        }),
      );
      this.#form.replaceChildren(...controls, this.#told, this.#button);
      this.#tell("");
    }
  }

  #tell(note = this.#note) {
    this.#note = note;
    const { sent, changed, missing, ready, send, sendAgain } = this.#words;
    const now = this.#sent[this.#lesson];
    const same = this.#same;
    const told = note || (!this.#complete ? missing : same ? sent : now === undefined ? ready : changed);
    if (this.#told.textContent !== told) this.#told.textContent = told;
    this.#told.classList.toggle("class-sent", same && !note);
    this.#button.textContent = now === undefined ? send : sendAgain;
    this.#button.setAttribute("aria-disabled", String(!this.#complete || same));
  }

  /** @param {boolean} late */
  #tellLate(late) {
    this.#late.hidden = !late;
    this.#late.textContent = late ? this.#words.late : "";
  }

  // Whether something is chosen that the server does not have.
  get #unsent() {
    return Object.keys(this.#answers[this.#lesson] ?? {}).length > 0 && !this.#same;
  }

  // Under which name the answers are kept until they are sent.
  get #draft() {
    return `${this.#code}/${this.#lesson}`;
  }

  // Whether the server has them.
  get #same() {
    return this.#sent[this.#lesson] === this.#written();
  }

  // The answers in the order of the guesses, as JSON.
  #written() {
    const chosen = this.#answers[this.#lesson] ?? {};
    return JSON.stringify(Object.fromEntries(this.#guesses.map(({ name }) => [name, chosen[name]])));
  }

  // Send until the server has it, or says that it comes too late.
  async #send() {
    const [lesson, written, sending] = [this.#lesson, this.#written(), ++this.#sending];
    while (sending === this.#sending && this.element.isConnected) {
      const status = await this.#post("guess", { lesson, answers: JSON.parse(written) });
      if (sending !== this.#sending) return;
      if (status === 204) {
        this.#sent[lesson] = written;
        keepDraft(`${this.#code}/${lesson}`, {});
        return this.#tell("");
      }
      if (status >= 400 && status < 500) return this.#tell(this.#words.late);
      this.#tell(this.#words.sending);
      await new Promise((resolve) => setTimeout(resolve, RETRY));
    }
  }
}
