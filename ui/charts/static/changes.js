// Figures of which only what differs from the one before has travelled (ui/charts/changes.py).

/** @import { Figure } from "./figure.js" */

import { arrays, isArray } from "./arrays.js";

/**
 * The whole figure. before : the one that the changes are of.
 * @param {any} figure
 * @param {any} before
 * @returns {Figure}
 */
export function whole({ changes, data, layout }, before) {
  if (!changes) return { data: data.map((/** @type {any} */ trace) => arrays(trace)), layout };
  return {
    data: data.map((/** @type {any} */ trace, /** @type {number} */ i) => ({ ...before.data[i], ...arrays(trace, before.data[i]) })),
    layout: { ...before.layout, ...layout },
  };
}

/** The newest figures of a page, the arrays beside them, and the name of the frame that brought the last of them. */
export class Figures {
  name = "";
  /** @type {Record<string, Figure>} */
  #known = {};
  /** @type {Record<string, Record<string, any>>} */
  #arrays = {};

  // Make the figures of a frame whole, and the arrays that stand beside them.
  /** @param {any} frame */
  take(frame) {
    const { name, figures, ...beside } = frame;
    for (const each of Object.keys(figures)) figures[each] = this.#known[each] = whole(figures[each], this.#known[each]);
    for (const [each, values] of Object.entries(beside)) {
      if (values?.constructor !== Object || !Object.values(values).some(isArray)) continue;
      frame[each] = arrays(values, this.#arrays[each]);
      this.#arrays[each] = Object.fromEntries(Object.entries(frame[each]).filter(([, value]) => isArray(value)));
    }
    this.name = name;
  }
}
