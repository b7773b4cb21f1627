// What an element tells the script goes to the server with the name of the page that is shown. While the reader goes to
// another page (ui/server/static/history.js) that is the one that is left: Streamlit would come back to it. So what was
// drawn before the other page is there waits; and what is not there any more says nothing.

/** @import { Component } from "./payload.js" */

const LONGEST = 3000; // milliseconds from the press to the other page
const AGAIN = 100; // milliseconds between two looks

/**
 * An element of Streamlit's whose messages wait while its page is being left.
 * @template Data
 * @param {Component<Data>} element
 * @returns {Component<Data>}
 */
export function telling(element) {
  const drawn = performance.now();
  /** @param {(name: string, value: any) => void} tell @returns {(name: string, value: any) => void} */
  const waiting = (tell) => {
    /** @param {string} name @param {any} value */
    const patient = (name, value) => {
      if (!element.parentElement.isConnected) return;
      const { pageLeft: left = -Infinity, pageThere: there = -Infinity } = window;
      const arrived = left <= there && left < drawn;
      if (arrived || performance.now() - left > LONGEST) {
        window.toldAt = performance.now();
        tell(name, value);
      } else setTimeout(() => patient(name, value), AGAIN);
    };
    return patient;
  };
  return {
    ...element,
    setStateValue: waiting(element.setStateValue),
    setTriggerValue: waiting(element.setTriggerValue),
  };
}
