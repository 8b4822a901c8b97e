import { beforeAll, describe, expect, it } from "vitest";
import { studyResults, type StudyFixture } from "../../../../../test/helpers/study-results.ts";
import type { TrainingRecord } from "../../deep/training/record.ts";
import type { CaseResult } from "../case.ts";
import { caseId } from "../features.ts";
import type { GuardInput } from "./finding.ts";
import { studyGuards } from "./study-guards.ts";

let fixture: StudyFixture;
let clean: GuardInput;
beforeAll(async () => {
  fixture = await studyResults({ only: ["DLR-A", "CT findings"] });
  const results = new Map(
    fixture.cohort.patients.flatMap(({ id }, i) =>
      ["arterial", "venous"].map((phase) => [caseId(id, phase), scanned([1, 0.7, 0.7], `${i}${phase}`)] as const),
    ),
  );
  const inputs = fixture.cohort.patients.map(({ id }) => ({
    patient: id,
    phase: "arterial",
    role: "image" as const,
    sha256: `hash of ${id}`,
  }));
  clean = { ...fixture, failures: [], results, inputs, training: recordOf(["elsewhere"]), isSeeded: false };
});

const scanned = (spacing: readonly [number, number, number], fingerprint: string): CaseResult => ({
  scan: { shape: [10, 10, 10], spacing, values: [-1000, 1500], modality: "CT", fingerprint },
  warnings: [],
});
const recordOf = (images: readonly string[]) =>
  ({ cases: images.map((image) => ({ patient: "T", phase: "", slices: 1, sha256: { image, mask: "m" } })) }) as unknown as TrainingRecord;
const ids = (input: GuardInput) => studyGuards(input).map(({ id }) => id);
const found = (input: GuardInput, id: string) => studyGuards(input).find((finding) => finding.id === id);

