// The scrubber under the charts: at which update the network is looked at (ui/live/scrubber.py), and the line on top that
// says that this is the past. Dragging asks for one moment after the other: the next one when the last is there.

const PATIENCE = 1500; // milliseconds after which the next is asked for anyway
const STOP_LASTS = 250; // milliseconds for which a film shows a moment, at speed 1
const SPEEDS = [0.5, 1, 2, 4];
const STEPS = window.matchMedia("(prefers-reduced-motion: reduce)"); // then a film goes on from press to press
const TELL_AFTER = 400; // milliseconds after the last choice, the page's script hears of it, for the address
const CHECK_AFTER = 3000; // milliseconds after it, and once more after the last time, the address is looked at,
const CHECKS = 3; // so often, until it is right

/** @typedef {import("./payload.d.ts").Look} Look */

export class Scrubber {
  #range;
  #output;
  #hold;
  #fork;
  /** @type {HTMLElement} on top of the page */
  #line;
  #page;
  /** @type {number | undefined} */
  #timer;
  /** @type {Record<string, string>} */
  #words = {};
  /** @type {Look | null} */
  #look = null;
  /** @type {number | null | undefined} the update that was sent last; null: the newest; undefined: the server knows it */
  #asked;
  #askedAt = -Infinity;
  /** @type {number | null | undefined} to be asked for after that; undefined: nothing */
  #next;
  #film;
  #speed;
  #unlinked;
  #checks = 0;
  #checkAt = 0; // performance.now()
  playing = false; // a film runs
  /** @type {(there: boolean) => void} */
  #shown = () => {};

  /**
   * @param {HTMLElement} root
   * @param {{
   *   command: (name: string, repeated: boolean) => Promise<boolean>,
   *   rerun: () => void,
   *   renew: (value?: unknown) => void,
   *   address: (name: string) => URL,
   * }} page
   */
  constructor(root, page) {
    this.#page = page;
    this.#line = /** @type {HTMLElement} */ (root.querySelector(".live-past"));
    this.element = /** @type {HTMLElement} */ (root.querySelector(".live-scrubber"));
    this.#range = this.element.querySelector("input");
    this.#output = this.element.querySelector("output");
    this.#hold = this.element.querySelector(".live-hold");
    this.#fork = /** @type {HTMLElement} */ (this.element.querySelector("[data-command=fork]"));
    this.#film = /** @type {HTMLElement} */ (this.element.querySelector(".live-film"));
    this.#unlinked = /** @type {HTMLElement} */ (this.element.querySelector(".live-unlinked"));
    this.#speed = /** @type {HTMLSelectElement} */ (this.element.querySelector(".live-film-speed"));
    this.#speed.append(...SPEEDS.map((speed) => new Option(`${speed}×`, String(speed), speed === 1, speed === 1)));
    this.#film.addEventListener("click", () => (this.playing ? this.#stop() : this.#play()));
    /** @param {number | null} update @param {boolean} atOnce */
    const byHand = (update, atOnce) => {
      this.#stop();
      this.#choose(update, atOnce);
    };
    this.#range.addEventListener("input", () => byHand(this.#chosen(), false));
    this.#range.addEventListener("change", () => byHand(this.#chosen(), true));
    this.#hold.addEventListener("click", () => byHand(this.#wanted === null ? (this.#look?.newest ?? 0) : null, true));
    this.#line.querySelector("button").addEventListener("click", () => byHand(null, true));
    this.#fork.addEventListener("click", () => this.#stop());
  }

  /** @param {Record<string, any>} words */
  set words(words) {
    this.#words = words;
    this.#range.setAttribute("aria-label", words.lookAt); // without the number, which moves
    this.#draw();
  }

  /** @returns {number | null} the update that is wanted, as far as this page knows; null: the newest */
  get #wanted() {
    if (this.#next !== undefined) return this.#next;
    return this.#asked !== undefined ? this.#asked : (this.#look?.wanted ?? null);
  }

