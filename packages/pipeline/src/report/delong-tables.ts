// Table S3: is one model's AUC higher than another's on the same patients? All pairs, by DeLong's test, or by Obuchowski's where patients come in groups.
import { holm } from "../stats/adjust.ts";
import { clusteredTest } from "../stats/prediction/clustered-auc.ts";
import { delongTest } from "../stats/prediction/delong.ts";
import type { StudyResults } from "../study/results.ts";
import { aucWords, isGrouped, type AucWords } from "./auc-words.ts";
import { risksOf, type ModelRisks, type Risks } from "./risks.ts";
import { number, words, type Cell, type Table } from "./table.ts";
import { NONE, pValue } from "./words.ts";

/** One pair of models compared on the patients that both have. */
export interface ModelPair {
  readonly a: string;
  readonly b: string;
  readonly n: number;
  readonly aucA: number;
  readonly aucB: number;
  readonly z: number;
  readonly p: number;
  /** Adjusted by Holm for the pairs of the cohort. */
  readonly pHolm: number;
}

/** Every pair of models in a cohort; pairs without patients of both outcomes are left out. */
export function modelPairs(models: readonly ModelRisks[], cohort: "internal" | "external"): ModelPair[] {
  const pairs = models.flatMap((a, i) =>
    models.slice(i + 1).flatMap((b) => {
      const shared = a[cohort] && b[cohort] ? sharedRows(a[cohort], b[cohort]) : null;
      if (!shared || new Set(shared.outcome).size < 2) return [];
      const { groups } = shared;
      const { aucA, aucB, z, p } = groups
        ? clusteredTest(shared.outcome, shared.a, shared.b, groups)
        : delongTest(shared.outcome, shared.a, shared.b);
      return [{ a: a.name, b: b.name, n: shared.outcome.length, aucA, aucB, z, p }];
    }),
  );
  const adjusted = holm(pairs.map(({ p }) => p));
  return pairs.map((pair, k) => ({ ...pair, pHolm: adjusted[k]! }));
}

function sharedRows(a: Risks, b: Risks): { outcome: number[]; a: number[]; b: number[]; groups?: string[] } {
  const place = new Map(b.ids.map((id, i) => [id, i]));
  const rows = a.ids.flatMap((id, i) => (place.has(id) ? [[i, place.get(id)!] as const] : []));
  return {
    outcome: rows.map(([i]) => a.outcome[i]!),
    a: rows.map(([i]) => a.risk[i]!),
    b: rows.map(([, j]) => b.risk[j]!),
    ...(a.groups && { groups: rows.map(([i]) => a.groups![i]!) }),
  };
}

/** The matrices of P of both cohorts: above the diagonal P, below it P adjusted by Holm. */
export function delongTables(results: StudyResults): Table[] {
  const models = results.models.map((model) => risksOf(results.cohort, model));
  return (["internal", "external"] as const).flatMap((cohort) => {
    const pairs = modelPairs(models, cohort);
    return pairs.length > 0 ? [matrix(models, pairs, cohort, aucWords(isGrouped(results.study)))] : [];
  });
}

function matrix(models: readonly ModelRisks[], pairs: readonly ModelPair[], cohort: string, { author, pair: test }: AucWords): Table {
  const cell = (row: number, column: number): Cell => {
    if (row === column) return { value: null, shown: "" };
    const [a, b] = row < column ? [row, column] : [column, row];
    const pair = pairs.find((one) => one.a === models[a]!.name && one.b === models[b]!.name);
    return pair ? number(row < column ? pair.p : pair.pHolm, pValue) : { value: null, shown: NONE };
  };
  return {
    name: `table-s3-delong-${cohort}`,
    title: `Table S3. ${author}'s test of every pair of models, ${cohort} cohort`,
    columns: [{ key: "model", heading: "" }, ...models.map(({ name }) => ({ key: name, heading: name }))],
    rows: models.map(({ name }, i) => [words(name), ...models.map((_, j) => cell(i, j))]),
    notes: [`Above the diagonal: P of ${test} of the two AUCs, two-sided; below it: the same, adjusted by Holm for the number of pairs.`],
  };
}
