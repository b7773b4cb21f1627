// Arrays of figures as they travel (ui/charts/changes.py, ui/charts/rounding.py): whole, or as changes of those before.

/** @import { Packed } from "./figure.js" */

/** @type {Record<string, any>} */
const ARRAYS = {
  i1: Int8Array,
  u1: Uint8Array,
  i2: Int16Array,
  u2: Uint16Array,
  i4: Int32Array,
  u4: Uint32Array,
  f4: Float32Array,
  f8: Float64Array,
};
const FIRST = 35; // code of the letter of no difference
const [SURROGATES, AFTER] = [0xd800, 0x800]; // code of the first, and how many there are: they are no letters
const [NONE, BELOW] = [2 ** 18, 2 ** 18 + 2]; // no number, minus infinity; infinity lies between

// The steps that a text holds, a letter for each; those of steps between steps added up.
/** @param {string} text @param {boolean} [along] */
function stepsIn(text, along = false) {
  const steps = [];
  for (let at = 0, sum = 0; at < text.length; at++) {
    let code = /** @type {number} */ (text.codePointAt(at));
    if (code > 0xffff) at++; // it takes two places
    code -= code >= SURROGATES ? AFTER + FIRST : FIRST;
    const step = code % 2 ? -(code + 1) / 2 : code / 2;
    steps.push(along ? (sum += step) : step);
  }
  return steps;
}

/** @param {string} bdata @param {any} Kind */
function bytes(bdata, Kind) {
  const binary = atob(bdata);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return new Kind(bytes.buffer);
}

/** @param {Packed} packed */
const isRounded = ({ decimals, digits }) => decimals !== undefined || digits !== undefined;

/** @param {Packed} packed */
function kindOf({ dtype = "i4" }) {
  const Kind = ARRAYS[dtype];
  if (!Kind) throw new Error(`arrays of ${dtype} are not supported`);
  return Kind;
}

// What is in an array that is whole: its numbers, or the whole numbers that stand for rounded ones.
/** @param {Packed} packed */
const held = (packed) => packed.values ?? bytes(packed.bdata ?? "", kindOf(packed));

// An array of which changes may have travelled, whole. before : the one that they are of.
/** @param {any} array @param {any} before */
function whole(array, before) {
  const { steps, along, kept, bdata, ...facts } = array;
  if (steps !== undefined) {
    const given = stepsIn(steps, along);
    if (isRounded(facts)) return { ...facts, values: Int32Array.from(given) };
    return changed(before, held(before).map((/** @type {number} */ number, /** @type {number} */ i) => number + given[i]));
  }
  if (!kept) return array;
  const [then, between] = [held(before), bytes(bdata, kindOf(before))];
  const values = new (kindOf(before))(kept[0] + between.length + kept[1]);
  values.set(then.subarray(0, kept[0]));
  values.set(between, kept[0]);
  values.set(then.subarray(then.length - kept[1]), kept[0] + between.length);
  return changed(before, values);
}

/** @param {Packed} before @param {any} values @returns {Packed} */
const changed = ({ bdata: _, ...facts }, values) => ({ ...facts, values });

// Values by their names, the arrays among them whole. before : those that changes are of.
/** @param {Record<string, any>} values @param {Record<string, any>} [before] */
export function arrays(values, before = {}) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, isArray(value) ? whole(value, before[name]) : value]));
}

/** @param {any} value @returns {value is Packed} */
export const isArray = (value) =>
  value !== null && typeof value === "object" && ("bdata" in value || "steps" in value || ArrayBuffer.isView(value.values));

// The number that a whole number stands for: in units of the last decimal, or counted through all of so many digits.
/** @param {number} whole @param {Packed} packed */
function rounded(whole, { decimals, digits = 1 }) {
  if (whole >= NONE) return whole === NONE ? NaN : whole === BELOW ? -Infinity : Infinity;
  if (decimals !== undefined) return whole / 10 ** decimals;
  const least = 10 ** (digits - 1);
  const power = Math.floor(whole / (9 * least));
  return Number(`${whole - (power * 9 - 1) * least}e${power - digits + 1}`);
}

// The numbers of a whole array as a typed one; of a table an array of rows.
/** @param {Packed} packed */
export function numbersOf(packed) {
  const stored = held(packed);
  const flat = isRounded(packed) ? Float64Array.from(stored, (/** @type {number} */ whole) => rounded(whole, packed)) : stored;
  const [rows, columns] = String(packed.shape ?? "").split(",").map(Number);
  if (columns === undefined) return flat;
  return Array.from({ length: rows }, (_, row) => flat.subarray(row * columns, (row + 1) * columns));
}
