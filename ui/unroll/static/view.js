// The view: the diagram, the operation that is looked at, and the way through all of them. Everything was computed
// before; here it is only shown.

/**
 * @import { Component, UnrollData } from "../../live/static/payload.js"
 * @import { NamedOperation } from "./arrays.js"
 */

import { named } from "./arrays.js";
import { save } from "../../charts/static/export.js";
import { Diagram } from "./diagram.js";
import { formula, html, plainFormula, svg } from "./draw.js";
import { drawing, picture } from "./drawing.js";
import { Operation, reachable } from "./operation.js";

const PLAY = 1100; // milliseconds an operation stays
const REMEMBER = 700; // milliseconds of rest before the place is written into the address

const ICONS = {
  start: "M5 3v10M13 3L7 8l6 5z", previous: "M10 3L5 8l5 5", play: "M5 3l8 5-8 5z", pause: "M5 3v10M11 3v10",
  next: "M6 3l5 5-5 5", end: "M11 3v10M3 3l6 5-6 5z",
};
/** @param {keyof typeof ICONS} name */
const icon = (name) => svg("svg", { class: "icon", viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: ICONS[name] }));

/** @typedef {(name: string, value: any, once: boolean) => void} Send */

export class View {
  /** @type {UnrollData} */
  data;
  version = "";
  drawn = ""; // which diagram: direction, gate, version, width
  gate = "";
  /** @type {Record<string, string>} */
  words = {};
  at = 0; // index of the operation that is shown
  /** @type {[row: number, column: number, rows: string] | null} */
  pointed = null; // the number of the result that the reader has chosen
  /** @type {ReturnType<typeof setInterval> | null} */
  timer = null; // while it plays
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  resting; // until the place is written
  clientWidth = 0;