  #chosen() {
    const value = Number(this.#range.value);
    return value >= Number(this.#range.max) ? null : value;
  }

  /** @param {number | null} update @param {boolean} atOnce */
  #choose(update, atOnce) {
    if (update !== this.#wanted) {
      this.#next = update;
      if (atOnce || this.#asked === undefined) this.#ask();
    } else if (atOnce && this.#next !== undefined) this.#ask();
    this.#draw();
    clearTimeout(this.#timer);
    if (!this.playing) this.#follow();
  }

  // The script writes the address.
  #follow() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#page.rerun(), TELL_AFTER);
    [this.#checks, this.#checkAt] = [CHECKS, performance.now() + CHECK_AFTER];
  }

  // A run of the script that began with an older address may think that it is right: then it runs once more, with the one
  // that the browser has.
  #check() {
    if (this.playing || this.#checks === 0 || performance.now() < this.#checkAt) return;
    const says = new URLSearchParams(window.location.search).get("update");
    if (says === (this.#wanted?.toString() ?? null)) return;
    [this.#checks, this.#checkAt] = [this.#checks - 1, performance.now() + CHECK_AFTER];
    this.#page.renew();
  }

  // The updates that a film shows.
  /** @returns {Promise<number[]>} */
  async #stops() {
    return (await fetch(this.#page.address("stops.json"))).json();
  }

  // Show the moments from here to the newest, one after the other, each when the page has drawn the one before; from the
  // beginning where it stands at the newest. Where motion is reduced only the next one.
  async #play() {
    const from = this.#wanted;
    this.playing = true;
    this.#draw();
    const all = await this.#stops().catch(() => []);
    const later = from === null ? all : all.filter((update) => update > from);
    for (const update of STEPS.matches ? later.slice(0, 1) : later) {
      if (!this.playing) return;
      const least = new Promise((resolve) => setTimeout(resolve, STOP_LASTS / Number(this.#speed.value)));
      const shown = new Promise((resolve) => (this.#shown = resolve));
      this.#choose(update, true);
      if (!(await shown)) return;
      await least;
    }
    if (!this.playing) return;
    this.#stop();
    if (!STEPS.matches || later.length < 2) this.#choose(null, true);
    else this.#choose(this.#wanted, true); // the address follows
  }

  #stop() {
    if (!this.playing) return;
    this.playing = false;
    this.#shown(false);
    this.#draw();
    this.#follow();
  }

  #ask() {
    const update = this.#next ?? null;
    [this.#asked, this.#next, this.#askedAt] = [update, undefined, performance.now()];
    this.#page.command(`look${update === null ? "" : `?update=${update}`}`, true).then((heard) => {
      const newest = this.#asked === update && this.#next === undefined;
      if (!heard && newest) [this.#asked, this.#next] = [undefined, update]; // with the next picture it is asked for again
    });
  }

  // Look at this update; at the newest where it is that.
  /** @param {number} update */
  look(update) {
    this.#stop();
    this.#choose(this.#look && update >= this.#look.newest ? null : update, true);
  }

  /** @param {Look} look */
  show(look) {
    this.#look = look;
    const there = look.wanted === this.#asked && (this.#asked === null || look.update === this.#asked);
    const late = performance.now() - this.#askedAt > PATIENCE;
    if (this.#asked !== undefined && (there || late)) this.#asked = undefined;
    if (this.#asked === undefined && this.#next !== undefined) this.#ask();
    else if (look.wanted === this.#wanted && look.update === look.wanted) this.#shown(true);
    this.element.hidden = look.newest === 0 && look.wanted === null;
    this.#draw();
    this.#check();
  }

  #draw() {
    const look = this.#look;
    if (!look) return;
    const wanted = this.#wanted;
    const shown = wanted ?? look.newest;
    this.#range.min = String(look.first);
    this.#range.max = String(Math.max(look.newest, wanted === null ? 0 : wanted + 1));
    this.#range.value = String(shown);
    const number = shown.toLocaleString("en");
    const [now, past] = [this.#words.newestNow ?? "", this.#words.thePast ?? ""];
    this.#output.textContent = wanted === null ? now.replace("{update}", number) : number;
    // said when the reader chooses, not with every update
    const spoken = wanted === null ? now.replace("{update}", "").replace(/^[\s,，]+/u, "") : past.replace("{update}", number);
    if (this.#range.getAttribute("aria-valuetext") !== spoken) this.#range.setAttribute("aria-valuetext", spoken);
    const word = this.#words[wanted === null ? "holdNow" : "backToNow"] ?? "";
    if (this.#hold.textContent !== word) this.#hold.textContent = word;
    const film = this.playing ? "stopPlaying" : STEPS.matches ? "nextStop" : "playBack";
    if (this.#film.textContent !== this.#words[film]) this.#film.textContent = this.#words[film] ?? "";
    /** @type {HTMLElement} */ (this.#speed.parentElement).hidden = STEPS.matches;
    this.#fork.hidden = !look.past || wanted === null;
    this.#line.hidden = wanted === null && !look.past;
    if (this.#unlinked.textContent !== look.unlinked) this.#unlinked.textContent = look.unlinked;
    this.#unlinked.hidden = look.unlinked === "";
    const [text, button] = this.#line.children;
    text.textContent = [look.sentence, look.progress].filter(Boolean).join(" – ");
    const label = (look.past || !look.progress ? this.#words.backToNow : this.#words.stopReplay) ?? "";
    if (button.textContent !== label) button.textContent = label;
  }
}
