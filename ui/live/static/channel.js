// Base of every live element: it asks the server for frames (ui/server/routes.py), shows the buttons and notices
// that travel with them, and hears what the page's script says. A page's own part extends this (lab.js is one).
//
// The next picture is asked for when the last one is drawn, so a slow browser gets fewer of them; a page that is
// hidden asks for none. Whatever comes from a text is shown with textContent.

import { Figures } from "../../charts/static/changes.js";
import { csv, rowsOfTable } from "../../charts/static/csv.js";
import { Announcer } from "./announcer.js";
import { Buttons } from "./buttons.js";
import { ChartTools } from "./charts.js";
import { Connection, socketOpen } from "./connection.js";
import { sparing, visible } from "./device.js";
import { Notices, Numbers } from "./dom.js";
import { learn } from "./glossary.js";
import { Keeper } from "./keeper.js";
import { Parts } from "./parts.js";
import { askForFormerTab, isNewlyLost } from "./tab.js";
import { Scrubber } from "./scrubber.js";
import { sayInTheirLanguage } from "./streamlit_words.js";
import { followTheme } from "./theme.js";

const SERVER = new URL("../../../", import.meta.url); // whatever path the app lies under
const RETRY = 1000; // milliseconds after a failed request
const PATIENCE = 14_000; // milliseconds until an answer begins: the server may wait 10 s for something new
const IMPATIENCE = 4000; // the same while the connection is lost
const MISSED = 2; // runs of the script that gave no other network
const AWAY = new Set([502, 504]); // a proxy says so of a server that does not answer
const FAILURES = 3; // so many in a row are told
const SOON = 100; // milliseconds, while the reader's network is on its way
const ASK_EVERY = 3000; // milliseconds between two requests for a run of the page's script

/** @param {HTMLElement} root @param {string} selector @returns {NodeListOf<HTMLElement>} */
const elements = (root, selector) => root.querySelectorAll(selector);

/**
 * @template {import("./payload.d.ts").Frame} F
 * @template {import("./payload.d.ts").PageData} D
 */