  /** @param {HTMLElement} root @param {Send} send */
  constructor(root, send) {
    this.root = root;
    this.send = send;
    /** @param {string} name @param {string} text @param {() => void} action */
    const button = (name, text, action) => html("button", { type: "button", class: `key ${name}`, onclick: action }, text);
    this.keys = {
      start: button("start", icon("start"), () => this.show(0)),
      previous: button("previous", icon("previous"), () => this.move(-1)),
      play: button("play", icon("play"), () => this.toggle()),
      next: button("next", icon("next"), () => this.move(1)),
      end: button("end", icon("end"), () => this.show(Infinity)),
    };
    this.seek = html("input", { type: "range", min: 0, step: 1, oninput: () => this.show(Number(this.seek.value)) });
    this.seek.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => event.key.startsWith("Arrow") && event.preventDefault());
    this.count = html("span", { class: "count" });
    this.title = html("h2", {});
    this.equation = html("div", { class: "headline" });
    this.text = html("p", { class: "text" });
    this.places = html("div", { class: "places" });
    this.legend = html("p", { class: "legend" });
    this.chips = html("div", { class: "chips" });
    this.status = html("p", { class: "status", role: "status" });
    this.weights = html("details", { class: "weights" });
    this.diagram = new Diagram(this);
    this.operation = new Operation(this);
    this.sheet = new Operation(this); // the foldout with all weights
    this.help = html("p", { class: "legend" });
    this.saves = html("span", { class: "legend" });
    this.savePng = html("button", { type: "button", class: "save", onclick: () => this.saveAs("png") });
    this.saveSvg = html("button", { type: "button", class: "save", onclick: () => this.saveAs("svg") });
    this.root.replaceChildren(
      this.chips, this.diagram.node,
      html("div", { class: "bar" }, html("div", { class: "keys" }, ...Object.values(this.keys)), this.seek, this.count),
      this.places,
      html("div", { class: "panel" }, html("div", { class: "head" }, this.title, this.equation, this.text), this.operation.node, this.status),
      this.help, html("p", { class: "saves" }, this.saves, this.savePng, this.saveSvg), this.weights,
    );
    this.root.addEventListener("keydown", (event) => this.key(event));
    /** @param {any} event */
    this.outer = (event) => {
      if (!this.root.isConnected) document.removeEventListener("keydown", this.outer);
      else if (event.target === document.body) this.key(event);
    };
    document.addEventListener("keydown", this.outer);
    new ResizeObserver(() => this.data && this.resized()).observe(this.diagram.node);
  }

  /** @param {UnrollData} data */
  receive(data) {
    if (data.version === this.version) return;
    const before = this.data ? named(this.data.ops[this.at]) : null;
    this.data = data;
    this.version = data.version;
    this.words = data.words;
    for (const [name, value] of Object.entries(data.theme)) if (typeof value === "string") this.root.style.setProperty(`--${name}`, value);
    this.root.lang = document.documentElement.lang = data.language;
    for (const [name, key] of Object.entries(this.keys)) this.label(key, this.words[name]);
    this.seek.max = data.ops.length - 1;
    this.seek.setAttribute("aria-label", this.words.seek);
    this.legend.textContent = this.words.legend;
    this.help.textContent = `${this.words.keys} · ${this.words.rounded}`;
    [this.saves, this.savePng, this.saveSvg].forEach((node, at) => (node.textContent = this.words[["save", "savePng", "saveSvg"][at]]));
    this.drawn = "";
    this.chipsAgain();
    this.placesAgain();
    const same = before ? data.ops.findIndex((one) => one[5] === before.result && one[1] === before.phase) : -1;
    this.sheetAgain();
    this.root.dataset.version = data.version;
    this.show(before ? (same >= 0 ? same : 0) : data.at ?? 0, false);
    this.root.dataset.received = String(Number(this.root.dataset.received ?? 0) + 1);
  }

  /** @param {HTMLElement} node @param {string} text */
  label(node, text) {
    node.setAttribute("aria-label", text);
    node.title = text;
  }

  chipsAgain() {
    const letters = ["U", "W", "V"].map((letter) => {
      const lit = () => this.light(letter);
      const off = () => this.light("");
      return html("button", { type: "button", class: "chip", "data-weight": letter, onpointerenter: lit, onpointerleave: off, onfocus: lit, onblur: off }, formula(this.data.letters[letter]));
    });
    this.chips.replaceChildren(...letters, html("span", { class: "legend" }, this.words.copies), html("span", { class: "legend" }, this.words.legend), ...(this.data.large ? [html("span", { class: "legend" }, this.words.large)] : []));
  }

  /** @param {string} kind */
  async saveAs(kind) {
    const { background } = this.data.theme;
    const shown = this.diagram.root;
    if (!shown) return;
    const text = drawing(shown, background);
    const [width, height] = ["width", "height"].map((name) => Number(shown.getAttribute(name)));
    if (kind === "svg") save(text, "image/svg+xml", "rnn-lab-unrolled.svg");
    else save(await picture(text, width, height, background), "image/png", "rnn-lab-unrolled.png");
  }

  // A button for each step of either direction.
  placesAgain() {
    const { data, words } = this;
    /** @param {string} phase @param {[step: number, name: string][]} steps */
    const row = (phase, steps) => {
      const buttons = steps.filter(([step]) => data.ops.some((one) => one[1] === phase && one[2] === step)).map(([step, name]) =>
        html("button", { type: "button", class: "place", "data-phase": phase, "data-step": step, onclick: () => this.goTo(phase, step, null) }, name));
      return html("div", { class: "row", role: "group", "aria-label": words[phase] }, html("span", { class: "phase" }, words[phase]), ...buttons);
    };
    /** @type {[step: number, name: string][]} */
    const all = Array.from({ length: data.steps }, (_, t) => [t, `t = ${t}`]);
    this.places.replaceChildren(
      row("forward", [...all, [data.steps, words.total]]),
      row("backward", [...all.toReversed(), [-1, words.initial], [-2, words.sums], [-3, words.update]]),
    );
  }

  sheetAgain() {
    const { data, words } = this;
    const names = ["U", "W", "V", "P", "Gx", "Gh", "Gc", "bu", "bw", "bc", "bo"].flatMap((letter) => [letter, ...data.gates.map((gate) => `${letter}_${gate}`)]).filter((name) => data.arrays[name]);
    this.sheet.op = named(["", "forward", 0, "", "", "", [], "", [], false]);
    this.sheet.grids = [];
    const open = this.weights.open;
    this.weights.replaceChildren(
      html("summary", {}, words.weights),
      html("p", { class: "legend" }, words.weightsHelp),
      html("div", { class: "equation" }, ...names.map((name) => this.sheet.grid(name))),
    );
    this.weights.open = open;
    this.weights.ontoggle = () => reachable(this.weights);
  }

  /** @param {number} index */
  show(index, remember = true) {
    const { data } = this;
    this.at = Math.max(0, Math.min(data.ops.length - 1, index));
    const op = named(data.ops[this.at]);
    const gate = data.gates.includes(op.result.match(/^[^.]*_(.)/)?.[1] ?? "") ? (op.result.match(/_(.)/) ?? [])[1] : data.gates.includes(op.result[0]) ? op.result[0] : this.gate || (data.gates[0] ?? "");
    this.gate = data.gates.includes(gate) ? gate : data.gates[0] ?? "";
    const drawing = `${op.phase} ${this.gate} ${data.version} ${this.diagram.node.clientWidth}`;
    if (drawing !== this.drawn) {
      this.drawn = drawing;
      this.diagram.draw(op.phase === "backward", this.gate);
    }
    this.diagram.markPlace(data.ops[this.at]);
    const [title, text] = data.titles[op.what];
    const where = { [data.steps]: this.words.total, "-1": this.words.initial, "-2": this.words.sums, "-3": this.words.update }[op.step] ?? this.words.step.replace("{t}", String(op.step));
    this.title.replaceChildren(html("span", { class: "where" }, `${this.words[op.phase]} · ${where}`), " ", formula(title));
    this.equation.replaceChildren(...this.headline(op));
    this.text.replaceChildren(formula(text));
    this.operation.show(data.ops[this.at]);
    this.status.textContent = "";
    this.seek.value = this.at;
    this.seek.setAttribute("aria-valuetext", `${this.words[op.phase]}, ${where}: ${plainFormula(title)}`);
    this.count.textContent = this.words.of.replace("{number}", String(this.at + 1)).replace("{count}", String(data.ops.length));
    for (const place of this.places.querySelectorAll(".place")) {
      const now = place.dataset.phase === op.phase && Number(place.dataset.step) === op.step;
      place.setAttribute("aria-pressed", String(now));
    }
    this.root.dataset.at = String(this.at);
    this.root.dataset.result = op.result;
    if (remember) this.remember();
  }

  // The formula of the operation: the result's name and what it is made of.
  /** @param {NamedOperation} op */
  headline(op) {
    const { data } = this;
    /** @param {string} array */
    const name = (array) => data.arrays[array].n;
    /** @param {string} text */
    const bracket = (text) => (/[ +−]/.test(text.replace(/\{[^}]*\}/g, "")) ? `(${text})` : text);
    const names = op.operands.map(name);
    /** @param {string[]} terms */
    const all = (terms) => (terms.length > 1 ? `(${terms.join(" + ")})` : terms[0]);
    /** @type {Record<string, () => string>} */
    const forms = {
      squares: () => `Σ ${all(names.map((one) => `${bracket(one)}²`))}`, inner: () => `Σ ${all(names.filter((_, k) => k % 2 === 0).map((one, k) => `${bracket(one)} ⊙ ${bracket(names[2 * k + 1])}`))}`,
      pick: () => names.join(" "), product: () => names.join(" "), transposed: () => `${names[0]}^T ${names[1]}`,
      outer: () => `${names[0]} ${names[1]}^T`, add: () => names.join(" + "), columns: () => `Σ_τ ${names[0]}`,
      beside: () => `[${names.join(", ")}]`, total: () => `Σ ${all(names)}`, surprise: () => `−ln ${names[0]}[${data.symbols[data.targets[op.step]]}]`,
      each: () => data.rules[op.rule].replace(/\{(\d)\}/g, (_, k) => (data.rules[op.rule].includes(`({${k}})`) ? names[k] : bracket(names[k]))).replace(/\*/g, "⊙"),
    };
    const join = forms[op.kind]();
    const result = name(op.result);
    return plainFormula(result) === plainFormula(join) ? [formula(result)] : [formula(`${result} = ${join}`)];
  }

  /** @param {number} by */
  move(by) {
    this.show(this.at + by);
    this.intoSight();
  }

  // On a wide screen diagram and operation fit in together; a step that would happen out of sight brings them there.
  intoSight() {
    const bottom = this.operation.node.getBoundingClientRect().bottom;
    if (window.innerWidth > 640 && bottom > window.innerHeight) this.diagram.node.scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  }

  // To the first operation of a step, or of a part of it.
  /** @param {string} phase @param {number} step @param {string | null} part */
  goTo(phase, step, part) {
    const { ops } = this.data;
    let index = ops.findIndex((one) => one[1] === phase && one[2] === step && (part === null || one[3] === part));
    if (part === "s" || part === "o") index = ops.findLastIndex((one) => one[1] === phase && one[2] === step && one[3] === part && (phase === "forward" || one[0] === "d_state" || one[0] === "d_output"));
    if (part === "x") index = ops.findIndex((one) => one[1] === phase && one[2] === step && one[3] === "U");
    if (index < 0) index = ops.findIndex((one) => one[1] === phase && one[2] === step);
    if (index >= 0) this.show(index);
    this.intoSight();
  }

  /** @param {number} by */
  stride(by) {
    const places = [...this.places.querySelectorAll(".place")];
    const now = places.findIndex((place) => place.getAttribute("aria-pressed") === "true");
    places[Math.max(0, Math.min(places.length - 1, now + by))]?.click();
  }

  toggle(on = !this.timer) {
    clearInterval(this.timer ?? undefined);
    this.timer = null;
    if (on) {
      if (this.at === this.data.ops.length - 1) this.show(0);
      this.timer = setInterval(() => {
        if (!this.root.isConnected || this.at >= this.data.ops.length - 1) this.toggle(false);
        else this.move(1);
      }, PLAY);
    }
    if (!on) this.remember();
    this.keys.play.replaceChildren(icon(on ? "pause" : "play"));
    this.label(this.keys.play, this.words[on ? "pause" : "play"]);
  }

  /** @param {any} event */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.data) return;
    const inner = event.composedPath()[0];
    if (inner.tagName === "INPUT" && inner.type !== "range") return;
    /** @type {Record<string, () => void>} */
    const actions = {
      ArrowRight: () => this.move(1), ArrowLeft: () => this.move(-1), ArrowDown: () => this.stride(1), ArrowUp: () => this.stride(-1),
      Home: () => this.show(0), End: () => this.show(Infinity),
    };
    if (event.key === " " && !["BUTTON", "SUMMARY"].includes(inner.tagName)) actions[" "] = () => this.toggle();
    if (!actions[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key !== " ") this.toggle(false);
    actions[event.key]();
  }

  /** @param {string} letter */
  light(letter) {
    this.root.dataset.lit = letter;
  }

  /** @param {string} text */
  say(text) {
    this.status.textContent = text;
  }

  /** @param {string} name @param {number} row @param {number} column @param {number} value */
  edited(name, row, column, value) {
    this.send("edit", { name, row, column, value }, true);
  }

  /** @param {string} what @param {number} index */
  choose(what, index) {
    this.send("look", { what, index }, true);
  }

  // The place goes into the address once the reader rests there.
  remember() {
    clearTimeout(this.resting);
    if (this.timer) return;
    this.resting = setTimeout(() => this.root.isConnected && this.send("place", this.at, false), REMEMBER);
  }

  resized() {
    if (this.diagram.node.clientWidth === this.clientWidth) return;
    this.clientWidth = this.diagram.node.clientWidth;
    if (this.clientWidth) this.show(this.at, false);
  }
}

/** @param {Component<UnrollData>} component */
export default function ({ data, parentElement, setTriggerValue, setStateValue }) {
  const root = parentElement.querySelector(".unroll");
  /** @param {string} name @param {any} value @param {boolean} once */
  const send = (name, value, once) => (once ? setTriggerValue : setStateValue)(name, value);
  if (!root.view) root.view = new View(root, send);
  root.view.send = send;
  root.classList.toggle("larger", data.projecting);
  root.view.receive(data);
}
