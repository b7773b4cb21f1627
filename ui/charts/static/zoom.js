// Zooming an axis by keys and by fingers, choosing a step by keys: ranges and steps in and out.

/**
 * @import { Range } from "./figure.js"
 * @import { Axis } from "./axes.js"
 */

const LEAST = 20; // pixels between two fingers, at least
const REST = 5; // pixels that a finger may move and still rest
const CLOSER = 1.5; // times, by a key
const CLOSEST = 0.02; // of the whole axis
/** @type {Record<string, number>} */
const KEYS = { "+": 1 / CLOSER, "=": 1 / CLOSER, "-": CLOSER, "−": CLOSER, _: CLOSER, 0: Infinity };

// The range after a key, around the chosen step if it is in sight, else around the middle; null if it zooms nothing.
/** @param {string} key @param {Range} range @param {number | null} chosen @returns {Range | null} */
export function byKey(key, [from, to], chosen) {
  const times = KEYS[key];
  if (!times) return null;
  if (times === Infinity) return [-Infinity, Infinity];
  const middle = chosen !== null && (chosen - from) * (chosen - to) <= 0 ? chosen : (from + to) / 2;
  return [middle - times * (middle - from), middle + times * (to - middle)];
}

// The step after a key, null for none; undefined if the key chooses nothing.
/** @param {string} key @param {number | null} now @param {number[]} ends @returns {number | null | undefined} */
export function stepByKey(key, now, [first, last]) {
  if (key === "Home") return first;
  if (key === "End") return last;
  if (key === "ArrowLeft") return now === null ? last : Math.max(first, now - 1);
  if (key === "ArrowRight") return now === null ? first : Math.min(last, now + 1);
  return key === "Escape" && now !== null ? null : undefined;
}

// The value between two ends that is nearest.
/** @param {number} value @param {number[]} ends */
export function nearest(value, [first, last]) {
  return Math.max(first, Math.min(last, value));
}

// A range as far as there is something to see; null is all of it.
/** @param {Range} range @param {Range} full @returns {Range | null} */
export function within([from, to], full) {
  const [first, last] = [...full].sort((a, b) => a - b);
  const wide = Math.max(CLOSEST * (last - first), Math.abs(to - from));
  if (!(wide < (last - first) * (1 - 1e-9))) return null;
  const left = Math.max(first, Math.min(last - wide, (from + to - wide) / 2));
  return full[0] <= full[1] ? [left, left + wide] : [left + wide, left];
}

// What is left of a range when another figure takes the place of the one that was zoomed; null is all of it.
/** @param {Range} range @param {Range} full @returns {Range | null} */
export function kept(range, full) {
  const [left, right] = [Math.max(full[0], range[0]), Math.min(full[1], range[1])];
  return left >= right || (left === full[0] && right === full[1]) ? null : [left, right];
}

// Fingers on a chart: two of them zoom, one moves what is zoomed. Scrolling up and down stays the page's.

export class Fingers {
  #on = new Map(); // pointer -> where it is
  #anchors = new Map(); // pointer -> the coordinate under it
  /** @type {number | null} */
  #rests = null; // where the only finger was put down, until it moves

  get count() {
    return this.#on.size;
  }

  // A finger is put down at a pixel; `axis` says what lies there.
  /** @param {number} pointer @param {number} at @param {Axis} axis */
  down(pointer, at, axis) {
    this.#on.set(pointer, at);
    this.#rests = this.#on.size === 1 ? at : null;
    this.#hold(axis);
  }

  /** @param {number} pointer @param {Axis} axis */
  lift(pointer, axis) {
    this.#on.delete(pointer);
    this.#hold(axis);
  }

  /** @param {Axis} axis */
  #hold({ start, scale, range }) {
    this.#anchors = new Map([...this.#on].map(([pointer, at]) => [pointer, range[0] + (at - start) / scale]));
  }

  // The range of the axis that keeps under each finger what it was put down on; null if no finger moved.
  /** @param {number} pointer @param {number} at @param {Axis} axis @returns {Range | null} */
  move(pointer, at, { start, end, scale, range }) {
    if (!this.#on.has(pointer)) return null;
    this.#on.set(pointer, at);
    const [first, second] = this.#on.keys();
    const width = end - start;
    if (second === undefined) {
      if (this.#rests !== null && Math.abs(at - this.#rests) < REST) return null;
      this.#rests = null;
      const from = this.#anchors.get(first) - (at - start) / scale;
      return [from, from + range[1] - range[0]];
    }
    const apart = this.#on.get(second) - this.#on.get(first);
    const units = this.#anchors.get(second) - this.#anchors.get(first);
    if (Math.abs(apart) < LEAST || !(units / apart > 0)) return null;
    const from = this.#anchors.get(first) - ((this.#on.get(first) - start) * units) / apart;
    return [from, from + (width * units) / apart];
  }
}
