// Around the charts of a page: what can be taken along of each, and the view for projecting, in which one fills the screen.
// An element with buttons offers all its charts in a list; the charts of one without fill a screen each.

/** @import { Chart } from "../../charts/static/chart.js" */

import { save, SaveMenu, saveTable } from "../../charts/static/export.js";

const LETTERS = 1.8; // times larger than on the page, on a screen of this size; larger with a larger one
const SCREEN = [1280, 720]; // pixels
const PHONE = 640; // pixels: what is no wider is held in a hand
const ABOVE = 110; // pixels above a chart of an element without buttons: the pages and a heading
const BELOW = 8; // pixels that stay free below what is projected

// The short name of a chart: the heading over it, or how its description begins; of a panel, its word.
/** @param {HTMLElement} element @param {Record<string, string>} words */
function titleOf(element, words) {
  if (element.dataset.panel) return words[element.dataset.panel];
  const section = element.closest("section, div:has(> h2)");
  const headings = [...(section?.querySelectorAll("h2") ?? [])];
  const over = headings.filter((heading) => heading.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING);
  const text = over.at(-1)?.textContent || element.getAttribute("aria-label") || "";
  return text.split(/[:：。]|\.(?:\s|$)/)[0].trim();
}

// The name that the page's own part knows a chart by.
/** @param {HTMLElement} element */
const nameOf = ({ dataset, classList }) =>
  dataset.chart ?? [...classList].find((name) => /^(live|memory)-/.test(name))?.replace(/^\w+-/, "");

/** @param {Element} element */
const shown = (element) => !element.closest("[hidden]");

/**
 * A chart, or another picture that can be saved like one.
 * @typedef {object} Saved
 * @property {HTMLElement} element
 * @property {any} figure null before it is drawn
 * @property {(ratio?: number) => Promise<Blob | null>} png
 * @property {(title: string) => string} svg
 * @property {() => string | Promise<string>} csv
 */

export class ChartTools {
  #root;
  #charts;
  #saved; // whatever has a menu
  #menus;
  #exact;
  /** @type {Record<string, string>} */
  #words = {};
  #projecting = false;
  /** @type {any} */
  #bar = null; // the list of what can be projected
  /** @type {HTMLElement | null} */
  #chosen = null; // the element that is projected
  #wanted = false; // the reader has chosen it
  #listed = "";

