import { describe, expect, it } from "vitest";
import { tableStudyTables } from "../../../../test/helpers/table-study.ts";
import { proposeStudy, readStudyDraft, sketchTable, writeStudyDraft } from "./draft.ts";
import { openStudy } from "./load.ts";

const sketches = (tables: Readonly<Record<string, string>>) => Object.entries(tables).map(([file, text]) => sketchTable(text, file));

describe("a study that is being written", () => {
  it("knows columns by their cells: 0 and 1, numbers, categories, ids, nothing", () => {
    const rows = Array.from({ length: 10 }, (_, i) => `P${i},${i % 2},${i / 3},${i % 3 ? "a" : "b"},,${i === 0 ? "" : i * 2}`);
    const { columns } = sketchTable(["id,y,x,c,e,g", ...rows].join("\n"), "t.csv");
    expect(columns.map(({ name, kind, missing }) => [name, kind, missing])).toEqual([
      ["id", "id", 0],
      ["y", "outcome", 0],
      ["x", "number", 0],
      ["c", "category", 0],
      ["e", "empty", 10],
      ["g", "number", 1],
    ]);
  });

  it("is proposed from tables: the one with an outcome is the cohort's, the others hold features, with their own ids; it opens as it stands", async () => {
    const { "venous-out.csv": _, ...tables } = tableStudyTables();
    const draft = proposeStudy(sketches(tables));
    expect(draft).toMatchObject({
      cohorts: { internal: { table: "cohort.csv" } },
      columns: { patient: "patient_id", cohort: "cohort" },
      outcome: { event: "recurrence", time: "months" },
      features: { arterial: { table: "arterial.csv", patient: "ID" }, "venous-in": "venous-in.csv" },
      clinical: { age: { column: "age", kind: "number" } },
      report: { primaryModel: "Radiomics arterial" },
    });
    const opened = await openStudy(writeStudyDraft(draft), "study.yaml", async (file) => ({
      file,
      folder: "",
      text: tables[file as keyof typeof tables],
    }));
    expect(opened.study.models.map(({ name }) => name)).toEqual([
      "Radiomics arterial",
      "Radiomics venous-in",
      "Radiomics, all tables",
      "Clinical",
    ]);
  });

  it("takes no spreadsheet or picture for a table", () => {
    expect(() => sketchTable("PK\u0003\u0004rest", "t.xlsx")).toThrow(/^t\.xlsx: is a spreadsheet's own format.*save it as CSV/);
    expect(() => sketchTable("\u0089PNG\0\0", "photo.png")).toThrow(/^photo\.png: is not a text file; expected a table/);
  });

  it("comes back from YAML as it was", () => {
    const draft = proposeStudy(sketches(tableStudyTables()));
    expect(readStudyDraft(writeStudyDraft(draft), "study.yaml")).toEqual(draft);
    expect(() => readStudyDraft("a: [", "study.yaml")).toThrow(/^study\.yaml: is not valid YAML/);
    expect(() => readStudyDraft("- 1", "study.yaml")).toThrow(/expected keys and values/);
  });
});
