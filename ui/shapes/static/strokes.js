// A drawing as text: what ui/shapes/drawings.py reads. A stroke is its colour, its kind, and x and y of each point; a
// dot stands between two strokes.

const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwx";
const APART = 2; // from one point of a stroke to the next, at least
const FLAT = 0.5; // how far a point may lie from a straight line without being kept
const THIN = 1; // how far all points of a stroke may lie from one line without enclosing anything

export const GRID = LETTERS.length; // positions from left to right and from top to bottom
export const [LINE, FILLED] = "lf";

/** @typedef {[x: number, y: number]} Point */
/** @typedef {{ colour: string, kind: string, points: Point[] }} Stroke */

/** @param {string} text @returns {Stroke[]} */
export function read(text) {
  return text.split(".").filter(Boolean).map(([colour, kind, ...letters]) => {
    const numbers = letters.map((letter) => LETTERS.indexOf(letter));
    const points = Array.from({ length: numbers.length / 2 }, (_, k) => /** @type {Point} */ (numbers.slice(2 * k, 2 * k + 2)));
    return { colour, kind, points };
  });
}

/** @param {Stroke[]} strokes */
export function spelled(strokes) {
  return strokes.map(({ colour, kind, points }) => colour + kind + points.flat().map((at) => LETTERS[at]).join("")).join(".");
}

// The stroke goes on to a point, unless it is there already.
/** @param {Point[]} points @param {Point} to */
export function lengthen(points, [x, y]) {
  const last = points.at(-1);
  if (!last || Math.max(Math.abs(x - last[0]), Math.abs(y - last[1])) >= APART) points.push([x, y]);
}

// Without the points that lie on the way between others (Douglas and Peucker 1973).
/** @param {Point[]} points @returns {Point[]} */
export function simplified(points) {
  if (points.length < 3) return points;
  const [first, last] = [points[0], /** @type {Point} */ (points.at(-1))];
  const far = points.map((point) => distance(point, first, last));
  const most = far.indexOf(Math.max(...far));
  if (far[most] <= FLAT) return [first, last];
  return [...simplified(points.slice(0, most + 1)).slice(0, -1), ...simplified(points.slice(most))];
}

// Whether points lie so close to one straight line that nothing to be filled is between them.
/** @param {Point[]} points */
export function flat(points) {
  const end = farthest(points, points[0]);
  const other = farthest(points, end);
  return points.every((point) => distance(point, end, other) <= THIN);
}

/** @param {Point[]} points @param {Point} from */
function farthest(points, [x, y]) {
  const far = points.map((point) => Math.hypot(point[0] - x, point[1] - y));
  return points[far.indexOf(Math.max(...far))];
}

/** @param {Point} point @param {Point} from @param {Point} to */
function distance([x, y], [x0, y0], [x1, y1]) {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const share = Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - x0 - share * dx, y - y0 - share * dy);
}
