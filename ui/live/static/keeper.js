// Keeps the network of this tab in the browser (store.js), and brings it back to a server that does not have it any
// more. It fetches a file every eight seconds, a large one as often as the server allows, and says on the page which
// update is kept.

import { eraseNetworks, everyNetwork, fileOf, forgetNetworks, keepFromNowOn, keepingIsOff, keepNetwork } from "./store.js";
import { found, isNewTab, isSettled, isUnsure, lostTab, wasTyped } from "./tab.js";

const OPENED = Date.now(); // of this page, by the clock that says since when a network is kept
const SERVER = new URL("../../../", import.meta.url); // whatever path the app lies under
const EVERY = 8000; // milliseconds from one file to the next, at least
const FULL_EVERY = 60_000; // milliseconds from one to the next while the browser has no room, or refuses
const SHARE = 4; // so many times as long as a file takes the next is not asked for: a slow line has other things to carry
const PATIENCE = 20_000; // milliseconds until a file is here
const TRIES = 5; // to bring one back
const BETWEEN = 1000; // milliseconds
const SOON = 50; // milliseconds
const MOST_OTHERS = 12; // runs that a session has beside its own (ui/training/shelf.py)

/**
 * @typedef {import("./payload.d.ts").KeptNetwork} KeptNetwork
 * @typedef {import("./payload.d.ts").PageData} Data
 */

export class Keeper {
  #root;
  #page;
  /** @type {Data} */
  #data = /** @type {any} */ (null);
  #stamp = ""; // of the file that is kept
  #token = ""; // of the picture when it was fetched
  /** @type {AbortController | null} for a file */
  #request = null;
  #quiet = false; // nothing was new the last time
  #busy = false;
  #run = 0; // number of the network in the newest picture
  #others = { shelf: /** @type {Record<string, string>} identity -> stamp */ ({}), forgotten: /** @type {string[]} */ ([]) };
  #shelfKept = ""; // the other runs that are kept
  #handedOver = ""; // the network that was fetched when its server was about to end
  #next = 0; // performance.now() of the next file, at the earliest
  #lookedAt = 0; // performance.now() when what is kept was looked for
  /** @type {KeptNetwork | null} of the newest file */
  #kept = null;
  #canErase = false; // where there is no room: some of it is taken by networks
  /** @type {KeptNetwork | null} one with this page's settings, from another tab */
  #offered = null;
  #state = ""; // "", "refused" (by the browser), "full" (the same, for want of room), "off" (by the reader), "large"

  /**
   * @param {HTMLElement} root
   * @param {{ token: string, rerun: () => void, askAnew: () => void, connection: import("./connection.js").Connection }} page
   */
  constructor(root, page) {
    this.#root = root;
    this.#page = page;
    this.#line?.querySelector("button")?.addEventListener("click", () => this.#press());
    const timer = setInterval(() => (root.isConnected ? this.#tick() : leave()), BETWEEN);
    const now = () => this.keepNow();
    document.addEventListener("visibilitychange", now);
    window.addEventListener("pagehide", now);
    const leave = () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", now);
      window.removeEventListener("pagehide", now);
    };
  }

  /** @returns {HTMLElement | null} */
  get #line() {
    return this.#root.querySelector(".live-kept");
  }