  // act : tells the page's script. pictures : others that can be saved like a chart. exact : has the charts drawn with all
  // digits of their numbers, where those that are drawn may have fewer.
  /**
   * @param {HTMLElement} root
   * @param {Chart[]} charts
   * @param {(name: string) => void} act
   * @param {Saved[]} [pictures]
   * @param {() => Promise<void>} [exact]
   */
  constructor(root, charts, act, pictures = [], exact = async () => {}) {
    this.#root = root;
    this.#exact = exact;
    this.#charts = charts;
    this.act = act;
    this.#saved = [...charts, ...pictures];
    this.#menus = this.#saved.map((chart) => this.#menu(chart));
    for (const button of root.querySelectorAll("[data-table]")) {
      const { table } = button.dataset;
      const find = () => root.querySelector(`table.${table}, .${table} table`);
      button.addEventListener("click", () => find() && saveTable(find(), `rnn-lab-${table.replace(/^\w+-/, "")}`));
    }
    addEventListener("resize", () => this.#root.isConnected && this.#fill());
    addEventListener("beforeprint", () => this.#print());
  }

  /** @param {Saved} chart */
  #menu(chart) {
    const name = `rnn-lab-${nameOf(chart.element)}`;
    const menu = new SaveMenu([
      ["", async () => chart.figure && save(await chart.png(), "image/png", `${name}.png`)],
      ["", () => chart.figure && save(chart.svg(titleOf(chart.element, this.#words)), "image/svg+xml", `${name}.svg`)],
      ["", async () => chart.figure && save(await this.#exact().then(() => chart.csv()), "text/csv", `${name}.csv`)],
      ["", () => this.#project(chart.element)],
    ]);
    const frame = chart.element.closest(".live-scroll") ?? chart.element;
    let tools = frame.nextElementSibling;
    if (!tools?.matches(".live-tools:not(.live-kept)")) {
      tools = document.createElement("div");
      tools.className = "live-tools";
      frame.after(tools);
    }
    tools.append(menu.element);
    return menu;
  }

  /** @param {HTMLElement} element */
  #project(element) {
    [this.#chosen, this.#wanted] = [element, true];
    if (!this.#projecting) this.act("project");
    this.refresh();
  }

  // Data of the page's script: words, and whether the page is projected.
  /** @param {import("./payload.d.ts").ChartData} given */
  update({ words, projecting }) {
    this.#words = words;
    this.#nameMenus();
    this.#projecting = projecting;
    this.#root.classList.toggle("live-projected", projecting);
    if (projecting && this.#root.querySelector(".live-buttons")) this.#bar ??= this.#makeBar();
    if (this.#bar) this.#bar.hidden = !projecting;
    this.#listed = "";
    if (projecting) this.refresh();
    else this.#fill();
  }

  #nameMenus() {
    const words = this.#words;
    const choices = ["savePng", "saveSvg", "saveCsv", "project"].map((name) => words[name]);
    this.#saved.forEach(({ element }, i) => this.#menus[i].name(words.save, titleOf(element, words), choices));
  }

  #makeBar() {
    const bar = document.createElement("div");
    bar.className = "live-bar-of-projector";
    const [label, select] = [document.createElement("span"), document.createElement("select")];
    select.addEventListener("change", () => this.#project(this.#offered[select.selectedIndex]));
    const whole = document.createElement("label");
    whole.append(label, " ", select);
    bar.append(whole);
    this.#root.querySelector(".live-buttons").append(bar);
    return bar;
  }

  // The charts that there are now, and whatever else of the page can fill a screen.
  get #offered() {
    const panels = [...this.#root.querySelectorAll("[data-panel]")];
    const drawn = this.#charts.filter(({ figure }) => figure).map(({ element }) => element);
    return [...drawn, ...panels].filter(shown);
  }

  // After each picture: other charts may be there, under other headings.
  refresh() {
    this.#nameMenus();
    this.#saved.forEach(({ figure }, i) => (this.#menus[i].element.hidden = !figure)); // nothing to save, no button
    if (!this.#projecting) return;
    const offered = this.#offered;
    if (!this.#wanted || !offered.includes(this.#chosen)) this.#chosen = offered[0] ?? null;
    const titles = offered.map((element) => titleOf(element, this.#words));
    const listed = JSON.stringify([titles, offered.indexOf(this.#chosen)]);
    if (listed !== this.#listed) {
      this.#listed = listed;
      if (this.#bar) this.#list(titles, offered.indexOf(this.#chosen));
    }
    this.#fill();
  }

  /** @param {string[]} titles @param {number} chosen */
  #list(titles, chosen) {
    const whole = this.#bar.firstChild;
    whole.firstChild.textContent = this.#words.whichChart;
    const options = titles.map((title) => Object.assign(document.createElement("option"), { textContent: title }));
    whole.lastChild.replaceChildren(...options);
    whole.lastChild.selectedIndex = chosen;
  }

  // On paper stand the address, which is all settings, and what it says, one after the other.
  #print() {
    const printed = this.#root.querySelector(".live-printed");
    if (!printed) return;
    const settings = [...new URLSearchParams(location.search)].map(([name, value]) => `${name}: ${value}`);
    printed.textContent = [location.href, ...settings].join(" · ");
  }

  // Pixels of the screen above a chart, once the page is scrolled to it.
  /** @param {HTMLElement} element */
  #above(element) {
    return this.#bar ? element.getBoundingClientRect().top + scrollY : ABOVE;
  }

  // Only the chosen chart and what it stands in are shown; it takes the height that is left.
  #fill() {
    for (const element of this.#root.querySelectorAll(".live-onstage")) element.classList.remove("live-onstage", "live-star");
    const chosen = this.#projecting ? this.#chosen : null;
    for (let element = chosen; element && element !== this.#root; element = element.parentElement) {
      element.classList.add("live-onstage");
    }
    chosen?.classList.add("live-star");
    const times = LETTERS * Math.max(1, Math.min(innerWidth / SCREEN[0], innerHeight / SCREEN[1]));
    const larger = innerWidth > PHONE ? times : 1;
    this.#root.style.setProperty("--live-larger", String(larger));
    for (const chart of this.#charts) {
      if (chart.element !== chosen) chart.stage(null);
      else chart.stage(Math.max(200, innerHeight - this.#above(chosen) - BELOW), larger);
    }
  }
}
