// Missing values, filled from the training part alone.
import { summary } from "../../stats/summary.ts";
import type { FeatureTable } from "./feature-table.ts";

/** What stands in for missing values of columns, and which of them are flagged. Plain JSON. */
export interface Imputer {
  /** One a column: its median or mean, or for the columns of a category 1 in the most frequent level and 0 in the others. */
  readonly fill: Readonly<Record<string, number>>;
  /** Columns (or first columns of categories) that get a 0/1 column `NAME missing`. */
  readonly flags: readonly string[];
}

/** The name of the column that says where another was missing. */
export function flagName(name: string): string {
  return `${name} missing`;
}

/**
 * Learns what to put in place of missing values.
 *
 * A number gets the median (the mean of the middle two) or the mean of the column's known values, 0 where the training part knows none; a category, coded by
 * several 0/1 columns that are missing together, its most frequent level, the first of equals. Every value of the training part counts once; the
 * outcome is not looked at.
 *
 * @param table    training rows; NaN is missing
 * @param withFlag whether columns with a missing value in the training part get a flag
 */
export function fitImputer(table: FeatureTable, strategy: "median" | "mean", withFlag: boolean): Imputer {
  const { names, values, ids, categories = [] } = table;
  const width = names.length;
  const column = (j: number) => Float64Array.from(ids, (_, i) => values[i * width + j]!);
  const index = new Map(names.map((name, j) => [name, j]));
  const fill: Record<string, number> = {};
  const flags: string[] = [];
  const coded = new Set(categories.flat());
  for (const [j, name] of names.entries()) {
    if (coded.has(name)) continue;
    const known = column(j).filter((value) => !Number.isNaN(value));
    fill[name] = known.length === 0 ? 0 : summary(known)[strategy];
    if (withFlag && known.length < ids.length) flags.push(name);
  }
  for (const levels of categories) {
    const counts = levels.map((name) => column(index.get(name)!).reduce((sum, value) => sum + (value === 1 ? 1 : 0), 0));
    const known = column(index.get(levels[0]!)!).filter((value) => !Number.isNaN(value)).length;
    // With two levels there is one column, and the level without one is counted by what is left.
    const rest = known - counts.reduce((a, b) => a + b, 0);
    const most = counts.indexOf(Math.max(...counts));
    for (const [k, name] of levels.entries()) fill[name] = k === most && counts[most]! > rest ? 1 : 0;
    if (withFlag && known < ids.length) flags.push(levels[0]!);
  }
  return { fill, flags };
}

/** A table with its missing values filled and its flags added behind the other columns. */
export function imputed({ fill, flags }: Imputer, table: FeatureTable): FeatureTable {
  const { names, values, ids } = table;
  const width = names.length;
  const wide = width + flags.length;
  const out = new Float64Array(ids.length * wide);
  const flagged = flags.map((name) => names.indexOf(name));
  for (let i = 0; i < ids.length; i++) {
    for (let j = 0; j < width; j++) {
      const value = values[i * width + j]!;
      out[i * wide + j] = Number.isNaN(value) ? fill[names[j]!]! : value;
    }
    for (let f = 0; f < flags.length; f++) out[i * wide + width + f] = Number.isNaN(values[i * width + flagged[f]!]!) ? 1 : 0;
  }
  return { ...table, names: [...names, ...flags.map(flagName)], values: out };
}

/** What scoring needs of an imputer: the columns behind the given ones. */
export function imputerOf({ fill, flags }: Imputer, features: readonly string[]): Imputer {
  const kept = flags.filter((name) => features.includes(flagName(name)));
  const needed = [...features.filter((name) => name in fill), ...kept];
  return { fill: Object.fromEntries(needed.map((name) => [name, fill[name]!])), flags: kept };
}
