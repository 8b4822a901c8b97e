// ComBat: scanners or centres brought to one level and spread, learnt from training rows only.

/** What ComBat learnt of each column. Plain JSON. */
export interface Combat {
  /** Names of the harmonised columns. */
  readonly columns: readonly string[];
  /** Scanners or centres; rows of any other stay as they are. */
  readonly batches: readonly string[];
  /** Mean over the batches, weighted by their rows, one a column. */
  readonly centre: readonly number[];
  /** Spread within batches, one a column; 0 marks a column that is constant within every batch and stays as it is. */
  readonly spread: readonly number[];
  /** Shift of each batch in spreads, [batches][columns]. */
  readonly shift: readonly (readonly number[])[];
  /** Factor on the variance of each batch, [batches][columns]. */
  readonly variance: readonly (readonly number[])[];
}

/** The posterior is iterated until no number moves by more than this share of itself; sva stops at 1e-4. */
const SETTLED = 1e-12;
const MAX_ROUNDS = 10_000;

/**
 * Learns ComBat's parametric empirical-Bayes adjustment.
 *
 *   z = (x - centre) / spread;   in batch b:  mean g, variance d (n - 1) of each column
 *   priors over the columns of b:  g ~ Normal(mean, variance of all g),   d ~ inverse gamma with the mean and variance of all d
 *   shift g*, variance d*:  the posterior's conditional means, iterated
 *
 * The outcome is not among what is preserved: it is unknown of whoever is scored, and adjusting for it would leak it into the features. Where the share of events
 * differs between batches, some of the difference between events and others is therefore removed as well.
 *
 * A batch with fewer than 2 rows is not learnt. With one column alone there is nothing to borrow from others, and g and d are used as they are.
 *
 * @param values   row-major [n, columns.length], finite
 * @param batches  the batch of each row
 * @returns        null where fewer than two batches can be learnt: there is nothing to bring together
 * @see Johnson, Li & Rabinovic 2007; R's sva::ComBat without covariates, its iteration run to the end
 */
export function fitCombat(values: Float64Array, columns: readonly string[], batches: readonly string[]): Combat | null {
  const width = columns.length;
  const rowsOf = new Map<string, number[]>();
  for (const [i, batch] of batches.entries()) rowsOf.set(batch, [...(rowsOf.get(batch) ?? []), i]);
  const known = [...rowsOf].filter(([, rows]) => rows.length >= 2).sort(([a], [b]) => (a < b ? -1 : 1));
  if (known.length < 2 || width === 0) return null;
  const n = known.reduce((sum, [, rows]) => sum + rows.length, 0);
  const at = (i: number, j: number) => values[i * width + j]!;

  const centre: number[] = [];
  const spread: number[] = [];
  for (let j = 0; j < width; j++) {
    const means = known.map(([, rows]) => rows.reduce((sum, i) => sum + at(i, j), 0) / rows.length);
    const isConstant = known.every(([, rows]) => rows.every((i) => at(i, j) === at(rows[0]!, j)));
    const squares = known.reduce((sum, [, rows], b) => sum + rows.reduce((part, i) => part + (at(i, j) - means[b]!) ** 2, 0), 0);
    centre.push(means.reduce((sum, mean, b) => sum + mean * known[b]![1].length, 0) / n);
    spread.push(isConstant ? 0 : Math.sqrt(squares / n));
  }
  const used = spread.map((_, j) => j).filter((j) => spread[j]! > 0);
  const shift: number[][] = [];
  const variance: number[][] = [];
  for (const [, rows] of known) {
    const z = (j: number) => Float64Array.from(rows, (i) => (at(i, j) - centre[j]!) / spread[j]!);
    const columnsOfBatch = used.map(z);
    const posterior = shrunk(columnsOfBatch);
    const place = (found: readonly number[], otherwise: number) => {
      const all = Array.from({ length: width }, () => otherwise);
      for (const [k, j] of used.entries()) all[j] = found[k]!;
      return all;
    };
    shift.push(
      place(
        posterior.map(({ g }) => g),
        0,
      ),
    );
    variance.push(
      place(
        posterior.map(({ d }) => d),
        1,
      ),
    );
  }
  return { columns, batches: known.map(([name]) => name), centre, spread, shift, variance };
}

/** g* and d* of the columns of one batch. */
function shrunk(columns: readonly Float64Array[]): { readonly g: number; readonly d: number }[] {
  const raw = columns.map((z) => momentsOf(z));
  if (columns.length < 2) return raw.map(({ mean, variance }) => ({ g: mean, d: variance || 1 }));
  const g = momentsOf(Float64Array.from(raw, ({ mean }) => mean));
  const d = momentsOf(Float64Array.from(raw, ({ variance }) => variance));
  // All columns share one variance: the inverse gamma is a point, and d stays.
  const shape = d.variance > 0 ? (2 * d.variance + d.mean ** 2) / d.variance : null;
  const scale = d.variance > 0 ? (d.mean * d.variance + d.mean ** 3) / d.variance : null;
  return columns.map((z, j) => {
    const n = z.length;
    let mean = raw[j]!.mean;
    let variance = raw[j]!.variance;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const nextMean = g.variance > 0 ? (g.variance * n * raw[j]!.mean + variance * g.mean) / (g.variance * n + variance) : g.mean;
      const squares = z.reduce((sum, value) => sum + (value - nextMean) ** 2, 0);
      const nextVariance = shape === null || scale === null ? d.mean : (squares / 2 + scale) / (n / 2 + shape - 1);
      const settled =
        Math.abs(nextMean - mean) <= SETTLED * Math.abs(mean) && Math.abs(nextVariance - variance) <= SETTLED * Math.abs(variance);
      mean = nextMean;
      variance = nextVariance;
      if (settled) break;
    }
    return { g: mean, d: variance };
  });
}

/** Mean, and variance divided by n - 1. */
function momentsOf(values: Float64Array): { readonly mean: number; readonly variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1) };
}

/**
 * Rows brought to the common level and spread: x' = (z - g*) / sqrt(d*) * spread + centre. A row of a batch that was not learnt stays as it is.
 *
 * @param values  row-major [n, names.length]; columns that were not harmonised pass through
 * @param names   of the columns, among them any of the harmonised ones
 */
export function harmonised(combat: Combat, values: Float64Array, names: readonly string[], batches: readonly string[]): Float64Array {
  const out = values.slice();
  const width = names.length;
  const place = new Map(names.map((name, j) => [name, j]));
  for (const [i, batch] of batches.entries()) {
    const b = combat.batches.indexOf(batch);
    if (b < 0) continue;
    for (const [c, name] of combat.columns.entries()) {
      const j = place.get(name);
      const spread = combat.spread[c]!;
      if (j === undefined || spread === 0) continue;
      const z = (values[i * width + j]! - combat.centre[c]!) / spread;
      out[i * width + j] = ((z - combat.shift[b]![c]!) / Math.sqrt(combat.variance[b]![c]!)) * spread + combat.centre[c]!;
    }
  }
  return out;
}

/** What scoring needs of a ComBat: the given columns. */
export function combatOf(combat: Combat, features: readonly string[]): Combat {
  const kept = combat.columns.map((_, c) => c).filter((c) => features.includes(combat.columns[c]!));
  const pick = <T>(values: readonly T[]) => kept.map((c) => values[c]!);
  return {
    columns: pick(combat.columns),
    batches: combat.batches,
    centre: pick(combat.centre),
    spread: pick(combat.spread),
    shift: combat.shift.map(pick),
    variance: combat.variance.map(pick),
  };
}
