// The moving part of the Arena: asks the server for pictures (ui/arena/frames.py) and shows them.

import { Chart } from "./chart.js";
import { Notices, Part } from "./words.js";

const PAUSE = 60; // milliseconds between two pictures, at least
const SLOW_EVERY = 400; // milliseconds between two drawings of the charts that move slowly
const PARTS_EVERY = 1000; // the same for the guides and tables that are open
const RETRY = 1000; // milliseconds after a failed request

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const visible = () =>
  document.hidden
    ? new Promise((resolve) => document.addEventListener("visibilitychange", resolve, { once: true }))
    : Promise.resolve();

// The text of an element, changed only where it is another.
function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// A list of sentences; changed in place.
function list(element, sentences) {
  while (element.children.length > sentences.length) element.lastChild.remove();
  while (element.children.length < sentences.length) element.append(document.createElement("li"));
  sentences.forEach((sentence, i) => say(element.children[i], sentence));
}

class Arena {
  frame = null; // the picture that is shown
  charts = {};
  #root;
  #data; // what the page's script has said last
  #act; // has the page's script do what changes its controls too
  #resets = 0;
  #token = "";
  #slowAt = -Infinity;
  #partsAt = -Infinity;
  #request = null;

  constructor(root) {
    this.#root = root;
    const find = (name) => root.querySelector(name);
    this.notices = new Notices(find(".live-notices"), (name) => this.#act(name));
    find(".live-play").addEventListener("click", () => this.#command(this.playing ? "pause" : "play"));
    find(".arena-sweeper").addEventListener("click", () => {
      if (this.frame?.sweep?.command) this.#command(this.frame.sweep.command);
    });
    for (const button of root.querySelectorAll("[data-command]")) {
      button.addEventListener("click", () => this.#command(button.dataset.command));
    }
    for (const button of root.querySelectorAll("[data-act]")) {
      button.addEventListener("click", () => this.#act(button.dataset.act));
    }
    for (const element of root.querySelectorAll("[data-chart]")) {
      this.charts[element.dataset.chart] = new Chart(element);
    }
    this.parts = [...root.querySelectorAll("details[data-part]")].map(
      (element) => new Part(element, () => this.#askAnew({ parts: true })),
    );
    find(".live-reset").addEventListener("click", () => {
      for (const chart of Object.values(this.charts)) chart.resetZoom();
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
  update({ data, setTriggerValue }) {
    this.#data = data;
    this.#act = (name) => setTriggerValue("act", name);
    for (const element of this.#root.querySelectorAll("[data-word]")) say(element, data.words[element.dataset.word]);
    for (const element of this.#root.querySelectorAll("[data-alt]")) {
      element.setAttribute("role", "img");
      element.setAttribute("aria-label", data.words[element.dataset.alt]);
    }
    this.#root.querySelector(".arena-scroll").setAttribute("aria-label", data.words.standings);
    for (const [name, colour] of Object.entries(data.colours)) this.#root.style.setProperty(`--live-${name}`, colour);
    if (this.frame) this.#showButtons();
    this.#askAnew({ parts: true });
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
        else await wait(this.#data ? RETRY : PAUSE);
      } catch (error) {
        if (error.name === "AbortError") continue; // something else is wanted, at once
        if (!(error instanceof TypeError)) console.error(error); // a TypeError of fetch: the server is away
        await wait(RETRY);
      }
      await wait(Math.max(0, PAUSE - (performance.now() - begin)));
    }
    for (const chart of Object.values(this.charts)) chart.destroy();
  }

  #address(now) {
    const query = new URLSearchParams({ token: this.#token, reset: this.#resets });
    if (now - this.#slowAt < SLOW_EVERY && this.#token !== "") query.set("loss", 0);
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
    if (frame.sweep) this.#showSweep(frame.sweep);
    if (!frame.figures) return;
    this.#root.classList.remove("live-empty");
    this.#showTable(frame.table);
    list(this.#root.querySelector(".arena-verdicts"), frame.verdicts);
    say(this.#root.querySelector(".live-line"), frame.line);
    for (const section of this.#root.querySelectorAll(".arena-swept")) {
      if ("climb" in frame.figures) section.hidden = false;
    }
    for (const [name, figure] of Object.entries(frame.figures)) this.charts[name].draw(figure);
    if (frame.figures.race) this.#slowAt = now;
    else if (previous?.run !== frame.run || previous?.status !== frame.status) this.#askAnew();
    for (const part of this.parts) {
      if (part.name in frame.parts) {
        part.show(frame.parts[part.name]);
        this.#partsAt = now;
      }
    }
    await new Promise(requestAnimationFrame); // what is drawn is on the screen before the next is asked for
    this.#root.dataset.frames = Number(this.#root.dataset.frames ?? 0) + 1;
  }

  // A button: the server is told at once, without a run of the script.
  #command(name) {
    fetch(`${this.#data.address}/${this.#data.key}/${name}`, { method: "POST" });
  }

  #showButtons() {
    say(this.#root.querySelector(".live-play"), this.playing ? this.#data.words.pause : this.#data.words.play);
  }

  get playing() {
    return this.frame === null || ["starting", "compiling", "running"].includes(this.frame.status);
  }

  #showSweep({ command, label, line, share, verdicts }) {
    const button = this.#root.querySelector(".arena-sweeper");
    button.hidden = command === null;
    say(button, label);
    const progress = this.#root.querySelector(".arena-progress");
    progress.hidden = share === undefined;
    progress.value = share ?? 0;
    progress.setAttribute("aria-label", this.#data.words.sweep);
    say(this.#root.querySelector(".arena-line"), line);
    if (verdicts) list(this.#root.querySelector(".arena-found"), verdicts);
  }

  // Who stands where; changed in place.
  #showTable({ headings, rows, caption }) {
    const table = this.#root.querySelector(".arena-table");
    if (!table.tBodies.length || table.rows.length !== rows.length + 1) {
      const [head, body] = [table.createTHead(), table.tBodies[0] ?? table.createTBody()];
      table.createCaption();
      head.replaceChildren(document.createElement("tr"));
      for (const _ of headings) head.rows[0].append(Object.assign(document.createElement("th"), { scope: "col" }));
      body.replaceChildren(
        ...rows.map((row, number) => {
          const line = document.createElement("tr");
          row.forEach((_, column) => line.append(document.createElement(column ? "td" : "th")));
          line.firstChild.scope = "row";
          const swatch = Object.assign(document.createElement("span"), { className: "arena-swatch" });
          swatch.dataset.contender = number;
          line.firstChild.append(swatch, document.createElement("span"));
          return line;
        }),
      );
    }
    say(table.caption, caption);
    headings.forEach((heading, column) => say(table.tHead.rows[0].cells[column], heading));
    rows.forEach((row, number) => {
      const { cells } = table.tBodies[0].rows[number];
      cells[0].firstChild.style.background = this.#data.contenders[number];
      say(cells[0].lastChild, row[0]);
      row.slice(1).forEach((text, column) => say(cells[column + 1], text));
    });
  }
}

// Streamlit calls this at the first drawing of the element and whenever the script has said something new.
export default function (component) {
  const root = component.parentElement.querySelector(".arena");
  root.arena ??= new Arena(root);
  root.arena.update(component);
}
