// What other readers make of a study, as tables.
import { stringify } from "#csv-stringify";
import { rocCurve } from "../stats/prediction/roc.ts";
import { changesGroup, riskChange, type FeatureAgreement, type ModelAgreement, type ReaderRisks } from "../study/robustness/agreement.ts";
import type { Robustness } from "../study/robustness/robustness.ts";
import { interval, number, words, type Cell, type Table } from "./table.ts";
import { NONE, range, two } from "./words.ts";

/** Names for ranges of an intraclass correlation, best first, and the least value of each. @see Koo & Li 2016 */
export const GRADES = [
  ["excellent", 0.9],
  ["good", 0.75],
  ["moderate", 0.5],
  ["poor", -Infinity],
] as const;

/** How many features of each block have an agreement of each grade. */
export function gradesByBlock(
  features: readonly FeatureAgreement[],
): { block: string; icc: number[]; undefined: number; counts: number[] }[] {
  return [...new Set(features.map(({ block }) => block))].map((block) => {
    const own = features.filter((feature) => feature.block === block);
    const icc = own.flatMap((feature) => (feature.icc === null ? [] : [feature.icc])).toSorted((a, b) => a - b);
    const gradeOf = (value: number) => GRADES.findIndex(([, least]) => value >= least);
    return {
      block,
      icc,
      undefined: own.length - icc.length,
      counts: GRADES.map((_, g) => icc.filter((value) => gradeOf(value) === g).length),
    };
  });
}

/** The tables of a robustness study: blocks of features, and models by cohort. */
export function robustnessTables({ features, models, readers }: Robustness): Table[] {
  const count = (value: number): Cell => ({ value, shown: String(value) });
  return [
    {
      name: "robustness-blocks",
      title: `Agreement of ${readers.readers} simulated readers on features, ICC(2,1)`,
      columns: [
        { key: "block", heading: "Features" },
        { key: "features", heading: "n" },
        { key: "median_icc", heading: "median ICC" },
        ...GRADES.map(([name, least], g) => ({
          key: name,
          heading: Number.isFinite(least) ? `\u2265 ${least}` : `< ${GRADES[g - 1]![1]}`,
          over: "features with an ICC",
        })),
        { key: "undefined", heading: "without one" },
      ],
      rows: gradesByBlock(features).map(({ block, icc, undefined: none, counts }) => [
        words(block),
        count(icc.length + none),
        number(icc.length ? (icc[(icc.length - 1) >> 1]! + icc[icc.length >> 1]!) / 2 : null, two),
        ...counts.map(count),
        count(none),
      ]),
      notes: [
        "An ICC of 0.9 and more is called excellent, of 0.75 good, of 0.5 moderate, below that poor (Koo & Li 2016). Both cohorts together. A feature has none where all its values are equal or fewer than two patients have a value from every reader.",
      ],
    },
    {
      name: "robustness-models",
      title: "Risks before simulated readers",
      columns: [
        { key: "model", heading: "Model" },
        { key: "cohort", heading: "cohort" },
        { key: "n", heading: "n" },
        { key: "icc", heading: "ICC of the risk" },
        { key: ["icc_lo", "icc_hi"], heading: "95% CI" },
        { key: "mean_change", heading: "mean", over: "|change of risk|" },
        { key: "largest_change", heading: "largest", over: "|change of risk|" },
        { key: "changed_group", heading: "patients whose group changes" },
        { key: "auc", heading: "studied", over: "AUC" },
        { key: "auc_mean", heading: "readers' mean", over: "AUC" },
        { key: ["auc_least", "auc_most"], heading: "least to most", over: "AUC" },
      ],
      rows: models.flatMap((model) =>
        (["internal", "external"] as const)
          .map((cohort) => [cohort, model.risks.filter((risk) => risk.cohort === cohort)] as const)
          .filter(([, risks]) => risks.length > 0)
          .map(([cohort, risks]) => modelRow(model, cohort, risks)),
      ),
      notes: [
        "The fold models are the study's; only the annotations differ. Internal risks are by the fold models that did not see the patient, external ones the mean of all. The change is from the risk by the study's own annotation; a patient's group changes if it does for any reader.",
        "Readers are simulated: what real readers would do may be more or less than this.",
      ],
    },
  ];
}

function modelRow({ model, threshold }: ModelAgreement, cohort: string, risks: readonly ReaderRisks[]): Cell[] {
  const { icc, ci, patients, meanChange, largestChange, changedGroup } = riskChange(threshold, risks);
  const areas = (risks[0]?.readers ?? [])
    .map((_, reader) => areaOf(risks, ({ readers }) => readers[reader]!))
    .filter((auc) => auc !== null);
  const three = (value: number | null | undefined) => (value === null || value === undefined ? NONE : value.toFixed(3));
  const mean = (values: readonly number[]) => (values.length ? values.reduce((a, b) => a + b, 0) / values.length : null);
  const [least, most] = areas.length ? [Math.min(...areas), Math.max(...areas)] : [null, null];
  return [
    words(model),
    words(cohort),
    { value: patients, shown: String(patients) },
    number(icc, two),
    interval(ci?.[0] ?? null, ci?.[1] ?? null, range(ci?.[0], ci?.[1])),
    number(meanChange, three),
    number(largestChange, three),
    { value: changedGroup, shown: String(changedGroup) },
    number(
      areaOf(risks, ({ studied }) => studied),
      two,
    ),
    number(mean(areas), two),
    interval(least, most, range(least, most)),
  ];
}

/** The area under the curve of the patients with a risk; null where they are of one outcome. */
function areaOf(risks: readonly ReaderRisks[], riskOf: (risks: ReaderRisks) => number | null): number | null {
  const known = risks.filter((one) => riskOf(one) !== null);
  const outcome = known.map((one) => one.outcome);
  if (new Set(outcome).size < 2) return null;
  return rocCurve(
    outcome,
    known.map((one) => riskOf(one)!),
  ).auc;
}

/** Every feature's agreement and every patient's risks, with all digits. */
export function robustnessListings({ features, models, readers }: Robustness): Record<string, string> {
  const names = Array.from({ length: readers.readers }, (_, k) => `reader_${k + 1}`);
  return {
    "robustness/features.csv": stringify([
      ["block", "feature", "n", "icc", "icc_lo", "icc_hi"],
      ...features.map(({ block, feature, n, icc, ci }) => [block, feature, n, icc, ci?.[0], ci?.[1]]),
    ]),
    "robustness/risks.csv": stringify([
      ["model", "patient_id", "cohort", "outcome", "studied", ...names, "group", "changes_group"],
      ...models.flatMap(({ model, threshold, risks }) =>
        risks.map((one) => [
          model,
          one.patient,
          one.cohort,
          one.outcome,
          one.studied,
          ...one.readers,
          one.studied >= threshold ? "high" : "low",
          Number(changesGroup(threshold, one)),
        ]),
      ),
    ]),
  };
}
