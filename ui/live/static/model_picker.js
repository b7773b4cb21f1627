// The list of networks to look at: the newest, as it is now, or after an update that is kept (ui/live/model_picker.py).

const NEWEST = "newest";

export class Networks {
  #select;
  #note;
  #options = ""; // what is in the list

  // changed : called when the reader has chosen. onUpdate : called when the server has said which update "now" is.
  constructor(root, changed, onUpdate) {
    this.#select = root.querySelector(".live-network select");
    this.#note = root.querySelector(".live-network-note");
    this.value = NEWEST;
    this.onUpdate = onUpdate;
    this.#select.addEventListener("change", () => {
      this.value = this.#select.value;
      changed();
    });
  }

  ask(query) {
    if (this.value !== NEWEST) query.set("network", this.value);
  }

  /** @param {import("./payload.d.ts").Networks} networks */
  show({ options, chosen, note }) {
    const list = JSON.stringify(options);
    if (list !== this.#options) {
      this.#options = list;
      const made = options.map(([value, name]) => {
        const option = document.createElement("option");
        [option.value, option.textContent] = [value, name];
        return option;
      });
      this.#select.replaceChildren(...made);
    }
    if (this.value === "now") {
      this.value = chosen;
      this.onUpdate();
    }
    this.#select.value = this.value;
    if (this.#note.textContent !== note) this.#note.textContent = note;
  }
}
