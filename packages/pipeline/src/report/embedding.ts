// Where the patients of both cohorts lie in the space of a model's features.
/** The first two principal components. */
export interface Embedding {
  /** Two coordinates a row. */
  readonly points: readonly (readonly [number, number])[];
  /** Share of the variance that each component has. */
  readonly shares: readonly [number, number];
}

const MOST_STEPS = 2000;

/**
 * Principal components of rows, by power iteration on their Gram matrix.
 *
 * Columns are taken to mean 0 and standard deviation 1 over all rows; columns without spread are left out. The sign of a component is such that
 * its largest coordinate is positive, so the picture does not turn over.
 *
 * @param rows  of one length, finite; at least 3
 * @returns     null where fewer than two directions have variance
 */
export function principalComponents(rows: readonly (readonly number[])[]): Embedding | null {
  const n = rows.length;
  const width = rows[0]?.length ?? 0;
  if (n < 3) return null;
  const columns = Array.from({ length: width }, (_, j) => standardised(rows.map((row) => row[j]!))).filter((column) => column !== null);
  const gram = new Float64Array(n * n);
  for (const column of columns) {
    for (let i = 0; i < n; i++) for (let k = 0; k < n; k++) gram[i * n + k]! += column[i]! * column[k]!;
  }
  let trace = 0;
  for (let i = 0; i < n; i++) trace += gram[i * n + i]!;
  const first = leading(gram, n);
  if (!first || first.value < 1e-9 * trace) return null;
  for (let i = 0; i < n; i++) for (let k = 0; k < n; k++) gram[i * n + k]! -= first.value * first.vector[i]! * first.vector[k]!;
  const second = leading(gram, n);
  if (!second || second.value < 1e-9 * trace) return null;
  const at = ({ value, vector }: { value: number; vector: Float64Array }, i: number) => Math.sqrt(value) * vector[i]!;
  return {
    points: rows.map((_, i) => [at(first, i), at(second, i)] as const),
    shares: [first.value / trace, second.value / trace],
  };
}

function standardised(values: readonly number[]): Float64Array | null {
  const n = values.length;
  const mean = values.reduce((sum, x) => sum + x, 0) / n;
  const sd = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n);
  return sd > 0 && Number.isFinite(sd) ? Float64Array.from(values, (x) => (x - mean) / sd) : null;
}

/** The largest eigenvalue of a symmetric matrix without negative ones, and its unit vector. */
function leading(matrix: Float64Array, n: number): { value: number; vector: Float64Array } | null {
  // A start that no symmetry of the data makes orthogonal to the answer.
  let vector = Float64Array.from({ length: n }, (_, i) => Math.cos(1 + 7 * i));
  let value = 0;
  for (let step = 0; step < MOST_STEPS; step++) {
    const next = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += matrix[i * n + k]! * vector[k]!;
      next[i] = sum;
    }
    const norm = Math.sqrt(next.reduce((sum, x) => sum + x * x, 0));
    if (norm === 0) return null;
    let change = 0;
    for (let i = 0; i < n; i++) {
      next[i]! /= norm;
      change = Math.max(change, Math.abs(next[i]! - vector[i]!));
    }
    vector = next;
    value = norm;
    if (change < 1e-12) break;
  }
  const largest = vector.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best), 0);
  return { value, vector: largest < 0 ? vector.map((x) => -x) : vector };
}
