// The functions of an operation that computes each number by itself.

/* eslint-disable camelcase -- by the names that ui/unroll/tape/operations.py gives them */
/** @type {Record<string, (...numbers: number[]) => number>} */
export const FUNCTIONS = {
  tanh: Math.tanh,
  relu: (a) => Math.max(0, a),
  identity: (a) => a,
  sigmoid: (a) => 1 / (1 + Math.exp(-a)),
  exp: Math.exp,
  exp_shifted: (v, top) => Math.exp(v - top),
  divide: (a, b) => a / b,
  subtract: (a, b) => a - b,
  times: (a, b) => a * b,
  deviation: (total, count) => Math.sqrt(total / count + 1e-5),
  d_normal: (d, sum, n, inner, count, by) => (d - (sum + n * inner) / count) / by,
  slope_tanh: (s) => 1 - s * s,
  slope_relu: (a) => (a > 0 ? 1 : 0),
  slope_sigmoid: (s) => s * (1 - s),
  slope_identity: () => 1,
  descend: (w, rate, d) => w - rate * d,
  candidate: (a, r, m) => a + r * m,
  blend: (z, n, s) => (1 - z) * n + z * s,
  d_candidate: (d, z, n) => d * (1 - z) * (1 - n * n),
  d_update: (d, s, n, z) => d * (s - n) * z * (1 - z),
  cell: (f, c, i, g) => f * c + i * g,
  through_state: (d, o, q) => d * o * (1 - q * q),
  d_candidate_cell: (d, i, g) => d * i * (1 - g * g),
  d_gate: (d, by, gate) => d * by * gate * (1 - gate),
};
/* eslint-enable camelcase */
