// The script in the file of a film (ui/lab/film/document.py): it unpacks the pictures and shows one after the other.

import { whole } from "../../../charts/static/changes.js";
import { Chart } from "../../../charts/static/chart.js";

const LASTS = 250; // milliseconds for which a picture is shown, at speed 1
const SPEEDS = [0.5, 1, 2, 4];
const STEPS = window.matchMedia("(prefers-reduced-motion: reduce)"); // then it goes on from press to press

/** @param {string} id @returns {any} */
const byId = (id) => document.getElementById(id);

/** @param {string} text base64 of gzip of JSON */
async function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

// The frames with whole figures.
/** @param {any[]} frames */
function unfolded(frames) {
  /** @type {any} */
  let before = null;
  return frames.map((frame) => ({ ...frame, score: (before = whole(frame.score, before)) }));
}

/** @param {HTMLElement} list @param {string[][]} rows */
function fill(list, rows) {
  const parts = rows.map(([name, text]) => {
    const row = document.createElement("div");
    const [term, value] = [document.createElement("dt"), document.createElement("dd")];
    [term.textContent, value.textContent] = [name, text];
    row.append(term, value);
    return row;
  });
  list.replaceChildren(...parts);
}

class Film {
  #film;
  #frames;
  #score = new Chart(byId("score"));
  #loss = new Chart(byId("loss"));
  /** @type {number | undefined} */
  #timer;

  /** @param {any} film */
  constructor(film) {
    this.#film = film;
    this.#frames = unfolded(film.frames);
    const { words, title, facts, link } = film;
    document.querySelector("h1").textContent = title;
    byId("speed-name").textContent = words.speed;
    byId("speed").append(...SPEEDS.map((speed) => new Option(`${speed}×`, String(speed), speed === 1, speed === 1)));
    byId("speed").parentElement.hidden = STEPS.matches;
    byId("slider").max = String(this.#frames.length - 1);
    byId("slider").setAttribute("aria-label", words.update);
    byId("score").setAttribute("aria-label", words.score);
    byId("loss").setAttribute("aria-label", words.loss);
    fill(byId("facts"), facts);
    byId("link").textContent = link && words.link;
    if (link) byId("link").href = link;
    byId("slider").addEventListener("input", () => (this.#pause(), this.#show()));
    byId("play").addEventListener("click", () => (this.#timer ? this.#pause() : this.#play()));
    this.#pause();
    this.#show();
  }

  #play() {
    const slider = byId("slider");
    if (Number(slider.value) < this.#frames.length - 1) this.#next();
    else {
      slider.value = "0";
      this.#show();
    }
    if (STEPS.matches) return;
    byId("play").textContent = this.#film.words.pause;
    this.#wait();
  }

  #wait() {
    this.#timer = window.setTimeout(() => {
      if (this.#next()) this.#wait();
      else this.#pause();
    }, LASTS / Number(byId("speed").value));
  }

  #pause() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    byId("play").textContent = STEPS.matches ? this.#film.words.next : this.#film.words.play;
  }

  #next() {
    const slider = byId("slider");
    slider.value = String(Number(slider.value) + 1);
    this.#show();
    return Number(slider.value) < this.#frames.length - 1;
  }

  #show() {
    const { update, numbers, verdict, score } = this.#frames[Number(byId("slider").value)];
    const said = this.#film.words.at.replace("{update}", update.toLocaleString("en"));
    byId("update").textContent = said;
    byId("slider").setAttribute("aria-valuetext", said);
    fill(byId("numbers"), numbers);
    byId("verdict").textContent = verdict;
    this.#score.draw(score);
    const { data, layout } = this.#film.loss;
    const mark = { ...layout.shapes.at(-1), x0: update, x1: update };
    this.#loss.draw({ data, layout: { ...layout, shapes: [...layout.shapes.slice(0, -1), mark] } });
    document.body.dataset.update = String(update);
  }
}

unpacked(byId("film").textContent).then((film) => new Film(film));
