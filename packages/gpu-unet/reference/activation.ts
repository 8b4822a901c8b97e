// The definitions of the activations, in f64.

/** x where x > 0, exp(x) - 1 elsewhere. */
export function elu(x: ArrayLike<number>): Float64Array {
  return Float64Array.from(x, (v) => (v > 0 ? v : Math.expm1(v)));
}

/** max(x, 0). */
export function relu(x: ArrayLike<number>): Float64Array {
  return Float64Array.from(x, (v) => Math.max(v, 0));
}
