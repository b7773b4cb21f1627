// The moving part of the Lab: asks the server for pictures (ui/server.py, ui/frames.py) and shows them.
//
// The next picture is asked for when the last one is drawn, so a slow browser gets fewer of them; a page that is
// hidden asks for none. Whatever comes from a text is shown with textContent.

import { Chart } from "./chart.js";
import { Details, Notices, Numbers, Part, Samples } from "./words.js";

const PAUSE = 60; // milliseconds between two pictures, at least
const LOSS_EVERY = 500; // milliseconds between two drawings of the loss: it moves more slowly
const PARTS_EVERY = 1000; // the same for the guides and tables that are open
const TELL_AFTER = 300; // milliseconds after a step was chosen, the script hears of it
const RETRY = 1000; // milliseconds after a failed request

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const visible = () =>
  document.hidden
    ? new Promise((resolve) => document.addEventListener("visibilitychange", resolve, { once: true }))
    : Promise.resolve();

class Live {
  frame = null; // the picture that is shown
  #root;
  #data; // what the page's script has said last
  #act; // has the page's script do what changes its controls too
  #note; // tells the script which step is chosen
  #timer;
  #step = null;
  #resets = 0;
  #token = "";
  #lossAt = -Infinity;
  #partsAt = -Infinity;
  #request = null;

