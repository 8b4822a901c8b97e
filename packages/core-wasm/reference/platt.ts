// Platt scaling by its definition: the loss, its gradient, and a minimum found by nothing but halving intervals.

/** The regularised target of a label, with the numbers of positives and negatives. */
function targets(y: Int8Array): Float64Array {
  const positives = y.filter((label) => label === 1).length;
  const negatives = y.length - positives;
  return Float64Array.from(y, (label) => (label === 1 ? (positives + 1) / (positives + 2) : 1 / (negatives + 2)));
}

/** Gradient (d/da, d/db) of - sum t log p + (1 - t) log(1 - p) with p = 1 / (1 + exp(a f + b)): sums of f (t - p) and of t - p. */
export function gradient(decision: Float64Array, y: Int8Array, a: number, b: number): readonly [number, number] {
  const t = targets(y);
  let [da, db] = [0, 0];
  decision.forEach((f, i) => {
    const p = 1 / (1 + Math.exp(a * f + b));
    da += f * (t[i]! - p);
    db += t[i]! - p;
  });
  return [da, db];
}

/** The zero of an increasing function. */
function zero(f: (x: number) => number): number {
  let [low, high] = [-1e3, 1e3];
  for (let k = 0; k < 70; k++) {
    const middle = (low + high) / 2;
    if (f(middle) > 0) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}

/** The minimum of the loss, which is convex: b is the zero of d/db for each a, a the zero of d/da along those b. */
export function platt(decision: Float64Array, y: Int8Array): { a: number; b: number } {
  const bestB = (a: number) => zero((b) => gradient(decision, y, a, b)[1]);
  const a = zero((trial) => gradient(decision, y, trial, bestB(trial))[0]);
  return { a, b: bestB(a) };
}
