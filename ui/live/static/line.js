// The line about the connection on a page without a live element (ui/live/line.py).

import { Connection } from "./connection.js";
import { askForFormerTab } from "./tab.js";
import { followTheme } from "./theme.js";

// Streamlit calls this at the first drawing of the element and whenever the script has said something new.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".live-still");
  root.connection ??= new Connection(root, () => {});
  root.connection.words = data.words;
  followTheme(data.theme, () => setTriggerValue("again", data.tab));
  askForFormerTab(data, (former) => setTriggerValue("again", former));
}
