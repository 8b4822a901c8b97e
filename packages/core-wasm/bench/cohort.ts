// Generated cohorts for the benches: standard normal features, the first few shifted for the positives, z-scored.

/** x row-major [n, d]; y is +1 for the first `positives` rows, -1 for the others. */
export function cohort(n: number, positives: number, d: number, informative: number): { x: Float64Array; y: Int8Array } {
  let state = 2021;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  const y = Int8Array.from({ length: n }, (_, i) => (i < positives ? 1 : -1));
  const x = Float64Array.from({ length: n * d }, (_, at) => {
    const normal = Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    return normal + (at < positives * d && at % d < informative ? 1 : 0);
  });
  for (let t = 0; t < d; t++) {
    const column = Float64Array.from({ length: n }, (_, i) => x[i * d + t]!);
    const mean = column.reduce((a, b) => a + b, 0) / n;
    const deviation = Math.sqrt(column.reduce((a, b) => a + (b - mean) ** 2, 0) / n);
    for (let i = 0; i < n; i++) x[i * d + t] = (x[i * d + t]! - mean) / deviation;
  }
  return { x, y };
}

/** Folds dealt out in turn within each class. */
export function stratified(y: Int8Array, folds: number): Uint8Array {
  let [positive, negative] = [0, 0];
  return Uint8Array.from(y, (label) => (label === 1 ? positive++ : negative++) % folds);
}
