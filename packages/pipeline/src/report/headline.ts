// Which models a report puts side by side, by what they are made of.
import type { StudyConfig } from "../study/config.ts";
import { primaryModel, type ModelOutcome, type StudyResults } from "../study/results.ts";

/** What a model is made of, by what it declares; "features" come from tables. */
export type ModelKind = "radiomics" | "deep" | "features" | "mixed" | "findings" | "clinical";

/** The kind of a model: with clinical variables it is "clinical" whatever else it has; findings count only where there are no images. */
export function kindOf(study: StudyConfig, name: string): ModelKind {
  const model = study.models.find((m) => m.name === name)!;
  if (model.clinical.length > 0) return "clinical";
  if (model.features.length === 0) return "findings";
  const kinds = new Set(model.features.map((block) => block.split(".")[0]!));
  return kinds.size > 1 || model.findings.length > 0 ? "mixed" : (([...kinds][0] ?? "mixed") as ModelKind);
}

/** The model of a kind with the highest internal AUC, the first of equals; undefined where there is none. */
export function bestOf({ study, models }: Pick<StudyResults, "study" | "models">, kind: ModelKind): ModelOutcome | undefined {
  const auc = ({ result }: ModelOutcome) => result.crossValidation.auc.value;
  return models
    .filter(({ model }) => kindOf(study, model) === kind)
    .reduce<ModelOutcome | undefined>((best, next) => (best && auc(best) >= auc(next) ? best : next), undefined);
}

/** The models to compare in one panel: the primary one, the best of the other kinds, and the one with the most clinical variables. */
export function headline(results: Pick<StudyResults, "study" | "models">): ModelOutcome[] {
  const clinicalCount = (name: string) => results.study.models.find((m) => m.name === name)!.clinical.length;
  const fullest = results.models
    .filter(({ model }) => kindOf(results.study, model) === "clinical")
    .reduce<ModelOutcome | undefined>(
      (most, next) => (most && clinicalCount(most.model) >= clinicalCount(next.model) ? most : next),
      undefined,
    );
  const chosen = [
    primaryModel(results),
    bestOf(results, "radiomics"),
    bestOf(results, "deep"),
    bestOf(results, "features"),
    bestOf(results, "findings"),
    fullest,
  ];
  return [...new Set(chosen.filter((model) => model !== undefined))];
}
