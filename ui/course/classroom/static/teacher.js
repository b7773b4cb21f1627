// The teacher's part: how one joins, the way through a lesson for everybody, and the end of the class.

/** @import { ClassData, ClassFrame } from "../../../live/static/payload.js" */

import { save } from "../../../charts/static/export.js";
import { make } from "../../static/guesses.js";

/** @typedef {{ word?: string, name: string, content: Record<string, any> }} TeacherStep */

const PARTS = ["read", "guess", "run", "compare"];

// What comes next in a lesson: the word on the button, and what to ask the server for. following : the next lesson's name.
/** @param {Pick<ClassFrame, "lesson" | "part" | "closed" | "status">} frame @param {string | undefined} following */
export function nextStep({ lesson, part, closed, status }, following) {
  /** @param {string} word @param {string} part */
  const step = (word, part) => ({ word, name: "go", content: { lesson, part } });
  if (part === "read") return step("openGuessing", "guess");
  if (part === "guess" && !closed) return { word: "closeGuessing", name: "close", content: { lesson } };
  if (part === "guess") return step(status === "done" ? "goOn" : "train", "run");
  if (part === "run" && status === "running") return { word: "stop", name: "stop", content: {} };
  if (part === "run") return status === "done" ? step("compare", "compare") : step("trainAgain", "run");
  return following ? { word: "nextLesson", name: "go", content: { lesson: following, part: "read" } } : null;
}

// Where one step back leads; nothing at the beginning.
/** @param {Pick<ClassFrame, "lesson" | "part">} frame */
export function stepBack({ lesson, part }) {
  const before = PARTS[PARTS.indexOf(part) - 1];
  return before ? { name: "go", content: { lesson, part: before } } : null;
}

export class TeacherPanel {
  lead = make("div", { className: "class-lead" });
  door = make("div", { className: "class-door" });
  #code = make("p", { className: "class-code" });
  #link = make("a", { className: "class-link" });
  #picture = make("img", { className: "class-qr" });
  #hint = make("p", { className: "course-hint" });
  #lesson = make("select");
  #next = make("button", { type: "button", className: "course-lock" });
  #back = make("button", { type: "button" });
  #csv = make("button", { type: "button" });
  #end = make("button", { type: "button" });
  #sure = make("div", { className: "class-sure", hidden: true });
  #label = make("span");
  /** @type {(name: string, content: any) => void} */
  #ask;
  /** @type {() => Promise<string | null>} */
  #csvOf;
  /** @type {Record<string, any>} */
  #words = {};
  /** @type {ClassFrame} */
  #frame = /** @type {any} */ (null);
  /** @type {[name: string, heading: string][]} */
  #lessons = [];
  #listed = "";

  // ask(name, content) : has the server do something. csvOf() : the guesses as a file's text, or null.
  /** @param {(name: string, content: any) => void} ask @param {() => Promise<string | null>} csvOf */
  constructor(ask, csvOf) {
    [this.#ask, this.#csvOf] = [ask, csvOf];
    this.door.append(make("div", {}, this.#code, this.#link, this.#hint), this.#picture);
    const chosen = make("label", { className: "class-choice" }, this.#label, this.#lesson);
    const row = make("div", { className: "class-row" }, this.#next, this.#back, chosen, this.#csv, this.#end);
    this.lead.append(row, this.#sure);
    this.#lesson.addEventListener("change", () => ask("go", { lesson: this.#lesson.value, part: "read" }));
    this.#next.addEventListener("click", () => this.#step(nextStep(this.#frame, this.#following())));
    this.#back.addEventListener("click", () => this.#step(stepBack(this.#frame)));
    this.#csv.addEventListener("click", () => this.#save());
    this.#end.addEventListener("click", () => this.#askWhetherSure(true));
  }

  /** @param {TeacherStep | null} step */
  #step(step) {
    if (step) this.#ask(step.name, step.content);
  }

  #following() {
    const names = this.#lessons.map(([name]) => name);
    return names[names.indexOf(this.#frame.lesson) + 1];
  }

  async #save() {
    const text = await this.#csvOf();
    if (text !== null) save(text, "text/csv", "rnn-lab-guesses.csv");
    return text !== null;
  }

  /** @param {boolean} asked */
  #askWhetherSure(asked) {
    this.#sure.hidden = !asked;
    if (!asked) return this.#end.focus();
    /** @param {string} word @param {() => void} act */
    const button = (word, act) => {
      const one = make("button", { type: "button", textContent: this.#words[word] });
      one.addEventListener("click", act);
      return one;
    };
    const buttons = [
      button("saveAndEnd", async () => (await this.#save()) && this.#ask("end", {})),
      button("justEnd", () => this.#ask("end", {})),
      button("goOnWithClass", () => this.#askWhetherSure(false)),
    ];
    this.#sure.replaceChildren(make("p", { textContent: this.#words.sure }), ...buttons);
    buttons[0].focus();
  }

  // data : of the page's script. frame : of the server.
  /** @param {ClassData} data @param {ClassFrame} frame */
  show(data, frame) {
    [this.#words, this.#frame, this.#lessons] = [data.words, frame, data.lessons];
    const { words, link, qr, local } = data;
    /** @param {HTMLElement} element @param {string} content */
    const text = (element, content) => element.textContent !== content && (element.textContent = content);
    text(this.#code, frame.code);
    this.#code.setAttribute("aria-label", `${words.code}: ${frame.code}`);
    text(this.#link, link.replace(/^https?:\/\//, ""));
    if (this.#link.getAttribute("href") !== link) this.#link.setAttribute("href", link);
    if (this.#picture.getAttribute("src") !== qr) this.#picture.setAttribute("src", qr);
    this.#picture.alt = words.qr;
    text(this.#hint, local ? words.local : words.howToJoin);
    const step = nextStep(frame, this.#following());
    const title = this.#lessons.find(([name]) => name === this.#following())?.[1] ?? "";
    text(this.#next, step ? words[step.word].replace("{title}", title) : words.lastLesson);
    this.#next.title = this.#next.textContent ?? ""; // on a projector a long one is cut
    this.#next.setAttribute("aria-disabled", String(!step));
    text(this.#back, words.back);
    this.#back.setAttribute("aria-disabled", String(!stepBack(frame)));
    text(this.#csv, words.csv);
    text(this.#end, words.end);
    text(this.#label, words.lesson);
    const listed = JSON.stringify(this.#lessons);
    if (listed !== this.#listed) {
      this.#listed = listed;
      this.#lesson.replaceChildren(...this.#lessons.map(([value, name]) => make("option", { value, textContent: name })));
    }
    if (document.activeElement !== this.#lesson) this.#lesson.value = frame.lesson;
  }
}
