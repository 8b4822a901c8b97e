// The definitions of the activations, in f64.

/** x where x > 0, exp(x) - 1 elsewhere. */
export function elu(x: ArrayLike<number>): Float64Array {
  return Float64Array.from(x, (v) => (v > 0 ? v : Math.expm1(v)));
}

/** max(x, 0). */
export function relu(x: ArrayLike<number>): Float64Array {
  return Float64Array.from(x, (v) => Math.max(v, 0));
}

/** dy * (1 where x > 0, exp(x) elsewhere). */
export function eluBackward(x: ArrayLike<number>, dy: ArrayLike<number>): Float64Array {
  return Float64Array.from(dy, (d, i) => (x[i]! > 0 ? d : d * Math.exp(x[i]!)));
}

/** dy where x > 0, 0 elsewhere. */
export function reluBackward(x: ArrayLike<number>, dy: ArrayLike<number>): Float64Array {
  return Float64Array.from(dy, (d, i) => (x[i]! > 0 ? d : 0));
}
