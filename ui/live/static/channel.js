// What every moving part of a page does: it asks the server for pictures (ui/server/routes.py), shows the buttons and notices
// that travel with them, and hears what the page's script says. A page's own part extends this (live.js is one).
//
// The next picture is asked for when the last one is drawn, so a slow browser gets fewer of them; a page that is
// hidden asks for none. Whatever comes from a text is shown with textContent.

import { Notices, Numbers, Part } from "./dom.js";

const PARTS_EVERY = 1000; // milliseconds between two fillings of the guides and tables that are open
const RETRY = 1000; // milliseconds after a failed request

const visible = () =>
  document.hidden
    ? new Promise((resolve) => document.addEventListener("visibilitychange", resolve, { once: true }))
    : Promise.resolve();

export class Moving {
  frame = null; // the picture that is shown
  data = null; // what the page's script has said last
  token = ""; // of the picture that is shown; empty: any will do
  resets = 0; // how often the axes were reset
  rest = 0; // milliseconds that the next picture may wait, so that making them leaves time for other things
  #root;
  #pause;
  #act; // has the page's script do what changes its controls too
  #partsAt = -Infinity;
  #request = null;
  #held = false; // a control was touched: what it changes is waited for, as far as the server does
  #gone = new AbortController();
  #wake = () => {};

  // pause : milliseconds between two pictures, at least.
  constructor(root, pause) {
    this.#root = root;
    this.#pause = pause;
    this.numbers = new Numbers(this.find("numbers"));
    this.notices = new Notices(this.find("notices"), (name) => this.#act(name));
    this.find("play").addEventListener("click", () => this.#command(this.playing ? "pause" : "play"));
    for (const button of root.querySelectorAll("[data-command]")) {
      button.addEventListener("click", () => this.#command(button.dataset.command));
    }
    for (const button of root.querySelectorAll("[data-act]")) {
      button.addEventListener("click", () => this.#act(button.dataset.act));
    }
    this.parts = [...root.querySelectorAll("details[data-part]")].map(
      (element) => new Part(element, () => this.askAnew({ parts: true })),
    );
    const touched = { capture: true, signal: this.#gone.signal };
    document.addEventListener("pointerup", (event) => this.#touched(event), touched);
    document.addEventListener("keydown", (event) => this.#touched(event), touched);
    this.find("reset").addEventListener("click", () => {
      for (const chart of this.charts()) chart.resetZoom();
      this.resets += 1;
      this.askAnew();
    });
  }

  // For a page's own part: its charts, what it asks for beside, and how it shows a picture with figures in it.
  charts() {
    return [];
  }

  ask(_query, _now) {}

  note(_frame) {} // every answer, also one without figures

  show(_frame, _previous, _now) {}

  // The name under which the server knows this session.
  get key() {
    return this.data.key;
  }

  get playing() {
    return this.frame === null || ["starting", "compiling", "running"].includes(this.frame.status);
  }

  find(name) {
    return this.#root.querySelector(`.live-${name}`);
  }

  // What the page's script says: words in the reader's language, and what it shows itself.
  update({ data, setTriggerValue }) {
    const other = this.data?.key !== data.key;
    this.data = data;
    this.#act = (name) => setTriggerValue("act", name);
    for (const element of this.#root.querySelectorAll("[data-word]")) {
      element.textContent = data.words[element.dataset.word];
    }
    for (const element of this.#root.querySelectorAll("[data-alt]")) {
      if (!element.hasAttribute("role")) element.setAttribute("role", "img");
      element.setAttribute("aria-label", data.words[element.dataset.alt]);
    }
    for (const element of this.#root.querySelectorAll("[data-file]")) {
      element.href = `${data.address}/${data.key}/${element.dataset.file}`;
    }
    for (const [name, colour] of Object.entries(data.colours)) this.#root.style.setProperty(`--live-${name}`, colour);
    if (this.frame) this.#showButtons();
    if (other) this.askAnew({ parts: true });
  }

  // Ask at once, whatever is under way.
  askAnew({ parts = false } = {}) {
    this.token = "";
    this.#held = false;
    if (parts) this.#partsAt = -Infinity;
    this.#request?.abort();
    this.#wake();
  }

  // A hand somewhere else on the page, perhaps on a control. A picture without its change would only be in the way of
  // the one with it.
  #touched({ target, key = "" }) {
    const typing = key.length === 1 && key !== " ";
    if (this.#held || typing || this.#root.contains(target)) return;
    this.#held = true;
    this.#request?.abort();
    this.#wake();
  }

  async run() {
    while (this.#root.isConnected) {
      await visible();
      const [begin, held] = [performance.now(), this.#held];
      this.#request = new AbortController();
      try {
        const answer = this.data && (await fetch(this.#address(begin), { signal: this.#request.signal }));
        const frame = answer?.ok && (await answer.json());
        this.#held &&= !held;
        if (frame) await this.#take(frame);
        else await this.#wait(RETRY);
      } catch (error) {
        if (error.name === "AbortError") continue; // something else is wanted, at once
        if (!(error instanceof TypeError)) console.error(error); // a TypeError of fetch: the server is away
        await this.#wait(RETRY);
      }
      const rest = Math.max(this.#pause, this.rest) - (performance.now() - begin);
      if (!this.#held && rest > 0) await this.#wait(rest);
    }
    this.#gone.abort();
    for (const chart of this.charts()) chart.destroy();
  }

  // Some time, or until something else is wanted.
  #wait(milliseconds) {
    return new Promise((resolve) => {
      this.#wake = resolve;
      setTimeout(resolve, milliseconds);
    });
  }

  #address(now) {
    const query = new URLSearchParams({ token: this.token, reset: this.resets });
    const opened = this.parts.filter((part) => part.open).map((part) => part.name);
    if (opened.length && now - this.#partsAt >= PARTS_EVERY) query.set("open", opened.join());
    if (this.#held) query.set("hold", 1);
    this.ask(query, now);
    return `${this.data.address}/${this.data.key}?${query}`;
  }

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
    const card = this.find("card");
    if (card) card.hidden = !frame.card;
    for (const part of this.parts) {
      if (part.name in frame.parts) {
        part.show(frame.parts[part.name]);
        this.#partsAt = now;
      }
    }
    await new Promise(requestAnimationFrame); // what is drawn is on the screen before the next is asked for
    this.#root.dataset.frames = Number(this.#root.dataset.frames ?? 0) + 1;
  }

  // A button beside the charts: the server is told at once, without a run of the script.
  #command(name) {
    fetch(`${this.data.address}/${this.data.key}/${name}`, { method: "POST" });
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
