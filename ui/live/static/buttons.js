// The buttons beside the charts: Play or Pause, the way back to the network before, and those that name a command of the
// server, or what the page's script should do.

export class Buttons {
  /** @type {HTMLElement} */
  #play;
  /** @type {HTMLElement} */
  #former;

  /**
   * @param {HTMLElement} root
   * @param {{ playing: boolean, act: (name: string) => void, command: (name: string) => void }} page
   */
  constructor(root, page) {
    [this.#play, this.#former] = ["play", "former"].map((name) => /** @type {any} */ (root.querySelector(`.live-${name}`)));
    this.#play.addEventListener("click", () => page.command(page.playing ? "pause" : "play"));
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-command], [data-act]"))) {
      const named = button.dataset; // it changes
      button.addEventListener("click", () => (named.act ? page.act(named.act) : page.command(String(named.command))));
    }
  }

  // former : what the button says that brings the network before back; none: there is none.
  /** @param {string | undefined} former @param {string} word of Play or Pause */
  show(former, word) {
    this.#former.hidden = former === undefined;
    this.#former.textContent = former ?? "";
    if (this.#play.textContent !== word) this.#play.textContent = word;
  }
}
