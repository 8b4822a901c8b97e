// What `islet learn cv` prints for a person.
import type { crossValidateFile } from "@islet/pipeline/node";
import { columns } from "../output.ts";
import { pText } from "./stats/p-text.ts";

type Report = Awaited<ReturnType<typeof crossValidateFile>>;

/** Features that are listed; the rest is in the JSON. */
const SHOWN = 15;

/** The report as lines. */
export function learnLines(report: Report): string[] {
  const { auc, ci, p, threshold, acc, sen, spc, repeats, bootstrap, permutation, stability, folds, settings } = report;
  const f3 = (value: number) => value.toFixed(3);
  const rule = { youden: "Youden", sensitivity: "sensitivity asked for", cost: "least cost" }[settings.threshold.rule];
  const lines = [
    `n ${report.n}, events ${report.events}; ${report.method}`,
    `AUC ${f3(auc)} (95% CI ${f3(ci[0])} to ${f3(ci[1])}, ${report.groups === undefined ? "DeLong" : `Obuchowski, ${report.groups} groups`}), P against 0.5: ${pText(p)}${report.groups === undefined ? " (Mann-Whitney)" : ""}`,
  ];
  if (repeats)
    lines.push(
      `of each repeat alone: mean AUC ${f3(repeats.mean)}, SD ${f3(repeats.sd)}; above, the mean risk of ${repeats.auc.length} repeats`,
    );
  if (bootstrap) {
    const { auc, brier } = bootstrap;
    lines.push(
      `.632+ bootstrap (Efron & Tibshirani): AUC ${f3(auc.plus632)} (apparent ${f3(auc.apparent)}, out of bag ${f3(auc.outOfBag)}), Brier ${f3(brier.plus632)} (apparent ${f3(brier.apparent)}, out of bag ${f3(brier.outOfBag)})`,
    );
  }
  if (permutation) {
    lines.push(
      `permutation test of the whole learner: P ${pText(permutation.p)} (${permutation.permutations} shuffled outcomes, mean AUC ${f3(permutation.mean)})`,
    );
  }
  lines.push(
    `at threshold ${threshold.toPrecision(4)} (${rule}): ACC ${f3(acc)}, SEN ${f3(sen)}, SPC ${f3(spc)}`,
    stability.index === null
      ? `stability of selection: none (${stability.reason})`
      : `stability of selection ${f3(stability.index)} (95% CI ${f3(stability.lo!)} to ${f3(stability.hi!)}, Nogueira; folds share patients, so new cohorts agree less)`,
    "",
    ...featureLines(report),
  );
  if (folds.length <= 50) {
    lines.push(
      "",
      ...columns([
        [...(repeats ? ["repeat"] : []), "fold", "selected", "model", "C", "inner AUC"],
        ...folds.map(({ fold, repeat = 0, selected, params, innerAuc }) => [
          ...(repeats ? [repeat] : []),
          fold,
          selected.length,
          "kernel" in params ? params.kernel.kind : params.penalty,
          Number(params.C.toPrecision(4)),
          f3(innerAuc),
        ]),
      ]),
    );
  }
  return [...lines, "", "Research use only."];
}

function featureLines({ features, folds }: Report): string[] {
  if (features.length === 0) return [];
  const hasImportance = features.some(({ importance }) => importance);
  const rows = features
    .slice(0, SHOWN)
    .map(({ name, models, weight, importance }) => [
      name,
      `${models}/${folds.length}`,
      weight === null ? null : weight.toPrecision(3),
      ...(hasImportance ? [importance ? `${importance.drop.toFixed(3)} +- ${importance.sd.toFixed(3)}` : null] : []),
    ]);
  const more = features.length > SHOWN ? [`... and ${features.length - SHOWN} more (--json has all)`] : [];
  return [...columns([["feature", "models", "mean weight", ...(hasImportance ? ["AUC lost when shuffled"] : [])], ...rows]), ...more];
}