  constructor(root) {
    this.#root = root;
    const find = (name) => root.querySelector(`.live-${name}`);
    this.numbers = new Numbers(find("numbers"));
    this.notices = new Notices(find("notices"), (name) => this.#act(name));
    find("play").addEventListener("click", () => this.#command(this.playing ? "pause" : "play"));
    for (const button of root.querySelectorAll("[data-command]")) {
      button.addEventListener("click", () => this.#command(button.dataset.command));
    }
    for (const button of root.querySelectorAll("[data-act]")) {
      button.addEventListener("click", () => this.#act(button.dataset.act));
    }
    this.score = new Chart(find("score"), { onSelect: (step) => this.select(step) });
    this.loss = new Chart(find("loss"));
    this.details = new Details(find("details"));
    this.samples = new Samples(find("samples"));
    this.parts = [...root.querySelectorAll("details[data-part]")].map(
      (element) => new Part(element, () => this.#askAnew({ parts: true })),
    );
    find("reset").addEventListener("click", () => {
      this.score.resetZoom();
      this.loss.resetZoom();
      this.#resets += 1;
      this.#askAnew();
    });
    this.#run();
  }

  // The name under which the server knows this session.
  get key() {
    return this.#data.key;
  }

  // What the page's script says: words in the reader's language, and what it shows itself.
  update({ data, setTriggerValue, setStateValue }) {
    const other = this.#data?.key !== data.key;
    if (!this.#data && data.step >= 0) this.#step = data.step;
    this.#data = data;
    this.#note = () => setStateValue("step", this.#step ?? -1);
    this.#act = (name) => setTriggerValue("act", name);
    for (const element of this.#root.querySelectorAll("[data-word]")) {
      element.textContent = data.words[element.dataset.word];
    }
    for (const element of this.#root.querySelectorAll("[data-file]")) {
      element.href = `${data.address}/${data.key}/${element.dataset.file}`;
    }
    for (const [name, colour] of Object.entries(data.colours)) this.#root.style.setProperty(`--live-${name}`, colour);
    this.samples.wordless(data.words.noText);
    if (this.frame) this.#showButtons();
    const score = this.#root.querySelector(".live-score");
    score.setAttribute("role", "slider");
    score.setAttribute("aria-label", data.words.scoreAlt);
    const loss = this.#root.querySelector(".live-loss");
    loss.setAttribute("role", "img");
    loss.setAttribute("aria-label", data.words.lossAlt);
    if (this.frame) this.#tell();
    if (other) this.#askAnew({ parts: true });
  }

  select(step) {
    this.#step = step;
    this.score.select(step);
    this.#tell();
    this.#askAnew();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#note, TELL_AFTER);
  }

  // Ask at once, whatever is under way.
  #askAnew({ parts = false } = {}) {
    this.#token = "";
    if (parts) this.#partsAt = -Infinity;
    this.#request?.abort();
  }

  async #run() {
    while (this.#root.isConnected) {
      await visible();
      const begin = performance.now();
      this.#request = new AbortController();
      try {
        const answer = this.#data && (await fetch(this.#address(begin), { signal: this.#request.signal }));
        if (answer?.ok) await this.#show(await answer.json());
        else await wait(RETRY);
      } catch (error) {
        if (error.name === "AbortError") continue; // something else is wanted, at once
        if (!(error instanceof TypeError)) console.error(error); // a TypeError of fetch: the server is away
        await wait(RETRY);
      }
      await wait(Math.max(0, PAUSE - (performance.now() - begin)));
    }
    this.score.destroy();
    this.loss.destroy();
  }

  #address(now) {
    const query = new URLSearchParams({ token: this.#token, reset: this.#resets });
    if (this.#step !== null) query.set("step", this.#step);
    if (this.samples.newest !== null) query.set("samples", this.samples.newest);
    if (now - this.#lossAt < LOSS_EVERY && this.#token !== "") query.set("loss", 0);
    const opened = this.parts.filter((part) => part.open).map((part) => part.name);
    if (opened.length && now - this.#partsAt >= PARTS_EVERY) query.set("open", opened.join());
    return `${this.#data.address}/${this.#data.key}?${query}`;
  }

  async #show(frame) {
    const [previous, now] = [this.frame, performance.now()];
    this.#token = frame.token;
    this.frame = frame;
    this.notices.show(frame.notices ?? []);
    this.#showButtons();
    if (!frame.figures) return;
    if (this.#root.classList.contains("live-empty")) {
      this.#root.classList.remove("live-empty");
      this.score.select(this.#step);
    }
    if (this.#step !== null && this.#step >= frame.steps) {
      this.#step = frame.steps - 1;
      this.score.select(this.#step);
    }
    this.numbers.show(frame.numbers);
    this.#root.querySelector(".live-line").textContent = frame.line;
    this.score.draw(frame.figures.score);
    if (frame.figures.loss) {
      this.loss.draw(frame.figures.loss);
      this.#lossAt = now;
    } else if (previous?.run !== frame.run) {
      this.#askAnew();
    }
    this.details.show(frame.details ?? null);
    if (frame.samples) this.samples.show(frame.samples);
    else if (frame.samples === undefined && previous?.run !== frame.run) this.samples.forget();
    for (const part of this.parts) {
      if (part.name in frame.parts) {
        part.show(frame.parts[part.name]);
        this.#partsAt = now;
      }
    }
    this.#tell();
    await new Promise(requestAnimationFrame); // what is drawn is on the screen before the next is asked for
    this.#root.dataset.frames = Number(this.#root.dataset.frames ?? 0) + 1;
  }

  // A button beside the score: the server is told at once, without a run of the script.
  #command(name) {
    fetch(`${this.#data.address}/${this.#data.key}/${name}`, { method: "POST" });
  }

  #showButtons() {
    const { former } = this.frame;
    const button = this.#root.querySelector(".live-former");
    button.hidden = former === undefined;
    button.textContent = former ?? "";
    const play = this.#root.querySelector(".live-play");
    const word = this.playing ? this.#data.words.pause : this.#data.words.play;
    if (play.textContent !== word) play.textContent = word;
  }

  get playing() {
    return this.frame === null || ["starting", "compiling", "running"].includes(this.frame.status);
  }

  // For those who hear the score: the chosen step and its values.
  #tell() {
    const score = this.#root.querySelector(".live-score");
    const details = this.frame?.details;
    score.setAttribute("aria-valuemin", 0);
    score.setAttribute("aria-valuemax", Math.max(0, (this.frame?.steps ?? 1) - 1));
    score.setAttribute("aria-valuenow", this.#step ?? 0);
    const told = details && this.#step !== null ? [details.title, ...details.rows.map((row) => row.join(" "))] : [];
    score.setAttribute("aria-valuetext", told.join("; ") || this.#data.words.noStep);
  }
}

// Streamlit calls this at the first drawing of the element and whenever the script has said something new.
export default function (component) {
  const root = component.parentElement.querySelector(".live");
  root.live ??= new Live(root);
  root.live.update(component);
}
