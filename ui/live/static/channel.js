// Base of every live element: it asks the server for frames (ui/server/routes.py), shows the buttons and notices
// that travel with them, and hears what the page's script says. A page's own part extends this (lab.js is one).
//
// The next picture is asked for when the last one is drawn, so a slow browser gets fewer of them; a page that is
// hidden asks for none. Whatever comes from a text is shown with textContent.

import { Announcer } from "./announcer.js";
import { ChartTools } from "./charts.js";
import { Connection, socketOpen } from "./connection.js";
import { Notices, Numbers, Part } from "./dom.js";
import { learn } from "./glossary.js";
import { askForFormerTab } from "./tab.js";
import { followTheme } from "./theme.js";

const SERVER = new URL("../../../", import.meta.url); // whatever path the app lies under
const PARTS_EVERY = 1000; // milliseconds between two fillings of the guides and tables that are open
const RETRY = 1000; // milliseconds after a failed request
const PATIENCE = 14_000; // milliseconds until an answer begins: the server may wait 10 s for something new
const IMPATIENCE = 4000; // the same while the connection is lost
const FAILURES = 3; // so many in a row are told
const ASK_EVERY = 3000; // milliseconds between two requests for a run of the page's script

const visible = () =>
  document.hidden
    ? new Promise((resolve) => document.addEventListener("visibilitychange", resolve, { once: true }))
    : Promise.resolve();

/**
 * @param {HTMLElement} root
 * @param {string} selector
 * @returns {NodeListOf<HTMLElement>}
 */
const elements = (root, selector) => root.querySelectorAll(selector);

/**
 * @template {import("./payload.d.ts").Frame} F
 * @template {import("./payload.d.ts").PageData} D
 */
export class LiveComponent {
  /** @type {F | null} the picture that is shown */
  frame = null;
  /** @type {D | null} what the page's script has said last */
  data = null;
  token = ""; // of the picture that is shown; empty: any will do
  resets = 0; // how often the axes were reset
  rest = 0; // milliseconds that the next picture may wait, so that making them leaves time for other things
  #root;
  #pause;
  #act; // has the page's script do what changes its controls too
  #partsAt = -Infinity;
  #request = null;
  #waiting = false; // a control was touched: what it changes is waited for, as far as the server does
  #failures = 0; // requests in a row that got no picture
  #askedAt = -Infinity; // for a run of the script
  #again; // has the page's script run
  #gone = new AbortController();
  /** @type {(value?: unknown) => void} */
  #wake = () => {};
  #tools = null; // around the charts
  #announcer; // of the sentences that change while a network trains