  // renewed : the server has just given the reader another network.
  /** @param {Data} data @param {boolean} renewed */
  async update(data, renewed) {
    if (this.#data?.key !== data.key) [this.#stamp, this.#token, this.#run, this.#next] = ["", "", 0, performance.now() + BETWEEN];
    this.#data = data;
    this.#token = ""; // the script may have renamed or deleted a run
    this.#draw();
    const update = await this.#bringBack();
    if (update !== null) this.#page.connection.happened("returned", update);
    else if (renewed) this.#page.connection.happened("renewed");
  }

  // Whether the reader's own network may be on its way: the one that the server has given them meanwhile is not shown.
  get waits() {
    return isUnsure() || lostTab(this.#data.kind) !== null;
  }

  // The newest picture is of this network: where it is another one, an open list shall show the one before it. Not
  // while one is brought back: the script is asked for that, and would forget it.
  /** @param {number} run */
  note(run) {
    if (lostTab(this.#data.kind) !== null || !isSettled()) return;
    if (this.#run && this.#run !== run) {
      this.#list();
      [this.#kept, this.#next] = [null, performance.now() + BETWEEN]; // of this one nothing is kept yet
    }
    this.#run = run;
  }

  // The page's script draws the list of runs anew, where it is open.
  #list() {
    if (document.querySelector(".st-key-runs details[open]")) this.#page.rerun();
  }

  get #shelf() {
    return JSON.stringify([this.#others, this.#data.tab]);
  }

  #address(query = "") {
    return new URL(`live/${this.#data.key}/kept${query}`, SERVER);
  }

  // Those of the kind that this page shows.
  async #everyNetwork() {
    return (await everyNetwork()).filter(({ kind = "lab" }) => kind === this.#data.kind);
  }

  // The network of a tab that the server has forgotten, if the browser kept it; the update that it is at.
  /** @returns {Promise<number | null>} */
  async #bringBack() {
    const { kind, settings } = this.#data;
    if (lostTab(kind) === null) return null;
    this.#page.connection.state = "returning";
    this.#request?.abort(); // of the server that is away
    while (this.#busy) await new Promise((resolve) => setTimeout(resolve, SOON));
    const lost = lostTab(kind);
    if (lost === null) return null;
    this.#busy = true;
    /** @type {KeptNetwork | null} */
    let back = null;
    try {
      for (const network of (await this.#everyNetwork()).filter(({ tab, present }) => tab === lost && present)) {
        if (wasTyped() && network.settings !== settings) break; // the reader came by a link to something else
        if (!(await this.#bring(network, "instead=1"))) continue; // damaged
        back = network;
        break;
      }
      if (kind === "lab") this.#bringOthers(lost, back);
    } catch {
      this.#state = "refused";
    } finally {
      this.#busy = false;
      found(kind);
      this.#page.askAnew(); // a picture that is under way is of the network in its place
      this.#draw();
    }
    return back?.update ?? null;
  }

  // The other runs of that tab go on the list, whatever has become of the one that was in training.
  /** @param {string} lost @param {KeptNetwork | null} back the one that has come back */
  async #bringOthers(lost, back) {
    const of = (/** @type {KeptNetwork} */ { tab, identity }) => tab === lost && identity !== back?.identity;
    const others = (await this.#everyNetwork()).filter(of);
    for (const network of others.slice(0, MOST_OTHERS)) await this.#bring(network, `shelf=1&settings=${network.settings}`);
    if (others.length) this.#list();
  }

  /** @param {KeptNetwork} network @param {string} way */
  async #bring(network, way) {
    const body = await fileOf(network.identity);
    for (let tries = 0; body && tries < TRIES; tries += 1) {
      const address = this.#address(`?${way}`);
      const signal = AbortSignal.timeout(PATIENCE);
      const answer = await fetch(address, { method: "POST", body, signal }).catch(() => null);
      if (answer?.ok) return true;
      if (answer?.status === 422 || answer?.status === 413) {
        await forgetNetworks([network.identity]); // damaged, or of another version
        return false;
      }
      await new Promise((resolve) => setTimeout(resolve, BETWEEN));
    }
    return false;
  }

  // At once, if there is something new: the page is left, or the server is about to end.
  keepNow() {
    this.#next = 0;
    this.#tick();
  }

  // The server is about to end: it waits until it has been asked for the newest state.
  handOver() {
    if (this.#handedOver === this.#data.key || this.#busy) return;
    [this.#handedOver, this.#token] = [this.#data.key, ""];
    this.keepNow();
  }

  async #tick() {
    if (this.#busy || !this.#data || !isSettled() || lostTab(this.#data.kind) !== null || performance.now() < this.#next) return;
    if (keepingIsOff()) [this.#state, this.#offered] = ["off", null]; // what was offered is erased
    else if (this.#state === "off") this.#state = "";
    // what nobody looks at has no new pictures, and trains on for a minute
    const same = this.#page.token === this.#token && this.#shelfKept === this.#shelf;
    const known = same && (this.#quiet || !document.hidden);
    if (this.#state === "off" || (this.#state === "refused" && !(await this.#isAllowed()))) return this.#draw();
    if (known) return this.#lookWhetherKept();
    this.#busy = true;
    try {
      await this.#keep();
      await this.#keepShelf();
    } catch {
      this.#next = performance.now() + EVERY; // the server is away
    } finally {
      this.#busy = false;
      this.#draw();
    }
  }

  // Whether a browser that refused lets the page keep something now: a phone that wakes may have lost its storage for a
  // while. What was refused is asked for again.
  async #isAllowed() {
    [this.#busy, this.#next] = [true, performance.now() + FULL_EVERY];
    const allowed = await everyNetwork().then(() => true, () => false);
    this.#busy = false;
    if (allowed) [this.#stamp, this.#token] = ["", ""];
    return allowed;
  }

  // The browser may have removed what it kept, or another tab that needed the room: then it is kept anew.
  async #lookWhetherKept() {
    if (this.#kept && performance.now() > this.#lookedAt + EVERY) {
      this.#lookedAt = performance.now();
      const kept = await everyNetwork().catch(() => []);
      if (!kept.some(({ identity }) => identity === this.#kept?.identity)) [this.#kept, this.#stamp, this.#token] = [null, "", ""];
    }
    this.#draw();
  }

  // The runs that others have replaced, as they were then.
  async #keepShelf() {
    const [{ shelf, forgotten }, { tab, key }] = [this.#others, this.#data];
    if (this.#shelfKept === this.#shelf || keepingIsOff() || this.#state === "refused") return;
    const seen = this.#shelf;
    const known = new Map((await everyNetwork()).map((one) => [one.identity, `${one.stamp} ${one.tab}`]));
    const gone = forgotten.filter((identity) => known.has(identity));
    if (gone.length) await forgetNetworks(gone);
    for (const [identity, stamp] of Object.entries(shelf)) {
      if (known.get(identity) === `${stamp} ${tab}` || key !== this.#data.key) continue;
      const answer = await this.#get(`?run=${identity}`);
      if (answer.status !== 200) throw new Error(String(answer.status)); // not yet
      const about = JSON.parse(answer.headers.get("x-kept") ?? "{}");
      if (about.identity !== identity) continue; // it is the present one again
      const file = await answer.arrayBuffer();
      await keepNetwork({ ...about, tab, present: false, at: Date.now(), size: file.byteLength }, file);
    }
    this.#shelfKept = seen;
  }

  /** @param {string} query */
  #get(query) {
    const request = (this.#request = new AbortController());
    setTimeout(() => request.abort(), PATIENCE);
    return fetch(this.#address(query), { signal: request.signal });
  }

  async #keep() {
    const [token, begin, key, run] = [this.#page.token, performance.now(), this.#data.key, this.#run];
    const answer = await this.#get(`?stamp=${this.#stamp}`);
    if (answer.status !== 200 && answer.status !== 204) throw new Error(String(answer.status)); // 202: not yet
    const file = await answer.arrayBuffer();
    const about = JSON.parse(answer.headers.get("x-kept") ?? "");
    const [took, share] = [performance.now() - begin, (1000 * file.byteLength) / about.rate];
    if (run === this.#run) this.#next = begin + Math.max(EVERY, share, SHARE * took);
    [this.#token, this.#quiet] = [token, answer.status === 204];
    if (key !== this.#data.key) return;
    this.#others = { shelf: about.shelf, forgotten: about.forgotten };
    if (answer.status === 204 || keepingIsOff()) return;
    const { identity, stamp, update, settings, kind } = about;
    const [tab, at, size] = [this.#data.tab, Date.now(), file.byteLength];
    const network = { identity, stamp, update, settings, kind, tab, present: true, at, size };
    this.#stamp = stamp;
    try {
      const there = await keepNetwork(network, file);
      this.#state = there ? "" : "large";
      if (there && run === this.#run) this.#kept = network;
    } catch (error) {
      const full = error instanceof DOMException && error.name === "QuotaExceededError";
      this.#state = full ? "full" : "refused";
      [this.#stamp, this.#next] = ["", begin + FULL_EVERY];
      this.#canErase = full && (await everyNetwork()).length > 0;
    }
    if (isNewTab(kind)) await this.#look(network);
  }

  // Another tab's network with the same settings, kept before this page was opened; looked for once.
  /** @param {KeptNetwork} own */
  async #look({ settings, tab }) {
    found(this.#data.kind);
    const before = (await this.#everyNetwork()).filter(({ since = Infinity }) => since < OPENED);
    this.#offered = before.find((one) => one.tab !== tab && one.settings === settings) ?? null;
  }

  #draw() {
    const line = this.#line;
    if (!line || !this.#data) return;
    const [text, button] = /** @type {any} */ (line.children);
    const [sentence, label] = this.#told();
    if (text.textContent !== sentence) text.textContent = sentence;
    button.hidden = label === "";
    if (button.textContent !== label) button.textContent = label;
    line.hidden = sentence === "";
  }

  #told() {
    const words = this.#data.words;
    const at = (/** @type {string} */ word, /** @type {KeptNetwork} */ { update }) =>
      String(words[word]).replace("{update}", update.toLocaleString("en"));
    if (this.#state === "off") return [words.keptOff, words.keepAgain];
    if (this.#state === "refused") return [words.keptRefused, ""];
    if (this.#state === "full") return [words.keptFull, this.#canErase ? words.keptErase : ""];
    if (this.#state === "large") return [words.keptLarge, ""];
    if (this.#offered) return [at("keptElsewhere", this.#offered), words.keptTake];
    return this.#kept ? [at("kept", this.#kept), words.keptErase] : ["", ""];
  }

  async #press() {
    const offered = this.#offered;
    if (this.#state === "off") {
      keepFromNowOn(true);
      [this.#state, this.#stamp, this.#token, this.#kept] = ["", "", "", null];
      this.keepNow();
    } else if (offered) {
      this.#offered = null;
      await this.#bring(offered, "copy=1").catch(() => (this.#state = "refused"));
    } else {
      this.#state = await eraseNetworks().then(() => "off", () => "refused");
    }
    this.#draw();
  }
}
