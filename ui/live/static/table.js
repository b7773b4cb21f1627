// A table that does not move (ui/live/table.py).

/** @import { Component, TableData } from "./payload.js" */

import { saveTable } from "../../charts/static/export.js";
import { tableOf } from "./dom.js";

// Streamlit calls this at the first drawing of the element and whenever the script has said something new.
/** @param {Component<TableData>} component */
export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".live-still");
  document.documentElement.lang = data.language;
  if (!root.firstChild) {
    const [body, save] = [document.createElement("div"), document.createElement("button")];
    body.className = "live-part";
    body.tabIndex = 0; // it scrolls
    Object.assign(save, { type: "button", className: "live-save-table" });
    save.addEventListener("click", () => saveTable(body.querySelector("table"), `rnn-lab-${root.dataset.name}`));
    root.append(body, save);
  }
  root.dataset.name = data.name.replaceAll("_", "-");
  root.firstChild.replaceChildren(tableOf(data.columns));
  root.lastChild.textContent = data.word;
}
