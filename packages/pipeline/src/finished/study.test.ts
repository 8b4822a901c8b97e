import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { studyResults, type StudyFixture } from "../../../../test/helpers/study-results.ts";
import { fitScaler } from "../learn/columns/scaler.ts";
import { riskGroupSurvival } from "../report/survival.ts";
import { studyTables } from "../report/tables.ts";
import { rocOf, survivalOf } from "./curves.ts";
import { driversOf } from "./drivers.node.ts";
import { readFinishedStudy, type FinishedStudy } from "./study.node.ts";
import { readStudyRecord } from "./study.ts";

const failures = [{ patient: "P_02", cohort: "internal", phase: "venous", reason: "v.nii.gz: is cut short" }] as const;

let folder: string;
let fixture: StudyFixture;
let finished: FinishedStudy;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-finished-"));
  const all = await studyResults({ only: ["Radiomics-A", "DLR-A", "DLR-A + sa"] });
  fixture = { ...all, study: { ...all.study, models: all.study.models.filter(({ name }) => all.models.some((m) => m.model === name)) } };
  const files = {
    ...studyTables({ ...fixture, failures }),
    "provenance.json": JSON.stringify({ study: fixture.study, backend: "wasm", finished: "2026-01-02T03:04:05.000Z" }),
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const read = await readFinishedStudy(folder, null);
  // The fixture has no file of its own: put its table where a study file would have brought it.
  const times = new Map(fixture.cohort.patients.map((p) => [p.id, p.timeMonths]));
  finished = {
    ...read,
    patients: read.patients.map((p) => ({ ...p, timeMonths: times.get(p.id)! })),
    loaded: { study: fixture.study, cohort: fixture.cohort, folder } as NonNullable<FinishedStudy["loaded"]>,
  };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("a finished study read from its folder", () => {
  it("has every patient with every model's risk, the models' rows, and who was left out", () => {
    expect(finished).toMatchObject({ isSynthetic: true, backend: "wasm", primary: "DLR-A" });
    const excluded = { patient: "P_75", cohort: "internal", phase: "", reason: fixture.cohort.excluded[0]!.reason };
    expect(finished.leftOut).toEqual([excluded, ...failures]);
    expect(finished.patients).toHaveLength(74);
    const [first] = fixture.models[1]!.result.crossValidation.predictions;
    expect(finished.patients.find(({ id }) => id === first!.id)!.risks["DLR-A"]).toBe(first!.risk);
    expect(finished.models.map(({ model, cohort }) => `${model} ${cohort}`)).toEqual(
      ["Radiomics-A", "DLR-A", "DLR-A + sa"].flatMap((model) => [`${model} internal`, `${model} external`]),
    );
  });

  it("says in a sentence that a folder holds none, and what is missing without the study's file", async () => {
    await expect(readFinishedStudy(join(folder, "tables"), null)).rejects.toThrow(/holds no finished study.*run the study first/);
    const { why, loaded, patients } = await readFinishedStudy(folder, join(folder, "gone.yaml"));
    expect({ loaded, time: patients[0]!.timeMonths }).toEqual({ loaded: null, time: null });
    expect(why).toContain("gone.yaml: does not exist");
  });

  it("says in a sentence that a table of models has lost its rows", async () => {
    const read = async (path: string) => {
      const text = await readFile(join(folder, path), "utf8");
      return path === "tables/models.csv" ? text.slice(0, text.indexOf("\n") + 1) : text;
    };
    await expect(readStudyRecord(read, "provenance.json", new Map())).rejects.toThrow(
      "tables/models.csv: has no model; run the study again",
    );
  });

  it("draws ROC curves whose area is the table's AUC, from corner to corner", () => {
    for (const row of finished.models) {
      const { auc, n, points } = rocOf(finished, row.model, row.cohort)!;
      expect(auc).toBeCloseTo(row.auc!, 12);
      expect(n).toBe(row.n);
      expect([points[0], points.at(-1)]).toEqual([
        [0, 0],
        [1, 1],
      ]);
      const area = points.slice(1).reduce((sum, [x, y], i) => sum + ((x - points[i]![0]) * (y + points[i]![1])) / 2, 0);
      expect(area).toBeCloseTo(auc, 12);
    }
    expect(rocOf({ patients: finished.patients.filter((p) => p.outcome) }, "DLR-A", "internal")).toBeNull();
  });

  it("draws the report's survival curves, and none without times", () => {
    const want = riskGroupSurvival({ ...fixture, failures: [] })!;
    const { groups, p, end } = survivalOf(finished, "DLR-A")!;
    expect(p).toBe(want.logRank!.p);
    expect(end).toBe(60);
    expect(groups.map(({ group, n, events }) => [group, n, events])).toEqual(
      want.groups.map(({ group, curve }) => [group, curve.n, curve.events]),
    );
    expect(groups[0]!.points.at(-1)).toEqual([want.groups[0]!.curve.time.at(-1), want.groups[0]!.curve.survival.at(-1)]);
    const timeless = { ...finished, patients: finished.patients.map((patient) => ({ ...patient, timeMonths: null })) };
    expect(survivalOf(timeless, "DLR-A")).toBeNull();
  });

  it("names the features that move a patient's decision, the largest part first, clinical variables among them", async () => {
    const drivers = await driversOf(finished, "DLR-A + sa", "P_07");
    // Features of no linear fold model come last.
    const linear = drivers.filter(({ part }) => part !== null).map(({ part }) => Math.abs(part!));
    expect(linear).toEqual(linear.toSorted((a, b) => b - a));
    expect(drivers.slice(linear.length).map(({ part }) => part)).toEqual(drivers.slice(linear.length).map(() => null));
    const { task } = fixture.models[2]!;
    const j = task.names.indexOf("age");
    const ages = Float64Array.from(task.internal.ids, (_, i) => task.internal.values[i * task.names.length + j]!);
    const { centre, spread } = fitScaler(ages, 1);
    const age = drivers.find(({ feature }) => feature === "age")!;
    const value = Number(fixture.cohort.patients.find(({ id }) => id === "P_07")!.variables["age"]);
    expect(age).toMatchObject({ value, z: (value - centre[0]!) / spread[0]!, share: 1 });
    const { weight } = finished.roles["DLR-A + sa"]!.find(({ feature }) => feature === "age")!;
    expect(age.part).toBe(weight! * age.z);
    expect(await driversOf(finished, "DLR-A", "nobody")).toEqual([]);
  });
});
