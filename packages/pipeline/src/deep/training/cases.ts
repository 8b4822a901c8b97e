// The table of a training or an evaluation: one scan a row, with the mask of its tumour.
import { ConfigError } from "../../errors.ts";
import { numberIn, readCsv, requireColumn } from "../../intake/csv.ts";

/** One row: paths as written in the table. */
export interface CaseRow {
  readonly patient: string;
  /** Empty where the table has no such column. */
  readonly phase: string;
  readonly image: string;
  readonly mask: string;
  /** Of a label map; null for every voxel that is not 0. */
  readonly label: number | null;
  /** A rough annotation, or a mask whose bounding box serves; null where a reader is simulated. */
  readonly rough: string | null;
}

/**
 * Reads the columns patient_id, image and mask, and where there are such rough, phase and label.
 *
 * A patient may have several rows of different phases.
 *
 * @param file  what messages call the table
 * @throws ConfigError naming row and column of an empty cell, or of a patient and phase that occur twice
 */
export function readCaseRows(text: string, file: string): CaseRow[] {
  const { columns, rows } = readCsv(text, file);
  for (const name of ["patient_id", "image", "mask"]) requireColumn(columns, name, file);
  const seen = new Map<string, number>();
  return rows.map(({ line, cells }) => {
    const where = (column: string) => `${file}, row ${line}, column ${column}`;
    for (const name of ["patient_id", "image", "mask"])
      if (!cells[name]) throw new ConfigError(where(name), "is empty; every case needs one");
    const [patient, phase] = [cells["patient_id"]!, cells["phase"] ?? ""];
    if (/[\\/\0]|^\.+$/.test(patient + phase))
      throw new ConfigError(where("patient_id"), `"${patient}" cannot name a file; use letters, digits, "-" and "_"`);
    const key = JSON.stringify([patient, phase]);
    const before = seen.get(key);
    if (before !== undefined) {
      throw new ConfigError(
        where("patient_id"),
        `patient ${patient}${phase && `, phase ${phase},`} is already in row ${before}; several scans of a patient need different phases`,
      );
    }
    seen.set(key, line);
    return {
      patient,
      phase,
      image: cells["image"]!,
      mask: cells["mask"]!,
      label: cells["label"] ? numberIn(cells["label"], where("label")) : null,
      rough: cells["rough"] || null,
    };
  });
}

/** Every file and folder that the rows name, as written. */
export function pathsOf(rows: readonly CaseRow[]): string[] {
  return rows.flatMap(({ image, mask, rough }) => (rough === null ? [image, mask] : [image, mask, rough]));
}

/** A case's name in messages and of its files: the patient, and the phase where there is one. */
export function caseName({ patient, phase }: Pick<CaseRow, "patient" | "phase">): string {
  return phase ? `${patient}_${phase}` : patient;
}
