import { describe, expect, it } from "vitest";
import { readCohort } from "../study/cohort.ts";
import { parseStudy } from "../study/config.ts";
import { demoRoster } from "./roster.ts";
import { demoStudy } from "./study-file.ts";
import { demoTable } from "./table.ts";

describe("the demo's study (synthetic)", () => {
  const settings = { seed: 3, patients: 74, signal: 1 };
  const text = demoStudy(settings);
  const study = parseStudy(text, "study.yaml");

  it("declares the method's ten models and says SYNTHETIC in its name", () => {
    expect(study.models.map((m) => m.name)).toEqual([
      "Radiomics-A",
      "Radiomics-V",
      "Radiomics-A&V",
      "DLR-A",
      "DLR-V",
      "DLR-A&V",
      "CT findings",
      "DLR-A + s",
      "DLR-A + sa",
      "DLR-A + sag",
    ]);
    expect(study.name).toContain("SYNTHETIC");
    expect(study.report?.primaryModel).toBe("DLR-A");
  });

  it("finds every column it names in the table, and the paper's recurrences", () => {
    const table = { file: "cohort.csv", folder: ".", text: demoTable(settings, demoRoster(settings), "nifti") };
    const { patients } = readCohort(study, table, null);
    const events = (cohort: string) => patients.filter((p) => p.cohort === cohort && p.outcome).length;
    expect([patients.length, events("internal"), events("external")]).toEqual([74, 10, 9]);
  });
});
