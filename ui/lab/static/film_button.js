// The button that has a film of the training made (ui/lab/film/), and takes it along when it is there.

export class FilmButton {
  #make;
  #cancel;
  #sentence;
  #take;
  #asked = false; // the reader waits for it
  /** @type {number | null | undefined} the film that there was before */
  #number;

  /**
   * @param {HTMLElement} element
   * @param {(name: string) => void} command tells the server
   */
  constructor(element, command) {
    [this.#make, this.#cancel] = element.querySelectorAll("button");
    this.#sentence = element.querySelector("span");
    this.#take = element.querySelector("a");
    this.#make.addEventListener("click", () => {
      this.#asked = true;
      command(`film?link=${encodeURIComponent(location.href)}`);
    });
    this.#cancel.addEventListener("click", () => {
      this.#asked = false;
      command("stop_film");
    });
  }

  /** @param {import("../../live/static/payload.d.ts").Film} film */
  show({ making, number, sentence }) {
    if (this.#sentence.textContent !== sentence) this.#sentence.textContent = sentence;
    this.#cancel.hidden = !making;
    this.#make.hidden = making;
    this.#take.hidden = making || number === null;
    if (this.#asked && !making && number !== null && number !== this.#number) {
      this.#asked = false;
      this.#take.click();
    }
    if (!making) this.#number = number;
  }
}
