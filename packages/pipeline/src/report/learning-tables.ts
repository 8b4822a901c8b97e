// What the models stand on, as CSV: how stable their selection is, what each feature does, and the test on shuffled outcomes.
import { stringify } from "#csv-stringify";
import { featureRoles } from "../learn/validate/importance.ts";
import { selectionStability } from "../learn/validate/stability.ts";
import type { ModelResult } from "../study/model.ts";

/** The learner's tables of a study, by path; the permutation test's only where it was run. */
export function learningTables(models: readonly { readonly model: string; readonly result: ModelResult }[]): Record<string, string> {
  const stability = models.map(({ model, result }) => {
    const { folds } = result.crossValidation;
    const candidates = Math.max(...folds.map((fold) => fold.candidates));
    const selections = folds.map(({ selected }) => selected);
    const { index, lo, hi, reason = "" } = selectionStability(selections, candidates);
    return { model, fits: folds.length, candidates, stability: index, lo, hi, reason };
  });
  const roles = models.flatMap(({ model, result: { crossValidation } }) =>
    featureRoles(crossValidation.folds, crossValidation.importance).map(({ name, models: fits, share, weight, importance }) => ({
      model,
      feature: name,
      fits,
      share,
      mean_weight: weight,
      auc_lost: importance?.drop ?? null,
      auc_lost_sd: importance?.sd ?? null,
    })),
  );
  const tested = models.flatMap(({ model, result: { permutation, crossValidation } }) =>
    permutation
      ? [
          {
            model,
            auc: crossValidation.auc.value,
            permutations: permutation.permutations,
            p: permutation.p,
            mean_auc: permutation.mean,
            sd_auc: permutation.sd,
          },
        ]
      : [],
  );
  const csv = (rows: readonly object[]) => stringify(rows as object[], { header: true });
  return {
    "tables/selection-stability.csv": csv(stability),
    "tables/feature-roles.csv": csv(roles),
    ...(tested.length > 0 && { "tables/permutation.csv": csv(tested) }),
  };
}
