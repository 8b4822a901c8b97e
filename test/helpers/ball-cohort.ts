// A cohort small enough to be sent and computed in seconds: a bright ball on noise per patient, its mask, and a box around it. Synthetic.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { randomFor, randomNormal } from "../../packages/pipeline/src/random.ts";

/** One patient's files and outcome. */
export interface BallPatient {
  readonly id: string;
  readonly cohort: "internal" | "external";
  readonly event: 0 | 1;
  readonly image: Uint8Array;
  readonly mask: Uint8Array;
  readonly rough: Uint8Array;
}

const SHAPE = [14, 20, 24] as const;

/** Patients of whom every fourth has the event, with a larger and brighter ball; the last fifth is external. */
export function ballCohort(patients: number): BallPatient[] {
  return Array.from({ length: patients }, (_, i) => {
    const event = i % 4 === 0 ? 1 : 0;
    const random = randomFor(7, "ball", String(i));
    const radius = 4 + event + 0.6 * Math.tanh(randomNormal(random));
    const [nz, ny, nx] = SHAPE;
    const image = new Int16Array(nz * ny * nx);
    const mask = new Uint8Array(image.length);
    for (let k = 0; k < image.length; k++) {
      const [z, y, x] = [Math.floor(k / (ny * nx)), Math.floor(k / nx) % ny, k % nx];
      const inside = Math.hypot(z - 7, y - 10, x - 12) < radius;
      image[k] = Math.round(20 * randomNormal(random) + (inside ? 90 + 15 * event : 0));
      mask[k] = inside ? 1 : 0;
    }
    const [from, to] = [-radius, radius];
    const corners = (z: number) => [[12 + from, 10 + from, z], [12 + to, 10 + from, z], [12 + to, 10 + to, z], [12 + from, 10 + to, z]]; // prettier-ignore
    const slices = [
      { role: "top", corners: corners(7 + radius - 1) },
      { role: "largest", corners: corners(7) },
      { role: "bottom", corners: corners(7 - radius + 1) },
    ];
    const rough = { format: "islet-rough-roi/1", image: "ball", coordinateSystem: "LPS", unit: "mm", slices };
    return {
      id: `P${String(i).padStart(2, "0")}`,
      cohort: i >= patients * 0.8 ? "external" : "internal",
      event,
      image: metaImage("MET_SHORT", new Uint8Array(image.buffer)),
      mask: metaImage("MET_UCHAR", mask),
      rough: new TextEncoder().encode(JSON.stringify(rough)),
    };
  });
}

function metaImage(type: string, voxels: Uint8Array): Uint8Array {
  const [nz, ny, nx] = SHAPE;
  const header = `ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = False\nCompressedData = False\nTransformMatrix = 1 0 0 0 1 0 0 0 1\nOffset = 0 0 0\nElementSpacing = 1 1 1\nDimSize = ${nx} ${ny} ${nz}\nElementType = ${type}\nElementDataFile = LOCAL\n`;
  return new Uint8Array([...new TextEncoder().encode(header), ...voxels]);
}

/** The study of such a cohort: one phase whose columns are `columns`, and the models named. */
export function ballStudy(
  columns: { readonly image: string; readonly mask: string; readonly rough: string },
  models: readonly ("hand" | "deep")[],
): string {
  const features = { hand: "radiomics.portal", deep: "deep.portal" };
  return JSON.stringify({
    name: "balls (synthetic)",
    seed: 1,
    cohorts: { internal: { table: "cohort.csv" }, external: { table: "cohort.csv" } },
    outcome: { event: "event" },
    phases: { portal: { ...columns, window: { level: 50, width: 300 } } },
    deep: { weights: { init: "seeded", baseWidth: 2, seed: 1 }, inputSize: 32 },
    models: models.map((name) => ({ name, features: [features[name]] })),
    report: { primaryModel: models.at(-1) },
  });
}

/** The cohort's table with what `cells` gives for each patient in further columns. */
export function ballTable(cohort: readonly BallPatient[], cells: (patient: BallPatient) => Readonly<Record<string, string>>): string {
  const names = Object.keys(cells(cohort[0]!));
  const rows = cohort.map((patient) => [patient.id, patient.cohort, patient.event, ...names.map((name) => cells(patient)[name])]);
  return [["patient_id", "cohort", "event", ...names], ...rows].map((row) => row.join(",")).join("\n");
}

/** The cohort as files with a study of them, for the terminal; gives the study's path. */
export async function writeBallStudy(
  folder: string,
  cohort: readonly BallPatient[],
  models: readonly ("hand" | "deep")[],
): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const { id, image, mask, rough } of cohort) {
    await writeFile(join(folder, `${id}.mha`), image);
    await writeFile(join(folder, `${id}-mask.mha`), mask);
    await writeFile(join(folder, `${id}-rough.json`), rough);
  }
  const cells = ({ id }: BallPatient) => ({ scan: `${id}.mha`, mask: `${id}-mask.mha`, rough: `${id}-rough.json` });
  await writeFile(join(folder, "cohort.csv"), ballTable(cohort, cells));
  const file = join(folder, "study.yaml");
  await writeFile(file, ballStudy({ image: "scan", mask: "mask", rough: "rough" }, models));
  return file;
}

/** Sends a patient's files to a service; gives the case's id. */
export async function sendBall(url: string, { image, mask, rough }: BallPatient, headers: Record<string, string> = {}): Promise<string> {
  const form = new FormData();
  for (const [field, bytes] of Object.entries({ image, mask, rough }))
    form.append(field, new Blob([bytes as Uint8Array<ArrayBuffer>]), "Doe^Jane");
  form.append("phase", "portal");
  const answer = await fetch(`${url}/v1/cases`, { method: "POST", body: form, headers });
  if (answer.status !== 201) throw new Error(`${answer.status}: ${await answer.text()}`);
  return ((await answer.json()) as { id: string }).id;
}
