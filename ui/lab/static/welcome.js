// What a browser that has never been here is shown above the network (ui/lab/welcome.py).

/** @import { Component, WelcomeData } from "../../live/static/payload.js" */

const NAME = "rnn-lab-visited";
let first = neverHere(); // whether this is the first visit, as long as no door was taken and no other page opened
/** @type {HTMLElement | null} */
let shown = null; // the element of this visit

function neverHere() {
  try {
    const visited = localStorage.getItem(NAME) !== null;
    localStorage.setItem(NAME, "1");
    return !visited;
  } catch {
    return false; // nobody could say that it was seen: better never than each time
  }
}

/** @param {string} title @param {string} text @param {() => void} action */
function door(title, text, action) {
  const button = Object.assign(document.createElement("button"), { type: "button" });
  const [name, takes] = ["strong", "small"].map((tag) => document.createElement(tag));
  name.textContent = title;
  takes.textContent = text;
  button.append(name, takes);
  button.addEventListener("click", action);
  return button;
}

// Streamlit calls this at the first drawing of the element and whenever the script has said something new.
/** @param {Component<WelcomeData>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".welcome");
  shown ??= root;
  if (shown !== root) first = false; // another page was opened meanwhile
  root.hidden = !first;
  if (!first) return;
  const { words } = data;
  const leave = () => {
    first = false;
    root.hidden = true;
  };
  const course = door(words.course, words.takes, () => {
    leave();
    setTriggerValue("door", "course");
  });
  const lab = door(words.lab, words.free, leave);
  const doors = Object.assign(document.createElement("div"), { className: "welcome-doors" });
  doors.append(course, lab);
  const sentence = Object.assign(document.createElement("p"), { textContent: words.sentence });
  root.replaceChildren(sentence, doors);
}
