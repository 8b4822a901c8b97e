// Who trains and who validates: by patient, never by slice.
import { ConfigError } from "../../errors.ts";
import { randomFor, shuffled } from "../../random.ts";

/** Two groups of patients, each in the alphabet's order. */
export interface PatientSplit {
  readonly training: readonly string[];
  readonly validation: readonly string[];
}

/**
 * A random split of patients; neither the order nor the repetitions of the ids matter.
 *
 * @param share  of the patients that validate: round(share * n), at least 1 and at most n - 1
 * @param table  what messages call the table they come from
 * @throws ConfigError where there are fewer than 2 patients
 */
export function splitPatients(ids: readonly string[], share: number, seed: number, table: string): PatientSplit {
  const patients = [...new Set(ids)].sort();
  if (patients.length < 2) {
    throw new ConfigError(
      table,
      `column patient_id: training needs at least 2 patients whose scans can be used, one of them for validation; there ${patients.length === 1 ? "is 1" : "are none"}`,
    );
  }
  const held = Math.min(patients.length - 1, Math.max(1, Math.round(share * patients.length)));
  const order = shuffled(randomFor(seed, "split"), patients);
  return { training: order.slice(held).sort(), validation: order.slice(0, held).sort() };
}
