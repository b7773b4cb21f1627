// A class in the browser (ui/course/classroom/): it asks the server where the class is and shows that; the same page for
// the teacher and for members, by the key that this browser has. Names and codes are shown with textContent.

/** @import { ClassData, ClassFrame, Component } from "../../../live/static/payload.js" */

import { socketOpen } from "../../../live/static/connection.js";
import { Numbers } from "../../../live/static/dom.js";
import { make } from "../../static/guesses.js";
import { forget, keep, keyOf } from "./keys.js";
import { MemberPanel } from "./member.js";
import { Question } from "./question.js";
import { Results } from "./results.js";
import { TeacherPanel } from "./teacher.js";

const SERVER = new URL("../../../../", import.meta.url); // whatever path the app lies under
const PAUSE = 120; // milliseconds between two frames, at least
const RETRY = 1000; // milliseconds after a failed request
const PATIENCE = 14_000; // milliseconds until an answer begins: the server may wait 10 s for something new
const ASK_EVERY = 2000; // milliseconds between two requests for a run of the page's script
/** @type {Record<number, string>} */
const PROBLEMS = { 404: "unknown", 410: "ended", 425: "crowd", 429: "often", 503: "full" };
const FOR_GOOD = ["unknown", "ended", "often"];
const PARTS = ["read", "guess", "run", "compare"];

/** @param {number} milliseconds */
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const visible = () =>
  document.hidden
    ? new Promise((resolve) => document.addEventListener("visibilitychange", resolve, { once: true }))
    : Promise.resolve();