describe("the guards of a study", () => {
  it("say of a clean study only what its size and follow-up say", () => {
    expect(ids(clean)).toEqual(["cohort-and-outcome", "events-per-feature", "early-censoring"]);
    expect(studyGuards(clean).every(({ level }) => level === "note")).toBe(true);
  });

  it("warn of the same file under two patients, and say when it joins the cohorts", () => {
    const twice = (other: string) => ({
      ...clean,
      inputs: clean.inputs.map((input) => (input.patient === other ? { ...input, sha256: "hash of P_01" } : input)),
    });
    expect(found(twice("P_02"), "duplicate-scans")).toMatchObject({ level: "warning", found: "Patients P_01, P_02 have the same scan." });
    expect(found(twice("P_02"), "duplicate-scans")!.consequence).toContain("held-out part");
    expect(found(twice("P_60"), "duplicate-scans")!.consequence).toContain("not external");
  });

  it("note phases whose slices are not like those that the network was trained on", () => {
    const study = { ...clean.study, models: clean.study.models.filter(({ name }) => name === "DLR-A") };
    const { preprocess, deep, phases } = study;
    const settings = { preprocess: { ...preprocess, window: phases["arterial"]!.window! }, inputSize: deep.inputSize };
    const trained = (other: object) => ({ ...recordOf(["elsewhere"]), settings: { ...settings, ...other } }) as unknown as TrainingRecord;
    expect(ids({ ...clean, study, training: trained({}) })).not.toContain("network-elsewhere");
    expect(found({ ...clean, study, training: trained({ inputSize: 64 }) }, "network-elsewhere")!.found).toMatch(
      /^deep\.arterial: .*64 pixels/,
    );
  });

  it("warn of the same voxels in different files", () => {
    const results = new Map(clean.results);
    results.set(caseId("P_03", "venous"), scanned([1, 0.7, 0.7], "same"));
    results.set(caseId("P_04", "venous"), scanned([1, 0.7, 0.7], "same"));
    expect(found({ ...clean, results }, "duplicate-scans")!.found).toContain("P_03, P_04");
  });

  it("warn when the network was trained on patients of the study, by their files' hashes", () => {
    const training = recordOf(["hash of P_01", "hash of P_57", "elsewhere"]);
    expect(found({ ...clean, training }, "trained-on-evaluated")!.found).toContain("2 of 74 patients (1 of them external)");
  });

  it("warn of a variable that parts the outcomes without exception, number or category", () => {
    const patients = fixture.cohort.patients.map((p) => ({
      ...p,
      variables: { ...p.variables, age: String(p.outcome ? 80 : 40), shape: p.outcome ? "bad" : "good" },
    }));
    const findings = studyGuards({ ...clean, cohort: { ...fixture.cohort, patients } }).filter(({ id }) => id === "outcome-derived");
    expect(findings.map((finding) => /"(.*?)"/.exec(finding.found)![1])).toEqual(["age", "shape"]);
  });

  it("warn when the slices' distance goes with the outcome", () => {
    const results = new Map(
      fixture.cohort.patients.map(
        ({ id, outcome }, i) => [caseId(id, "arterial"), scanned([outcome ? 5 : 1, 0.7, 0.7], String(i))] as const,
      ),
    );
    expect(found({ ...clean, results }, "scanner-and-outcome")).toMatchObject({ level: "warning" });
  });

  it("warn of a held-out part without events", () => {
    const [model] = fixture.models;
    const { crossValidation } = model!.result;
    const predictions = crossValidation.predictions.map((q) => (q.outcome === 1 && q.fold === 3 ? { ...q, fold: 4 } : q));
    const changed = { ...model!, result: { ...model!.result, crossValidation: { ...crossValidation, predictions } } };
    expect(found({ ...clean, models: [changed] }, "fold-without-events")!.found).toContain("1 of the 10 held-out parts of DLR-A");
  });

  it("note a network from a seed, and one that says nothing of its training", () => {
    expect(found({ ...clean, isSeeded: true, training: null }, "untrained-network")!.found).toContain("seen no image");
    expect(found({ ...clean, training: null }, "untrained-network")!.found).toContain("do not say");
    expect(ids({ ...clean, training: undefined })).not.toContain("untrained-network");
  });

  it("note missing values of the variables that models use, and of no others", () => {
    const patients = fixture.cohort.patients.map((p, i) => ({
      ...p,
      variables: { ...p.variables, symptom: i < 4 ? "" : p.variables["symptom"]! },
    }));
    expect(found({ ...clean, cohort: { ...fixture.cohort, patients } }, "missing-values")!.found).toContain("symptom of 4 patients");
  });

  describe("on features from tables", () => {
    const block = (values: (id: string, outcome: 0 | 1, j: number) => number) => {
      const columns = ["features_t_a", "features_t_b", "features_t_c"];
      const rows = new Map(fixture.cohort.patients.map(({ id, outcome }) => [id, columns.map((_, j) => values(id, outcome, j))]));
      return new Map([["features.t", { name: "features.t", columns, rows, undefinedFeatures: [] }]]);
    };
    const number = (id: string) => Number(id.slice(2));

    it("say which guards had no scans to look at, and nothing more of a clean table", () => {
      const input = { ...clean, blocks: block((id, _, j) => (number(id) * 37 + j * 11) % 1009) };
      expect(ids(input).filter((id) => id !== "cohort-and-outcome" && id !== "events-per-feature" && id !== "early-censoring")).toEqual([
        "tables-not-scans",
      ]);
    });

    it("warn of two patients with one row", () => {
      const same = { ...clean, blocks: block((id, _, j) => (id === "P_60" ? 2 : number(id)) + j) };
      expect(found(same, "duplicate-features")).toMatchObject({
        level: "warning",
        found: "Patients P_02, P_60 have the same row in features.t, to the last digit.",
      });
      expect(found(same, "duplicate-features")!.consequence).toContain("not external");
    });

    it("warn of a column that knows the outcome", () => {
      const leak = { ...clean, blocks: block((id, outcome, j) => (j === 1 && outcome ? 1000 : 0) + ((number(id) * 37 + j * 11) % 1009)) };
      expect(found(leak, "outcome-derived")!.found).toContain("In features.t, features_t_b parts");
    });
  });
});
