// Figures of which only what differs from the one before has travelled (ui/charts/changes.py).

/** @import { Figure } from "./figure.js" */

/**
 * The whole figure. before : the one that the changes are of.
 * @param {any} figure
 * @param {any} before
 * @returns {Figure}
 */
export function whole({ changes, data, layout }, before) {
  if (!changes) return { data, layout };
  return {
    data: data.map((/** @type {any} */ trace, /** @type {number} */ i) => ({ ...before.data[i], ...trace })),
    layout: { ...before.layout, ...layout },
  };
}

/** The newest figures of a page, and the name of the frame that brought the last of them. */
export class Figures {
  name = "";
  /** @type {Record<string, Figure>} */
  #known = {};

  // Make the figures of a frame whole.
  /** @param {{ name: string, figures: Record<string, Figure> }} frame */
  take({ name, figures }) {
    for (const each of Object.keys(figures)) figures[each] = this.#known[each] = whole(figures[each], this.#known[each]);
    this.name = name;
  }
}
