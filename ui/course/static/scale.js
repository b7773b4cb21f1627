// From the place of a hand to a value and back: a slider's, or an axis of a chart to draw on.

/** @typedef {{ low: number, high: number, logarithmic?: boolean, whole?: boolean }} Scale */

// The value at a share of the way from low to high, in three digits, or whole.
/** @param {Scale} scale @param {number} share */
export function valueAt({ low, high, logarithmic, whole }, share) {
  const way = Math.min(1, Math.max(0, share));
  if (way === 0) return low;
  if (way === 1) return high;
  const value = logarithmic ? low * (high / low) ** way : low + (high - low) * way;
  if (whole) return Math.round(value);
  const digits = logarithmic ? 3 - Math.ceil(Math.log10(Math.abs(value))) : 3 - Math.ceil(Math.log10(high - low));
  const rounded = Number(value.toFixed(Math.min(100, Math.max(0, digits))));
  return Math.min(high, Math.max(low, rounded));
}

// The share of the way at which a value lies.
/** @param {Scale} scale @param {number} value */
export function shareOf({ low, high, logarithmic }, value) {
  const kept = Math.min(high, Math.max(low, value));
  return logarithmic ? Math.log(kept / low) / Math.log(high / low) : (kept - low) / (high - low);
}

/** @param {number} exponent */
function power(exponent) {
  return `10${[...String(exponent)].map((sign) => "⁰¹²³⁴⁵⁶⁷⁸⁹"["0123456789".indexOf(sign)] ?? "⁻").join("")}`;
}

// A number on an axis: on a logarithmic one that leaves 0.001 to 1,000 the powers of ten are written as such.
/** @param {Scale} scale @param {number} value @param {string} language */
export function tickLabel({ low, high, logarithmic }, value, language) {
  const far = logarithmic && (low < 1e-3 || high > 1e3);
  return far && value !== 1 && value !== 10 ? power(Math.round(Math.log10(value))) : written(value, language);
}

// A number in at most three digits, in the reader's language.
/** @param {number} value @param {string} language */
export function written(value, language) {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) {
    const [digits, exponent] = value.toExponential(1).split("e");
    return `${digits.replace("-", "−").replace(/\.0$/, "")}×${power(Number(exponent))}`;
  }
  const options = size >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 };
  return value.toLocaleString(language, options).replace("-", "−");
}

// As the page's script writes it (ui/course/guess.py): percent stand at their number.
/** @param {string} digits @param {string} unit */
export const withUnit = (digits, unit) => (unit === "%" ? `${digits}%` : `${digits} ${unit}`.trim());

// Where ticks stand on an axis: powers of ten, or round numbers.
/** @param {Scale} scale */
export function ticks({ low, high, logarithmic }) {
  if (logarithmic) {
    const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
    const step = Math.max(1, Math.ceil((last - first) / 5));
    const powers = [];
    for (let power = last; power >= first; power -= step) powers.unshift(Number(`1e${power}`));
    return powers;
  }
  const rough = (high - low) / 5;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = unit * ([1, 2, 5].find((times) => times * unit >= rough - 1e-12) ?? 10);
  const places = [];
  for (let n = Math.ceil(low / step - 1e-9); n * step <= high + 1e-9 * step; n++) places.push(n * step + 0); // never −0
  return places;
}

// Shares of a curve with gaps (null): between two drawn places a straight line, beyond the outermost their height.
/** @param {(number | null)[]} shares */
export function filled(shares) {
  const drawn = shares.flatMap((share, at) => (share === null ? [] : [at]));
  if (!drawn.length) return null;
  /** @param {number} place */
  const here = (place) => Number(shares[place]);
  return shares.map((share, at) => {
    if (share !== null) return share;
    const after = drawn.find((place) => place > at);
    const before = drawn.findLast((place) => place < at);
    if (after === undefined) return here(before ?? 0);
    if (before === undefined) return here(after);
    return here(before) + ((here(after) - here(before)) * (at - before)) / (after - before);
  });
}

// The same shares after a stroke from one place (number, share) to another.
/** @param {(number | null)[]} shares @param {[number, number]} given @param {[number, number]} given */
export function stroked(shares, [from, begin], [to, end]) {
  const after = [...shares];
  const steps = Math.abs(to - from);
  for (let n = 0; n <= steps; n++) {
    const way = steps ? n / steps : 1;
    after[from + Math.sign(to - from) * n] = begin + (end - begin) * way;
  }
  return after;
}
