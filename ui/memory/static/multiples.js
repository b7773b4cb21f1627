// Small pictures of the same rows, one for each unit: its name and a button that chooses it (ui/memory/window.py).

import { css } from "./textmap.js";

const NONE = 255;
const PIXELS = 3; // of a symbol, across and down

export class Multiples {
  #element;
  #onChoose;

  constructor(element, onChoose) {
    this.#element = element;
    this.#onChoose = onChoose;
  }

  show({ starts, units, names, values, begin }, scale, chosen) {
    while (this.#element.children.length > units.length) this.#element.lastChild.remove();
    while (this.#element.children.length < units.length) this.#element.append(this.#button());
    const [colours, count] = [css(scale), starts.at(-1) - begin];
    const columns = Math.max(...starts.slice(1).map((end, i) => end - starts[i]));
    units.forEach((unit, i) => {
      const button = this.#element.children[i];
      button.value = unit;
      button.setAttribute("aria-pressed", unit === chosen);
      if (button.lastChild.textContent !== names[i]) button.lastChild.textContent = names[i];
      paint(button.firstChild, starts, begin, columns, values.subarray(i * count, (i + 1) * count), colours);
    });
  }

  choose(unit) {
    for (const button of this.#element.children) button.setAttribute("aria-pressed", Number(button.value) === unit);
  }

  #button() {
    const button = document.createElement("button");
    button.type = "button";
    button.append(document.createElement("canvas"), document.createElement("span"));
    button.addEventListener("click", () => this.#onChoose(Number(button.value)));
    return button;
  }
}

function paint(canvas, starts, begin, columns, values, colours) {
  const rows = starts.length - 1;
  if (canvas.width !== columns * PIXELS) canvas.width = columns * PIXELS;
  if (canvas.height !== rows * (PIXELS + 1)) canvas.height = rows * (PIXELS + 1);
  const ctx = canvas.getContext("2d");
  ctx.clearRect(0, 0, canvas.width, canvas.height);
  for (let row = 0; row < rows; row++) {
    for (let at = starts[row]; at < starts[row + 1]; at++) {
      const level = values[at - begin];
      if (level === NONE) continue;
      ctx.fillStyle = colours[level];
      ctx.fillRect((at - starts[row]) * PIXELS, row * (PIXELS + 1), PIXELS, PIXELS);
    }
  }
}