export class LiveComponent {
  /** @type {F} the picture that is shown; null before the first */
  frame = /** @type {any} */ (null);
  /** @type {D} what the page's script has said last; null before */
  data = /** @type {any} */ (null);
  token = ""; // of the picture that is shown; empty: any will do
  resets = 0; // how often the axes were reset
  rest = 0; // milliseconds that the next picture may wait, so that making them leaves time for other things
  #figures = new Figures();
  #root;
  #pause;
  #spared = 0; // milliseconds that the server asks this page to wait, for its bytes' sake
  /** @type {(name: string) => void} has the page's script do what changes more than the picture */
  act;
  /** @type {AbortController | null} */
  #request = null;
  /** @type {((value?: unknown) => void) | null} hears of a picture with all digits, where that is wanted */
  #exactly = null;
  #waiting = false; // a control was touched: what it changes is waited for, as far as the server does
  #failures = 0; // requests in a row that got no picture
  #askedAt = -Infinity; // for a run of the script
  #missed = { key: "", times: 0 }; // how often another network was asked for in the place of this one
  /** @type {() => void} has the page's script run, with what the controls are set to in this browser */
  renew = () => {};
  #gone = new AbortController();
  /** @type {(value?: unknown) => void} */
  #wake = () => {};
  /** @type {ChartTools | null} */
  #tools = null; // around the charts
  /** @type {Scrubber | null} where the page is about a network that can be looked at as it was */
  scrubber = null;
  #keeper;
  #buttons;
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
    this.notices = new Notices(this.find("notices"), (name) => this.act(name));
    this.#buttons = new Buttons(root, this);
    this.parts = new Parts(elements(root, "details[data-part]"), () => this.askAnew({ parts: true }));
    if (root.querySelector(".live-scrubber")) this.scrubber = new Scrubber(root, this);
    this.#keeper = new Keeper(root, this);
    const touched = { capture: true, signal: this.#gone.signal };
    document.addEventListener("pointerup", (event) => this.#touched(event), touched);
    document.addEventListener("keydown", (event) => this.#touched(event), touched);
    for (const name of ["online", "offline"]) window.addEventListener(name, () => this.askAnew(), { signal: this.#gone.signal });
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

  // What else can be saved like a chart: each has an element, a `figure` once it is drawn, png(), svg(title) and csv().
  /** @returns {import("./charts.js").Saved[]} */
  pictures() {
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
    /** @param {string} name */
    this.act = (name) => setTriggerValue("act", name);
    this.renew = () => setTriggerValue("again", data.tab);
    followTheme(data.theme, this.renew);
    sayInTheirLanguage(data.streamlit);
    askForFormerTab(data, (former) => setTriggerValue("again", former));
    this.connection.words = data.words.connection;
    this.#keeper.update(data, isNewlyLost() || (other && this.connection.state === "gone"));
    for (const element of elements(this.#root, "[data-word]")) {
      element.textContent = data.words[String(element.dataset.word)];
    }
    for (const element of elements(this.#root, "[data-alt]")) {
      if (!element.hasAttribute("role")) element.setAttribute("role", "img");
      element.setAttribute("aria-label", data.words[String(element.dataset.alt)]);
    }
    for (const file of elements(this.#root, "[data-file]")) file.setAttribute("href", this.address(file.dataset.file).href);
    if (this.scrubber) this.scrubber.words = data.words;
    document.documentElement.lang = data.language;
    for (const [name, colour] of Object.entries(data.colours)) this.#root.style.setProperty(`--live-${name}`, colour);
    this.#tools ??= new ChartTools(this.#root, this.charts(), (name) => this.act(name), this.pictures(), () => this.exact());
    this.#tools.update(data);
    if (this.frame) this.#showButtons();
    if (other) this.askAnew({ parts: true });
  }

  // Ask at once, whatever is under way.
  askAnew({ parts = false } = {}) {
    this.token = "";
    this.#waiting = false;
    if (parts) this.parts.expire();
    this.#request?.abort();
    this.#wake();
  }

  // A hand somewhere else on the page, perhaps on a control. A picture without its change would only be in the way of
  // the one with it.
  /** @param {any} event */
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
      const [begin, waiting, exactly] = [performance.now(), this.#waiting, this.#exactly];
      const answer = this.data && (await this.#fetch(begin));
      if (answer === null) continue; // something else is wanted, at once
      this.#waiting &&= !waiting;
      // while the reader changes to another page, the session may answer with that page's frame
      const frame = answer?.frame?.renderer === this.data?.renderer ? (answer?.frame ?? null) : null;
      if (frame) await this.#draw(frame);
      else if (answer?.status !== undefined) this.#failed(answer.status);
      if (!frame) await this.#wait(RETRY);
      if (exactly && frame?.figures) exactly();
      const rest = Math.max(this.#pause, this.rest, this.#spared) - (performance.now() - begin);
      if (!this.#waiting && rest > 0) await this.#wait(rest);
    }
    this.#gone.abort();
    for (const chart of this.charts()) chart.destroy();
  }

  /**
   * The next picture, or the status of an answer without one; 0 where there is no answer. Null: it was called off.
   * @param {number} now
   * @returns {Promise<{frame?: F, status?: number} | null>}
   */
  async #fetch(now) {
    const request = (this.#request = new AbortController());
    const late = setTimeout(() => request.abort("late"), this.connection.state === "cut" ? IMPATIENCE : PATIENCE);
    try {
      const answer = await fetch(`${this.address()}?${this.#query(now)}`, { signal: request.signal });
      clearTimeout(late);
      this.#spared = Number(answer.headers.get("x-rest") ?? 0);
      if (answer.headers.has("x-stopping")) this.#keeper.handOver();
      return answer.ok ? { frame: await answer.json() } : { status: answer.status };
    } catch {
      return request.signal.aborted && request.signal.reason !== "late" ? null : { status: 0 };
    } finally {
      clearTimeout(late);
    }
  }

  // A picture in which numbers have all their digits, as a file of them has; until it is drawn, or the server is away.
  async exact() {
    this.askAnew();
    await new Promise((resolve) => {
      this.#exactly = resolve;
      setTimeout(resolve, PATIENCE);
    });
    this.#exactly = null;
  }

  // The text of a CSV file with a table that the server makes of what is shown now.
  /** @param {string} part */
  async csvOf(part) {
    const query = this.#query(performance.now());
    query.set("token", "");
    query.set("open", part);
    const answer = await fetch(`${this.address()}?${query}`, { signal: AbortSignal.timeout(PATIENCE) });
    const { parts } = await answer.json();
    return csv(rowsOfTable(parts[part]));
  }

  /** @param {F} frame */
  async #draw(frame) {
    try {
      const held = frame.returning || this.#keeper.waits;
      await (held ? this.#wait(SOON) : this.#take(frame));
      this.#failures = 0;
      this.connection.state = held ? "returning" : "";
      if (!frame.watched) this.#askScript(); // a lost connection came back without a run of the script
    } catch (error) {
      console.error(error);
      this.token = "";
      this.#failed(500);
      await this.#wait(RETRY);
    }
  }

  // No picture: say it at once where the server is away, and after a few times where it may be a moment's trouble.
  /** @param {number} status */
  #failed(status) {
    this.#failures += 1;
    this.token = "";
    const often = this.#failures >= FAILURES;
    if (status === 0 || AWAY.has(status)) this.connection.state = "cut";
    else if (status === 503) this.connection.state = "full";
    else if (status === 404 && this.#failures > 1) this.connection.state = "gone";
    else if (often) this.connection.state = "broken";
    if (this.connection.state === "gone") this.#askScript();
  }

  // A run of the page's script, which gives the reader a network where the server has forgotten this one.
  #askScript() {
    if (!socketOpen() || performance.now() - this.#askedAt < ASK_EVERY) return;
    this.#askedAt = performance.now();
    if (this.connection.state === "gone") {
      const { key, times } = this.#missed;
      this.#missed = { key: this.key, times: key === this.key ? times + 1 : 1 };
      // the script knows this network, and who makes the pictures does not: they are not the same process
      if (this.#missed.times > MISSED) {
        this.#missed.times = 0;
        this.#askedAt = -Infinity; // as soon as it is open again
        return /** @type {any} */ (window).reopenSocket?.();
      }
    }
    this.renew();
  }

  // The server has the page's script run: nobody's hand has asked for it (ui/live/scripts.py).
  rerun() {
    fetch(this.address("again"), { method: "POST", signal: AbortSignal.timeout(IMPATIENCE) }).catch(() => {}); // or it is away
  }

  // Some time, or until something else is wanted.
  /** @param {number} milliseconds */
  #wait(milliseconds) {
    return new Promise((resolve) => {
      this.#wake = resolve;
      setTimeout(resolve, milliseconds);
    });
  }

  // Of this network's pictures, of a file made from it, of a button.
  /** @param {string} [name] */
  address(name) {
    return new URL(`live/${this.data.key}${name ? `/${name}` : ""}`, SERVER);
  }

  /** @param {number} now */
  #query(now) {
    const query = new URLSearchParams({ token: this.token, have: this.#figures.name, reset: String(this.resets) });
    const due = this.parts.due(now);
    if (due.length) query.set("open", due.join());
    if (this.#waiting) query.set("hold", "1");
    if (sparing()) query.set("spare", "1");
    if (!this.#exactly) query.set("round", "1");
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
    if (frame.look) {
      this.scrubber?.show(frame.look);
      this.#root.classList.toggle("live-in-past", frame.look.past);
    }
    this.note(frame);
    this.#keeper.note(frame.run);
    if (!frame.figures) return;
    this.#figures.take(frame);
    this.numbers.show(frame.numbers);
    this.find("line").textContent = frame.line;
    this.show(frame, previous, now);
    this.#root.classList.remove("live-empty");
    this.#tools?.refresh();
    this.#announce();
    const card = this.find("card");
    if (card) card.hidden = !frame.card;
    const at = frame.update?.toLocaleString("en");
    const moment = at === undefined ? "" : this.data.words.moment.replace("{update}", at);
    this.parts.show(frame.parts, moment, now, !this.playing || Boolean(frame.look?.past));
    await new Promise(requestAnimationFrame); // what is drawn is on the screen before the next is asked for
    this.#root.dataset.frames = String(Number(this.#root.dataset.frames ?? 0) + 1);
  }

  #announce() {
    const announced = [...this.#root.querySelectorAll("[data-announce]")].filter((element) => !element.closest("[hidden]"));
    const text = announced.map(({ textContent }) => textContent.trim()).filter(Boolean).join(" ");
    this.#announcer.say(text, null, this.playing);
  }

  // A button beside the charts: the server is told at once, without a run of the script; whether it has heard it.
  // repeated : what it did not hear is said again, and need not be done again.
  /** @param {string} name */
  async command(name, repeated = false) {
    const signal = AbortSignal.timeout(IMPATIENCE);
    const answer = await fetch(this.address(name), { method: "POST", signal }).catch(() => /** @type {Response | null} */ (null));
    if (answer?.ok || !repeated) this.connection.happened(answer?.ok ? "" : "refused");
    if (!answer?.ok) this.askAnew(); // and see whether the server is there at all
    return answer?.ok ?? false;
  }

  #showButtons() {
    this.#buttons.show(this.frame?.former, this.data.words[this.playing ? "pause" : "play"]);
  }
}
