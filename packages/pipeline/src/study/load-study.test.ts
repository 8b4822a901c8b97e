import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { loadStudy, missingFiles } from "./run.node.ts";

let folder: string;
let study: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-load-"));
  study = join(folder, "study.yaml");
  await mkdir(join(folder, "tables"));
  await writeFile(
    study,
    `name: t
seed: 1
cohorts: { internal: { table: tables/cohort.csv } }
outcome: { event: event }
phases: { ct: { image: scan, mask: mask, window: { level: 50, width: 400 } } }
models: [{ name: R, features: [radiomics.ct] }]
`,
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));
const table = (...rows: string[]) => writeFile(join(folder, "tables/cohort.csv"), `patient_id,event,scan,mask\n${rows.join("\n")}\n`);

it("a fault of a study's table names the table from where the command runs, however the study was named", async () => {
  await table("A,2,a.nii,m.nii", "B,1,b.nii,m.nii");
  for (const file of [study, relative(process.cwd(), study)])
    await expect(loadStudy(file)).rejects.toThrow(
      `${join(file, "..", "tables/cohort.csv")}, row 2, column event: expected 0 or 1; got "2"`,
    );
  await rm(join(folder, "tables/cohort.csv"));
  await expect(loadStudy(study)).rejects.toThrow(`${join(folder, "tables/cohort.csv")}: does not exist`);
});

it("a file that a table names by its whole path is not missing where it is there", async () => {
  await writeFile(join(folder, "b.nii"), "");
  await table(`A,0,${join(folder, "a.nii")},../b.nii`, `B,1,${join(folder, "b.nii")},../b.nii`);
  expect(await missingFiles(await loadStudy(study))).toEqual([
    `patient A, column scan: ${join(folder, "a.nii")} does not exist or cannot be read`,
  ]);
});
