// Selection that looks at how features repeat each other.
import type { ColumnTests } from "./select-univariate.ts";

/** Below it a mean correlation is taken for this, so that a feature unlike all others is not infinitely good; as mrmr_selection. */
const LEAST_REDUNDANCY = 0.001;

/**
 * Of every group of columns that correlate, the one that differs most between the outcomes.
 *
 * Columns are taken by rising p; one is kept if its |r| with each kept before is below the threshold. A constant column correlates with none.
 *
 * @param values     row-major [n, width], finite
 * @param columns    the candidates, in order
 * @param threshold  0 .. 1
 * @returns          a part of the candidates, in their order
 */
export function uncorrelated(
  values: Float64Array,
  width: number,
  columns: readonly number[],
  tests: ColumnTests,
  threshold: number,
): number[] {
  const unit = unitColumns(values, width);
  const kept: number[] = [];
  for (const column of columns.toSorted((a, b) => tests(a).p - tests(b).p || a - b)) {
    if (kept.every((other) => Math.abs(dot(unit(column), unit(other))) < threshold)) kept.push(column);
  }
  return columns.filter((column) => kept.includes(column));
}

/**
 * Minimum redundancy, maximum relevance: columns chosen one by one, each with the highest
 *
 *   F(column, outcome) / mean over the chosen of |r(column, chosen)|
 *
 * where F is the statistic of the one-way analysis of variance (t squared for two groups). The first is the one with the highest F.
 *
 * @param values   row-major [n, width], finite
 * @param columns  the candidates, in order; constant ones are never chosen
 * @param outcome  1 = event, 0 = none
 * @param top      how many to choose
 * @returns        a part of the candidates, in their order
 * @see Ding & Peng 2005, Minimum redundancy feature selection from microarray gene expression data (FCQ); Python's mrmr_selection
 */
export function leastRedundant(
  values: Float64Array,
  width: number,
  columns: readonly number[],
  outcome: ArrayLike<number>,
  top: number,
): number[] {
  const unit = unitColumns(values, width);
  const relevance = new Map(columns.map((column) => [column, fStatistic(values, width, column, outcome)]));
  const left = new Set(columns.filter((column) => relevance.get(column)! > 0));
  const redundancy = new Map([...left].map((column) => [column, 0]));
  const chosen: number[] = [];
  while (chosen.length < top && left.size > 0) {
    let best = -1;
    let bestScore = -Infinity;
    for (const column of left) {
      const mean = chosen.length === 0 ? 1 : Math.max(LEAST_REDUNDANCY, redundancy.get(column)! / chosen.length);
      const score = relevance.get(column)! / mean;
      if (score > bestScore) [best, bestScore] = [column, score];
    }
    chosen.push(best);
    left.delete(best);
    for (const column of left)
      redundancy.set(column, redundancy.get(column)! + Math.max(LEAST_REDUNDANCY, Math.abs(dot(unit(column), unit(best)))));
  }
  return columns.filter((column) => chosen.includes(column));
}

/** Columns less their mean and of length 1, made when asked for; a constant one is 0. */
function unitColumns(values: Float64Array, width: number): (column: number) => Float64Array {
  const n = values.length / width;
  const made = new Map<number, Float64Array>();
  return (column) => {
    const before = made.get(column);
    if (before) return before;
    const unit = Float64Array.from({ length: n }, (_, i) => values[i * width + column]!);
    const isConstant = unit.every((value) => value === unit[0]);
    const mean = unit.reduce((sum, value) => sum + value, 0) / n;
    for (let i = 0; i < n; i++) unit[i] = isConstant ? 0 : unit[i]! - mean;
    const length = Math.sqrt(dot(unit, unit));
    if (length > 0) for (let i = 0; i < n; i++) unit[i]! /= length;
    made.set(column, unit);
    return unit;
  };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Between over within mean squares of two groups; 0 for a constant column. */
function fStatistic(values: Float64Array, width: number, column: number, outcome: ArrayLike<number>): number {
  const n = outcome.length;
  const sum = [0, 0];
  const count = [0, 0];
  for (let i = 0; i < n; i++) {
    sum[outcome[i]!]! += values[i * width + column]!;
    count[outcome[i]!]!++;
  }
  const mean = [sum[0]! / count[0]!, sum[1]! / count[1]!];
  let within = 0;
  for (let i = 0; i < n; i++) within += (values[i * width + column]! - mean[outcome[i]!]!) ** 2;
  const between = ((count[0]! * count[1]!) / n) * (mean[0]! - mean[1]!) ** 2;
  if (!(between > 0)) return 0;
  return within > 0 ? between / (within / (n - 2)) : Number.MAX_VALUE;
}