  /**
   * @param {HTMLElement} root
   * @param {number} pause milliseconds between two pictures, at least
   */
  constructor(root, pause) {
    this.#root = root;
    this.#pause = pause;
    this.connection = new Connection(root, () => this.askAnew());
    const announced = this.find("announced");
    this.#announcer = new Announcer((text) => (announced.textContent = text));
    this.numbers = new Numbers(this.find("numbers"));
    this.notices = new Notices(this.find("notices"), (name) => this.#act(name));
    this.find("play").addEventListener("click", () => this.#command(this.playing ? "pause" : "play"));
    for (const button of elements(root, "[data-command]")) {
      button.addEventListener("click", () => this.#command(button.dataset.command));
    }
    for (const button of elements(root, "[data-act]")) {
      button.addEventListener("click", () => this.#act(button.dataset.act));
    }
    this.parts = [...root.querySelectorAll("details[data-part]")].map(
      (element) => new Part(element, () => this.askAnew({ parts: true })),
    );
    const touched = { capture: true, signal: this.#gone.signal };
    document.addEventListener("pointerup", (event) => this.#touched(event), touched);
    document.addEventListener("keydown", (event) => this.#touched(event), touched);
    for (const name of ["online", "offline"]) {
      window.addEventListener(name, () => this.askAnew(), { signal: this.#gone.signal });
    }
    this.find("reset").addEventListener("click", () => {
      for (const chart of this.charts()) chart.resetZoom();
      this.resets += 1;
      this.askAnew();
    });
  }

  // For a page's own part: its charts, what it asks for beside, and how it shows a picture with figures in it.
  /** @returns {import("../../charts/static/chart.js").Chart[]} */
  charts() {
    return [];
  }

  /**
   * @param {URLSearchParams} _query
   * @param {number} _now
   */
  ask(_query, _now) {}

  /** @param {F} _frame every answer, also one without figures */
  note(_frame) {}

  /**
   * @param {F} _frame
   * @param {F | null} _previous
   * @param {number} _now
   */
  show(_frame, _previous, _now) {}

  // The name under which the server knows this session.
  get key() {
    return this.data.key;
  }

  get playing() {
    return this.frame === null || ["starting", "compiling", "running"].includes(this.frame.status);
  }

  /**
   * @param {string} name
   * @returns {any}
   */
  find(name) {
    return this.#root.querySelector(`.live-${name}`);
  }

  // Data of the page's script: words in the reader's language, and what it shows itself.
  /** @param {import("./payload.d.ts").Component<D>} component */
  update({ data, setTriggerValue }) {
    const other = this.data?.key !== data.key;
    this.data = data;
    learn(data.glossary);
    this.#act = (name) => setTriggerValue("act", name);
    this.#again = () => setTriggerValue("again", data.tab);
    followTheme(data.theme, this.#again);
    askForFormerTab(data, (former) => setTriggerValue("again", former));
    this.connection.words = data.words.connection;
    if (other && this.connection.state === "gone") this.connection.happened("renewed");
    for (const element of elements(this.#root, "[data-word]")) {
      element.textContent = data.words[element.dataset.word];
    }
    for (const element of elements(this.#root, "[data-alt]")) {
      if (!element.hasAttribute("role")) element.setAttribute("role", "img");
      element.setAttribute("aria-label", data.words[element.dataset.alt]);
    }
    for (const element of elements(this.#root, "[data-file]")) {
      element.setAttribute("href", this.#address(element.dataset.file).href);
    }
    document.documentElement.lang = data.language;
    for (const [name, colour] of Object.entries(data.colours)) this.#root.style.setProperty(`--live-${name}`, colour);
    this.#tools ??= new ChartTools(this.#root, this.charts(), (name) => this.#act(name));
    this.#tools.update(data);
    if (this.frame) this.#showButtons();
    if (other) this.askAnew({ parts: true });
  }

  // Have the page's script do what changes more than the picture.
  act(name) {
    this.#act(name);
  }

  // Ask at once, whatever is under way.
  askAnew({ parts = false } = {}) {
    this.token = "";
    this.#waiting = false;
    if (parts) this.#partsAt = -Infinity;
    this.#request?.abort();
    this.#wake();
  }

  // A hand somewhere else on the page, perhaps on a control. A picture without its change would only be in the way of
  // the one with it.
  #touched(event) {
    this.connection.touched(event);
    const { target, key = "" } = event;
    const typing = key.length === 1 && key !== " ";
    if (this.#waiting || typing || this.#root.contains(target)) return;
    this.#waiting = true;
    this.#request?.abort();
    this.#wake();
  }

  async run() {
    while (this.#root.isConnected) {
      await visible();
      const [begin, waiting] = [performance.now(), this.#waiting];
      const answer = this.data && (await this.#fetch(begin));
      if (answer === null) continue; // something else is wanted, at once
      this.#waiting &&= !waiting;
      // while the reader changes to another page, the session may answer with that page's frame
      const frame = answer?.frame?.renderer === this.data?.renderer ? (answer?.frame ?? null) : null;
      if (frame) await this.#draw(frame);
      else if (answer?.status !== undefined) this.#failed(answer.status);
      if (!frame) await this.#wait(RETRY);
      const rest = Math.max(this.#pause, this.rest) - (performance.now() - begin);
      if (!this.#waiting && rest > 0) await this.#wait(rest);
    }
    this.#gone.abort();
    for (const chart of this.charts()) chart.destroy();
  }

  /**
   * The next picture, or the status of an answer without one; 0 where there is no answer. Null: it was called off.
   * @returns {Promise<{frame?: F, status?: number} | null>}
   */
  async #fetch(now) {
    const request = (this.#request = new AbortController());
    const late = setTimeout(() => request.abort("late"), this.connection.state === "cut" ? IMPATIENCE : PATIENCE);
    try {
      const answer = await fetch(`${this.#address()}?${this.#query(now)}`, { signal: request.signal });
      clearTimeout(late);
      return answer.ok ? { frame: await answer.json() } : { status: answer.status };
    } catch {
      return request.signal.aborted && request.signal.reason !== "late" ? null : { status: 0 };
    } finally {
      clearTimeout(late);
    }
  }

  async #draw(frame) {
    try {
      await this.#take(frame);
      this.#failures = 0;
      this.connection.state = "";
      if (!frame.watched) this.#askScript(); // a lost connection came back without a run of the script
    } catch (error) {
      console.error(error);
      this.token = "";
      this.#failed(500);
      await this.#wait(RETRY);
    }
  }

  // No picture: say it at once where the server is away, and after a few times where it may be a moment's trouble.
  #failed(status) {
    this.#failures += 1;
    this.token = "";
    const often = this.#failures >= FAILURES;
    if (status === 0) this.connection.state = "cut";
    else if (status === 503) this.connection.state = "full";
    else if (status === 404 && this.#failures > 1) this.connection.state = "gone";
    else if (often) this.connection.state = "broken";
    if (this.connection.state === "gone") this.#askScript();
  }

  // A run of the page's script, which gives the reader a network where the server has forgotten this one.
  #askScript() {
    if (!socketOpen() || performance.now() - this.#askedAt < ASK_EVERY) return;
    this.#askedAt = performance.now();
    this.#again();
  }

  // Some time, or until something else is wanted.
  #wait(milliseconds) {
    return new Promise((resolve) => {
      this.#wake = resolve;
      setTimeout(resolve, milliseconds);
    });
  }

  // Of this network's pictures, of a file made from it, of a button.
  #address(name) {
    return new URL(`live/${this.data.key}${name ? `/${name}` : ""}`, SERVER);
  }

  #query(now) {
    const query = new URLSearchParams({ token: this.token, reset: String(this.resets) });
    const opened = this.parts.filter((part) => part.open).map((part) => part.name);
    // the card says what the sentences beside it say, at the same moment; the others follow less often
    const due = opened.filter((name) => name === "card" || now - this.#partsAt >= PARTS_EVERY);
    if (due.length) query.set("open", due.join());
    if (this.#waiting) query.set("hold", "1");
    this.ask(query, now);
    return query;
  }

  /** @param {F} frame */
  async #take(frame) {
    const [previous, now] = [this.frame, performance.now()];
    this.token = frame.token;
    this.frame = frame;
    this.notices.show(frame.notices ?? []);
    this.#showButtons();
    this.note(frame);
    if (!frame.figures) return;
    this.numbers.show(frame.numbers);
    this.find("line").textContent = frame.line;
    this.show(frame, previous, now);
    this.#root.classList.remove("live-empty");
    this.#tools.refresh();
    this.#announce();
    const card = this.find("card");
    if (card) card.hidden = !frame.card;
    for (const part of this.parts) {
      if (part.name in frame.parts) {
        const at = frame.update?.toLocaleString("en");
        part.show(frame.parts[part.name], at === undefined ? "" : this.data.words.moment.replace("{update}", at));
        if (part.name !== "card") this.#partsAt = now;
      }
    }
    await new Promise(requestAnimationFrame); // what is drawn is on the screen before the next is asked for
    this.#root.dataset.frames = String(Number(this.#root.dataset.frames ?? 0) + 1);
  }

  #announce() {
    const announced = [...this.#root.querySelectorAll("[data-announce]")].filter((element) => !element.closest("[hidden]"));
    const text = announced.map(({ textContent }) => textContent.trim()).filter(Boolean).join(" ");
    this.#announcer.say(text, null, this.playing);
  }

  // A button beside the charts: the server is told at once, without a run of the script.
  async #command(name) {
    const signal = AbortSignal.timeout(IMPATIENCE);
    const answer = await fetch(this.#address(name), { method: "POST", signal }).catch(() => null);
    this.connection.happened(answer?.ok ? "" : "refused");
    if (!answer?.ok) this.askAnew(); // and see whether the server is there at all
  }

  #showButtons() {
    const { former } = this.frame;
    const button = this.find("former");
    button.hidden = former === undefined;
    button.textContent = former ?? "";
    const word = this.playing ? this.data.words.pause : this.data.words.play;
    const play = this.find("play");
    if (play.textContent !== word) play.textContent = word;
  }
}
