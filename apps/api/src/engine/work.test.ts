import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { ballCohort, ballStudy, ballTable } from "../../../../test/helpers/ball-cohort.ts";
import { caseAt } from "../store.ts";
import { work } from "./work.ts";

test("a study that is placed tells which cases its tables name, so that they stay as long as it does", async () => {
  const root = await mkdtemp(join(tmpdir(), "islet-place-"));
  onTestFinished(() => rm(root, { recursive: true }));
  const casesFolder = join(root, "cases");
  const patients = ballCohort(4);
  const ids = new Map(patients.map(({ id }) => [id, randomUUID()]));
  for (const id of [...ids.values(), randomUUID()]) {
    await mkdir(join(casesFolder, id), { recursive: true });
    for (const file of Object.values(caseAt(casesFolder, id))) await writeFile(file as string, "");
  }
  const placed = await work(
    "place",
    {
      study: ballStudy({ image: "scan", mask: "scan", rough: "scan" }, ["hand"]),
      tables: { "cohort.csv": ballTable(patients, ({ id }) => ({ scan: ids.get(id)! })) },
      folder: join(root, "jobs", "one"),
      casesFolder,
      modelsFolder: join(root, "models"),
      cache: join(root, "cache"),
    },
    () => {},
  );
  expect(placed.uses.toSorted()).toEqual([...ids.values()].toSorted());
});
