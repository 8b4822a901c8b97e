// Which features move a patient's risk away from the average patient's.
import { fitScaler } from "../learn/columns/scaler.ts";
import { modelTask } from "../study/features.ts";
import { readBlocks, type FinishedStudy } from "./study.node.ts";

/** A feature and what it does to one patient's decision. */
export interface Driver {
  readonly feature: string;
  readonly value: number;
  /** How far from the internal cohort's mean, in its standard deviations. */
  readonly z: number;
  /** Share of the fold models that have the feature. */
  readonly share: number;
  /** share x mean weight x z: about what the feature adds to the mean decision value, above 0 towards the event; null where no fold model is linear. */
  readonly part: number | null;
}

/**
 * The features of a model that a patient differs in, those that move the decision most first.
 *
 * For linear fold models the parts add up to about the patient's mean decision value less the average internal patient's: each fold model scales by its own training part,
 * here the whole internal cohort scales. Features of no linear fold model come last, by share x |z|.
 *
 * @returns an empty list where the study's table is not at hand, or the patient is not in the model
 */
export async function driversOf(finished: FinishedStudy, model: string, patient: string): Promise<Driver[]> {
  const { loaded, study } = finished;
  if (!loaded) return [];
  const task = modelTask(
    study,
    loaded.cohort,
    study.models.find((m) => m.name === model)!,
    await readBlocks(finished, model),
  );
  const width = task.names.length;
  const rows = [task.internal, ...(task.external ? [task.external] : [])];
  const own = rows.flatMap(({ ids, values }) => {
    const row = ids.indexOf(patient);
    return row < 0 ? [] : [values.slice(row * width, (row + 1) * width)];
  })[0];
  if (!own) return [];
  return (finished.roles[model] ?? [])
    .flatMap(({ feature, share, weight }): Driver[] => {
      const j = task.names.indexOf(feature);
      const value = own[j];
      if (value === undefined || Number.isNaN(value)) return [];
      const column = Float64Array.from(task.internal.ids, (_, i) => task.internal.values[i * width + j]!).filter((x) => !Number.isNaN(x));
      const { centre, spread } = fitScaler(column, 1);
      const z = spread[0]! > 0 ? (value - centre[0]!) / spread[0]! : 0;
      return [{ feature, value, z, share, part: weight === null ? null : share * weight * z }];
    })
    .toSorted((a, b) => known(b) - known(a) || size(b) - size(a) || (a.feature < b.feature ? -1 : 1));
}

const known = ({ part }: Driver) => Number(part !== null);
const size = ({ part, share, z }: Driver) => Math.abs(part ?? share * z);
