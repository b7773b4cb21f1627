// Zooming an axis by keys and by fingers: ranges in, ranges out.

const LEAST = 20; // pixels between two fingers, at least
const REST = 5; // pixels that a finger may move and still rest
const CLOSER = 1.5; // times, by a key
const CLOSEST = 0.02; // of the whole axis
const KEYS = { "+": 1 / CLOSER, "=": 1 / CLOSER, "-": CLOSER, "−": CLOSER, _: CLOSER, 0: Infinity };

// The range after a key, `middle` staying where it is; null if the key zooms nothing.
export function byKey(key, [from, to], middle) {
  const times = KEYS[key];
  if (!times) return null;
  return times === Infinity ? [-Infinity, Infinity] : [middle - times * (middle - from), middle + times * (to - middle)];
}

// A range as far as there is something to see; null is all of it.
export function within([from, to], full) {
  const [first, last] = [...full].sort((a, b) => a - b);
  const wide = Math.max(CLOSEST * (last - first), Math.abs(to - from));
  if (!(wide < (last - first) * (1 - 1e-9))) return null;
  const left = Math.max(first, Math.min(last - wide, (from + to - wide) / 2));
  return full[0] <= full[1] ? [left, left + wide] : [left + wide, left];
}

// Fingers on a chart: two of them zoom, one moves what is zoomed. Scrolling up and down stays the page's.

export class Fingers {
  #on = new Map(); // pointer -> where it is
  #anchors = new Map(); // pointer -> the coordinate under it
  #rests = null; // where the only finger was put down, until it moves

  get count() {
    return this.#on.size;
  }

  // A finger is put down at a pixel; `axis` says what lies there.
  down(pointer, at, axis) {
    this.#on.set(pointer, at);
    this.#rests = this.#on.size === 1 ? at : null;
    this.#hold(axis);
  }

  lift(pointer, axis) {
    this.#on.delete(pointer);
    this.#hold(axis);
  }

  #hold({ start, scale, range }) {
    this.#anchors = new Map([...this.#on].map(([pointer, at]) => [pointer, range[0] + (at - start) / scale]));
  }

  // The range of the axis that keeps under each finger what it was put down on; null if no finger moved.
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
