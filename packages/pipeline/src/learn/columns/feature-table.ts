import { ConfigError, ShapeError } from "../../errors.ts";

/** Features of patients: one row a patient. */
export interface FeatureTable {
  readonly ids: readonly string[];
  readonly names: readonly string[];
  /** Row-major [ids.length, names.length]; NaN where a value is missing. */
  readonly values: Float64Array;
  /** The group of each row, such as the patient of a lesion: rows of one group stay together in folds. */
  readonly groups?: readonly string[];
  /** The scanner or centre of each row, for harmonisation. */
  readonly batches?: readonly string[];
  /** Columns that together code one category by 0 and 1; where it is missing, all of them are. */
  readonly categories?: readonly (readonly string[])[];
}

/**
 * Checks a table once, where it enters: sizes agree, ids and names are unique, every value is finite, or missing where that is allowed.
 *
 * @throws ShapeError when sizes disagree; ConfigError naming the patient or the feature otherwise
 */
export function checkTable({ ids, names, values, groups, batches }: FeatureTable, missing: "refuse" | "allow" = "refuse"): void {
  if (values.length !== ids.length * names.length) {
    throw new ShapeError(
      `feature table: ${values.length} values for ${ids.length} patients x ${names.length} features; give one value for each`,
    );
  }
  for (const each of [groups, batches]) {
    if (each && each.length !== ids.length)
      throw new ShapeError(`feature table: ${each.length} groups or batches for ${ids.length} patients; give one a patient`);
  }
  requireUnique(ids, "patient", "keep one row a patient");
  requireUnique(names, "feature", "give every column its own name");
  for (const [i, id] of ids.entries()) {
    for (const [j, name] of names.entries()) {
      const value = values[i * names.length + j]!;
      if (!Number.isFinite(value) && !(missing === "allow" && Number.isNaN(value))) {
        throw new ConfigError(
          `patient ${id}, feature ${name}`,
          `expected a finite number, found ${value}; fill the value, or leave the feature or the patient out`,
        );
      }
    }
  }
}

/**
 * Checks the outcome of a table's patients: one a patient, each 0 or 1.
 *
 * @throws ShapeError when the count differs; ConfigError naming the patient otherwise
 */
export function checkOutcome({ ids }: Pick<FeatureTable, "ids">, outcome: ArrayLike<number>): void {
  if (outcome.length !== ids.length)
    throw new ShapeError(`outcome: ${outcome.length} values for ${ids.length} patients; give one a patient`);
  for (const [i, id] of ids.entries()) {
    if (outcome[i] !== 0 && outcome[i] !== 1) {
      throw new ConfigError(`patient ${id}, outcome`, `expected 1 (event) or 0 (none), found ${outcome[i]}; code the outcome so`);
    }
  }
}

/**
 * The named columns of a table, in the order named: row-major [ids.length, wanted.length].
 *
 * @throws ConfigError naming the first column that the table lacks
 */
export function columnsOf({ ids, names, values }: FeatureTable, wanted: readonly string[]): Float64Array {
  const index = new Map(names.map((name, j) => [name, j]));
  const from = wanted.map((name) => {
    const j = index.get(name);
    if (j === undefined) {
      throw new ConfigError(
        `feature ${name}`,
        `is not among the table's ${names.length} columns; give the table the columns that the model was fitted with`,
      );
    }
    return j;
  });
  const out = new Float64Array(ids.length * wanted.length);
  for (let i = 0, k = 0; i < ids.length; i++) for (const j of from) out[k++] = values[i * names.length + j]!;
  return out;
}

/** The rows at the given positions, in that order: row-major [rows.length, width]. */
export function rowsAt(values: Float64Array, width: number, rows: ArrayLike<number>): Float64Array {
  const out = new Float64Array(rows.length * width);
  for (let k = 0; k < rows.length; k++) out.set(values.subarray(rows[k]! * width, (rows[k]! + 1) * width), k * width);
  return out;
}

/** The rows of a table at the given positions, in that order. */
export function tableAt({ ids, values, groups, batches, ...table }: FeatureTable, rows: readonly number[]): FeatureTable {
  return {
    ...table,
    ids: rows.map((i) => ids[i]!),
    values: rowsAt(values, table.names.length, rows),
    ...(groups && { groups: rows.map((i) => groups[i]!) }),
    ...(batches && { batches: rows.map((i) => batches[i]!) }),
  };
}

/** Positions of a table's rows by rising id (by code unit, the same on every machine). */
export function orderById({ ids }: Pick<FeatureTable, "ids">): number[] {
  return ids.map((_, i) => i).sort((a, b) => (ids[a]! < ids[b]! ? -1 : 1));
}

function requireUnique(names: readonly string[], kind: string, remedy: string): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw new ConfigError(`${kind} ${name}`, `occurs twice in the feature table; ${remedy}`);
    seen.add(name);
  }
}
