// Whether the server can be reached; the line that says so where it cannot, and buttons that then do nothing.

// Streamlit says on its own element how its web socket is; its controls need it, pictures do not.
const SOCKET = "[data-test-connection-state]";
const TOLD = 30_000; // milliseconds that the page says that a button was not heard
const CONTROL = "button, a, input, textarea, select, label, summary, [role=slider], [role=option], [role=combobox]";
const SILENT = new Set(["cut", "gone", "returning", "full"]); // the server does nothing that a button says

export const socketOpen = () =>
  (document.querySelector(SOCKET)?.getAttribute(SOCKET.slice(1, -1)) ?? "CONNECTED") === "CONNECTED";

export class Connection {
  /** @type {Record<string, string>} */
  words = {}; // a sentence for each state, in the reader's language
  #root;
  #line;
  #state = "";
  #update = 0;
  #event = ""; // what has happened, said where nothing is wrong any more
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  // changed : called when the web socket has come or gone.
  /** @param {HTMLElement} root @param {() => void} changed */
  constructor(root, changed) {
    this.#root = root;
    this.#line = root.querySelector(".live-connection");
    /** @param {any} event */
    const dead = (event) => {
      if (!event.target.closest("[aria-disabled=true]")) return;
      event.preventDefault();
      event.stopPropagation();
    };
    root.addEventListener("click", dead, { capture: true });
    const app = document.querySelector(SOCKET);
    const seen = new MutationObserver(() => {
      if (!root.isConnected) return seen.disconnect();
      this.#show();
      changed();
    });
    if (app) seen.observe(app, { attributeFilter: [SOCKET.slice(1, -1)] });
  }

  // How it is now: "" for good, "cut", "gone" (the server does not know the network),
  // "returning" (the reader's own is on its way, and no other is shown meanwhile), "full", "broken" (it fails to draw).
  set state(state) {
    this.#state = state;
    this.#show();
  }

  get state() {
    return this.#state;
  }

  // "renewed" (another network in the place of one that is gone), "returned" (it came back from this browser) or
  // "refused" (what a control asked for was not heard). The first is said until the reader does something, the second for a while.
  // update : of the network that "returned" from this browser.
  /** @param {string} event @param {number} [update] */
  happened(event, update = 0) {
    [this.#event, this.#update] = [event, update];
    clearTimeout(this.#timer);
    if (event === "refused") this.#timer = setTimeout(() => this.happened(""), TOLD);
    this.#show();
  }

  // A hand on the page, where it does something.
  /** @param {any} given */
  touched({ target, key = "" }) {
    const moves = ["Tab", "Shift", "Control", "Alt", "Meta", "Escape"].includes(key);
    if (this.#event && !this.#state && !moves && target.closest?.(CONTROL)) this.happened("");
  }

  #show() {
    const state = this.#state || (socketOpen() ? "" : "controls");
    const message = state || this.#event;
    if (message === this.#root.dataset.connection) return;
    this.#root.dataset.connection = message;
    this.#line.textContent = (this.words[message] ?? "").replace("{update}", this.#update.toLocaleString("en"));
    for (const element of this.#root.querySelectorAll("button, a[data-file]")) {
      const scripted = element.dataset.act !== undefined;
      if (SILENT.has(state) || (scripted && state === "controls")) element.setAttribute("aria-disabled", "true");
      else element.removeAttribute("aria-disabled");
    }
  }
}