class ClassPage {
  #root;
  #line = make("p", { className: "live-connection" });
  #problem = make("p", { className: "class-problem" });
  #body = make("div", { className: "class-body", hidden: true });
  #title = make("h2");
  #parts = make("ol", { className: "class-parts" });
  #count = make("p", { className: "class-count" });
  #dots = make("div", { className: "class-dots", ariaHidden: "true" });
  #names = make("p", { className: "course-hint class-names" });
  #share = make("progress", { max: 1 });
  #training = make("div", { className: "class-training" });
  #told = make("p");
  #numbers;
  #question = new Question();
  #results = new Results();
  #teacher = new TeacherPanel((name, content) => this.#lead(name, content), () => this.#csv());
  #member = new MemberPanel((name, content) => this.#post(name, content), (name) => this.#join(name));
  /** @type {ClassData} */
  #data = /** @type {any} */ (null); // of the page's script; null before it has spoken
  /** @type {ClassFrame & { drawn: string }} */
  #frame = /** @type {any} */ (null); // the newest; null before the first
  /** @type {{ key: string, teacher: boolean } | null} */
  #who = null;
  #running = ""; // the code that is asked for
  /** @type {AbortController | null} */
  #request = null;
  static #leading = 0; // counts what the teacher has pressed, whatever the page has drawn anew meanwhile
  #asked = ""; // what the script was asked for last
  #askedAt = -Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #askLater;
  /** @type {{ key: (key: string) => void, moved: (at: string) => void }} */
  #tell = { key: () => {}, moved: () => {} };

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = root;
    this.#line.setAttribute("role", "status");
    this.#problem.setAttribute("role", "status");
    const numbers = make("dl", { className: "live-numbers" });
    this.#numbers = new Numbers(numbers);
    this.#training.append(this.#told, this.#share, numbers);
    const counted = make("div", { className: "class-counted" }, this.#count, this.#dots, this.#names);
    const about = make("div", { className: "class-about" }, this.#title, this.#parts, this.#question.element, counted);
    const head = make("div", { className: "class-head" }, about, this.#teacher.door);
    const { lead } = this.#teacher;
    this.#body.append(lead, head, this.#training, this.#results.element, this.#member.element);
    root.replaceChildren(this.#line, this.#problem, this.#body);
    addEventListener("resize", () => root.isConnected && this.#results.stage(this.#data?.projecting));
  }

  /** @param {ClassData} data @param {Pick<Component<ClassData>, "setStateValue" | "setTriggerValue">} given */
  update(data, { setStateValue, setTriggerValue }) {
    const before = this.#data;
    this.#data = data;
    this.#tell = { key: (key) => setStateValue("key", key), moved: (at) => setTriggerValue("moved", at) };
    if (data.key) keep(data.code, data.key, true);
    const other = before && (before.code !== data.code || before.language !== data.language || before.theme !== data.theme);
    if (other) this.#request?.abort();
    if (this.#running !== data.code) this.#run(data.code);
    else if (this.#frame) this.#show();
    this.#say(this.#root.dataset.problem ?? "");
  }

  // As long as the page shows this class: who am I, what is there.
  /** @param {string} code */
  async #run(code) {
    [this.#running, this.#frame, this.#who] = [code, /** @type {any} */ (null), this.#data.key ? { key: this.#data.key, teacher: true } : keyOf(code)];
    this.#say("");
    while (this.#root.isConnected && this.#running === code) {
      if (!this.#who?.teacher) await visible();
      const begin = performance.now();
      const status = this.#who ? await this.#fetch() : await this.#join();
      if (this.#running !== code) return;
      if (status === 403) {
        this.#who = null; // another class has this code, or this one has forgotten us
        forget(code);
      }
      this.#cut = status === 0;
      const problem = PROBLEMS[Number(status)] ?? "";
      if (problem || status === 200) this.#say(problem);
      if (FOR_GOOD.includes(problem)) {
        if (problem !== "often") forget(code);
        this.#frame = /** @type {any} */ (null); // nothing of it is drawn any more, whatever the script says
        if (this.#data.known) this.#tell.moved(problem);
        return;
      }
      await pause(status === 200 || status === -1 ? Math.max(0, PAUSE - (performance.now() - begin)) : RETRY);
    }
    if (!this.#root.isConnected) this.#results.destroy();
  }

  // Whether the server is away. Buttons stay as they are: what was pressed is sent when it is back.
  /** @param {boolean} cut */
  set #cut(cut) {
    const line = cut ? this.#data.words.cut : "";
    if (this.#line.textContent !== line) this.#line.textContent = line;
  }

  /** @param {string} problem */
  #say(problem) {
    this.#root.dataset.problem = problem;
    this.#problem.textContent = problem ? this.#data.words[problem] : "";
    this.#body.hidden = problem !== "" || this.#frame === null;
  }

  #address(name = "") {
    return new URL(`class/${encodeURIComponent(this.#running)}${name && `/${name}`}`, SERVER);
  }

  /** @returns {Record<string, string>} */
  get #headers() {
    return this.#who ? { "x-class-key": this.#who.key } : {};
  }

  // Become a member, or one with a name. The status of the answer; with a name, whether it is taken.
  /** @param {string} [name] */
  async #join(name) {
    const code = this.#running;
    const options = { method: "POST", headers: this.#headers, signal: AbortSignal.timeout(PATIENCE) };
    const answer = await fetch(this.#address(), { ...options, body: JSON.stringify({ name }) }).catch(() => null);
    if (answer?.ok) {
      const { token, answers } = await answer.json();
      if (token && !this.#who?.teacher) {
        this.#who = { key: token, teacher: false };
        keep(code, token, false);
        this.#member.restore(answers);
      }
    }
    return name === undefined ? (answer?.status ?? 0) : answer?.ok === true;
  }

  // The next frame: 200 where there is one, 0 where the server is away, -1 where it was called off.
  async #fetch() {
    const request = (this.#request = new AbortController());
    const late = setTimeout(() => request.abort("late"), PATIENCE);
    const { language, theme } = this.#data;
    const token = this.#frame?.drawn === `${language}/${theme}` ? this.#frame.token : "";
    const query = new URLSearchParams({ token, language: language.replace("-", "_"), theme });
    try {
      if (this.#frame === null && !this.#who?.teacher) {
        const status = await this.#join(); // what this member has guessed before a reload
        if (status !== 200) return status;
      }
      const answer = await fetch(`${this.#address()}?${query}`, { headers: this.#headers, signal: request.signal });
      if (!answer.ok) return answer.status;
      this.#frame = { ...(await answer.json()), drawn: `${language}/${theme}` };
      this.#show();
      return 200;
    } catch (error) {
      if (!request.signal.aborted && error instanceof Error && error.name !== "TypeError") console.error(error);
      return request.signal.aborted && request.signal.reason !== "late" ? -1 : 0;
    } finally {
      clearTimeout(late);
    }
  }

  /** @param {string} name @param {any} content */
  async #post(name, content) {
    const options = { method: "POST", headers: this.#headers, signal: AbortSignal.timeout(PATIENCE) };
    const answer = await fetch(this.#address(name), { ...options, body: JSON.stringify(content) }).catch(() => null);
    return answer?.status ?? 0;
  }

  // Until the server has it, or something else was pressed.
  /** @param {string} name @param {any} content */
  async #lead(name, content) {
    const [code, leading] = [this.#running, ++ClassPage.#leading];
    while ((await this.#post(name, content)) === 0) {
      this.#cut = true;
      await pause(RETRY);
      if (code !== this.#running || leading !== ClassPage.#leading) return;
    }
  }

  async #csv() {
    const answer = await fetch(this.#address("guesses.csv"), { headers: this.#headers }).catch(() => null);
    return answer?.ok ? answer.text() : null;
  }

  #show() {
    const [data, frame, teacher] = [this.#data, this.#frame, this.#who?.teacher === true];
    const { words } = data;
    /** @param {HTMLElement} element @param {string} content */
    const text = (element, content) => element.textContent !== content && (element.textContent = content);
    document.documentElement.lang = data.language;
    for (const [name, colour] of Object.entries(data.colours)) {
      this.#root.style.setProperty(`--course-${name}`, colour);
      this.#root.style.setProperty(`--live-${name}`, colour);
    }
    this.#root.classList.toggle("class-projected", data.projecting && teacher);
    this.#root.classList.toggle("class-joining", teacher && frame.part === "read");
    Object.assign(this.#root.dataset, { part: frame.part, closed: String(frame.closed), lesson: frame.lesson });
    this.#root.dataset.frames = String(Number(this.#root.dataset.frames ?? 0) + 1);
    this.#say(""); // before charts are drawn, which take the width that there is
    text(this.#title, frame.title);
    this.#title.hidden = data.known; // the page's script shows it, above its texts
    const here = PARTS.map((part) => `${part}:${words.parts[part]}`).join() + frame.part;
    if (this.#parts.dataset.here !== here) {
      this.#parts.dataset.here = here;
      const entries = PARTS.map((part) => make("li", { textContent: words.parts[part] }));
      entries[PARTS.indexOf(frame.part)].setAttribute("aria-current", "step");
      this.#parts.replaceChildren(...entries);
    }
    const guessing = frame.part === "guess" && !frame.closed;
    const counts = frame.part === "read" ? words.here : guessing ? words.guessing : words.guessed;
    text(this.#count, counts.replace("{guesses}", String(frame.guessed)).replace("{here}", String(frame.here)));
    while (this.#dots.children.length > (guessing ? frame.guessed : 0)) this.#dots.lastChild?.remove();
    while (this.#dots.children.length < (guessing ? frame.guessed : 0)) this.#dots.append(make("span"));
    text(this.#names, frame.names.length ? words.names.replace("{names}", frame.names.join(words.comma)) : "");
    const running = frame.part === "run" && frame.status === "running";
    this.#training.hidden = frame.part !== "run";
    this.#share.hidden = !running;
    this.#share.value = frame.share;
    this.#share.setAttribute("aria-label", words.training);
    this.#numbers.show(running ? frame.numbers : []);
    const failed = frame.part === "run" && ["failed", "stopped"].includes(frame.status);
    const told = failed ? words[frame.status] : running ? words.training : words.trained;
    text(this.#told, frame.waiting ? words.waiting.replace("{place}", frame.waiting) : told);
    this.#teacher.lead.hidden = this.#teacher.door.hidden = !teacher;
    this.#member.element.hidden = teacher;
    this.#question.show(teacher ? frame.guesses : [], data.language, words.pair);
    if (teacher) this.#teacher.show(data, frame);
    else this.#member.show(data, frame);
    this.#results.show(frame.results, words, data.projecting && teacher);
    this.#tellScript();
  }

  // The page's script shows the texts of the lesson: it must know where the class is, and that we are in it.
  #tellScript() {
    if (!this.#frame) return; // the class has ended since this was put off
    const { lesson, part, closed } = this.#frame;
    const at = `${lesson}/${part}/${closed}`;
    if (!this.#root.isConnected || (this.#data.known && this.#data.at === at)) return;
    clearTimeout(this.#askLater);
    this.#askLater = setTimeout(() => this.#tellScript(), ASK_EVERY); // unless it has followed by then
    const asked = `${this.#data.known}/${at}`;
    if (!socketOpen() || (asked === this.#asked && performance.now() - this.#askedAt < ASK_EVERY - 100)) return;
    [this.#asked, this.#askedAt] = [asked, performance.now()];
    if (!this.#data.known) this.#tell.key(this.#who?.key ?? "");
    else this.#tell.moved(at);
  }
}

// Streamlit calls this at the first drawing of the element and whenever the script has said something new.
/** @param {Component<ClassData>} component */
export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector(".class-room");
  root.page ??= new ClassPage(root);
  root.page.update(data, { setStateValue, setTriggerValue });
}
