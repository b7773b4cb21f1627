// The line about the connection on a page without a live element (ui/live/line.py).

/** @import { Component, LineData } from "./payload.js" */

import { Connection, socketOpen } from "./connection.js";
import { askForFormerTab, isNewlyLost } from "./tab.js";
import { sayInTheirLanguage } from "./streamlit_words.js";
import { followTheme } from "./theme.js";

// Streamlit calls this at the first drawing of the element and whenever the script has said something new.
/** @param {Component<LineData>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".live-still");
  // A server that was started again knows no button of this page until its script has run.
  root.again = () => setTriggerValue("again", data.tab);
  root.connection ??= new Connection(root, () => socketOpen() && root.again());
  root.connection.words = data.words;
  followTheme(data.theme, () => setTriggerValue("again", data.tab));
  sayInTheirLanguage(data.streamlit);
  askForFormerTab(data, (former) => setTriggerValue("again", former));
  isNewlyLost(); // there is no network on this page
}
