// A nomogram's arithmetic: a logistic model of the image risk and the clinical variables, as points.
import type { Patient } from "../study/cohort.ts";
import { firthLogistic } from "./firth.ts";
import { primaryModel, type StudyResults } from "../study/results.ts";
import { headline, kindOf } from "./headline.ts";
import { risksOf } from "./risks.ts";

/** Log odds of risks are taken between these, so that a risk of 0 has one. */
const LEAST = 0.01;

/** One axis: marks with their points. */
export interface NomogramAxis {
  readonly name: string;
  readonly marks: readonly { readonly label: string; readonly points: number }[];
}

/** The axes of a nomogram. */
export interface Nomogram {
  readonly imageModel: string;
  readonly axes: readonly NomogramAxis[];
  /** Largest total of the axes. */
  readonly mostPoints: number;
  /** Predicted probability: log odds = atZero + perPoint x total points. */
  readonly atZero: number;
  readonly perPoint: number;
  /** Patients and events it was fitted on, and internal patients left out for a missing value. */
  readonly n: number;
  readonly events: number;
  readonly leftOut: number;
}

/** A predictor: its columns of numbers, and the marks of its axis with their effect on the columns. */
interface Predictor {
  readonly name: string;
  readonly columns: readonly (readonly number[])[];
  readonly marks: readonly { readonly label: string; readonly at: readonly number[] }[];
}

/**
 * The nomogram of the primary model's cross-validated risk and the clinical variables of the model that has most of them.
 *
 * It is a logistic regression with Firth's penalty on the internal patients without missing values: log odds of the image risk (kept within
 * 1% .. 99%), numbers as they are, categories against their first level. It shows what the variables add; it is not the model that the study
 * validates. 100 points are the widest axis.
 *
 * @returns null with the reason in words where there is no clinical variable or no fit
 */
export function nomogramOf(results: StudyResults): Nomogram | { readonly reason: string } {
  const { study, cohort } = results;
  const fullest = headline(results).find(({ model }) => kindOf(study, model) === "clinical");
  if (!fullest) return { reason: "no model has clinical variables" };
  const names = study.models.find(({ name }) => name === fullest.model)!.clinical;
  const primary = risksOf(cohort, primaryModel(results));
  const riskOf = new Map(primary.internal.ids.map((id, i) => [id, primary.internal.risk[i]!]));
  const known = cohort.patients.filter((p) => riskOf.has(p.id));
  const complete = known.filter((p) => names.every((name) => p.variables[name] !== ""));
  const outcome: number[] = complete.map((p) => p.outcome);
  const predictors = [
    riskPredictor(
      primary.name,
      complete.map((p) => riskOf.get(p.id)!),
    ),
    ...names.map((name) => variablePredictor(name, study.clinical[name]!.kind, complete)),
  ].filter(({ columns }) => columns.every((column) => column.some((value) => value !== column[0])));
  const fit = firthLogistic(
    predictors.flatMap(({ columns }) => columns),
    outcome,
  );
  if (!fit) return { reason: "the logistic model of the risk and the clinical variables has no fit" };

  let at = 0;
  const effects = predictors.map(({ name, columns, marks }) => {
    const own = fit.coefficients.slice(at, (at += columns.length));
    return { name, marks: marks.map(({ label, at }) => ({ label, effect: at.reduce((sum, x, j) => sum + x * own[j]!, 0) })) };
  });
  const lowest = effects.map(({ marks }) => Math.min(...marks.map(({ effect }) => effect)));
  const widest = Math.max(...effects.map(({ marks }, k) => Math.max(...marks.map(({ effect }) => effect)) - lowest[k]!));
  if (!(widest > 0)) return { reason: "no variable changes the predicted probability" };
  const perPoint = widest / 100;
  const axes = effects.map(({ name, marks }, k) => ({
    name,
    marks: marks.map(({ label, effect }) => ({ label, points: (effect - lowest[k]!) / perPoint })),
  }));
  return {
    imageModel: primary.name,
    axes,
    mostPoints: axes.reduce((sum, { marks }) => sum + Math.max(...marks.map(({ points }) => points)), 0),
    atZero: fit.intercept + lowest.reduce((sum, value) => sum + value, 0),
    perPoint,
    n: complete.length,
    events: outcome.reduce((sum, y) => sum + y, 0),
    leftOut: known.length - complete.length,
  };
}

const logOdds = (p: number) => Math.log(p / (1 - p));

function riskPredictor(name: string, risks: readonly number[]): Predictor {
  const kept = risks.map((risk) => Math.min(1 - LEAST, Math.max(LEAST, risk)));
  const [low, high] = [Math.min(...kept), Math.max(...kept)];
  const inside = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99].filter((risk) => risk >= low && risk <= high);
  return {
    name: `risk by ${name}`,
    columns: [kept.map(logOdds)],
    marks: inside.map((risk) => ({ label: String(risk), at: [logOdds(risk)] })),
  };
}

function variablePredictor(name: string, kind: "number" | "category", patients: readonly Patient[]): Predictor {
  const cells = patients.map((p) => p.variables[name]!);
  if (kind === "number") {
    const values = cells.map(Number);
    return { name, columns: [values], marks: ticks(Math.min(...values), Math.max(...values)).map((x) => ({ label: String(x), at: [x] })) };
  }
  const levels = [...new Set(cells)].sort();
  const coded = levels.slice(1);
  return {
    name,
    columns: coded.map((level) => cells.map((cell) => Number(cell === level))),
    marks: levels.map((label) => ({ label, at: coded.map((level) => Number(level === label)) })),
  };
}

/** Up to eight round numbers that cover a range. */
function ticks(low: number, high: number): number[] {
  if (!(high > low)) return [low];
  const power = 10 ** Math.floor(Math.log10((high - low) / 6));
  const step = power * [1, 2, 5, 10].find((s) => (high - low) / (s * power) <= 7)!;
  const first = Math.floor(low / step);
  const last = Math.ceil(high / step);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(10)));
}
