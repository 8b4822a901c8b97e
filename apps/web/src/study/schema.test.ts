import { sketchTable } from "@islet/pipeline";
import { describe, expect, it } from "vitest";
import { choicesAt } from "./choices.ts";
import { blank, broadest, label, namedBranches, STUDY_SCHEMA, withKey, withValue, type SchemaNode } from "./schema.ts";

const at = (...keys: string[]) =>
  keys.reduce<SchemaNode>((node, key) => (node.properties?.[key] ?? (node.additionalProperties as SchemaNode))!, STUDY_SCHEMA);

describe("the form's reading of the study's schema", () => {
  it("writes what the schema takes in several ways in the broadest of them", () => {
    const table = at("features", "any");
    const whole = broadest(table, "t.csv");
    expect(whole.value).toEqual({ table: "t.csv" });
    expect(Object.keys(whole.node.properties!)).toEqual(["table", "patient", "ignore"]);
    expect(broadest(whole.node.properties!["table"]!, "t.csv").value).toEqual(["t.csv"]);
    expect(broadest(at("name"), "x")).toMatchObject({ value: "x", node: { type: "string" } });
  });

  it("tells branches apart by their constant, and begins with the first", () => {
    const classifier = at("learn", "classifier");
    expect(namedBranches(classifier)).toMatchObject({ key: "kind" });
    expect(blank(classifier)).toEqual({ kind: "svm" });
    expect(namedBranches(at("outcome"))).toBeNull();
  });

  it("begins a new entry with what the schema requires", () => {
    expect(blank(at("models").items!)).toEqual({ name: "" });
    expect(blank(at("clinical", "any"))).toEqual({ column: "" });
  });

  it("changes one place of a study and leaves the study it began with", () => {
    const draft = { name: "s", models: [{ name: "a" }, { name: "b" }] };
    expect(withValue(draft, ["models", 1, "clinical"], ["age"])).toEqual({
      name: "s",
      models: [{ name: "a" }, { name: "b", clinical: ["age"] }],
    });
    expect(withValue(draft, ["models", 0], undefined)).toEqual({ name: "s", models: [{ name: "b" }] });
    expect(withValue(draft, ["name"], undefined)).toEqual({ models: draft.models });
    expect(withValue(undefined, ["learn", "folds"], 5)).toEqual({ learn: { folds: 5 } });
    expect(draft).toEqual({ name: "s", models: [{ name: "a" }, { name: "b" }] });
    expect(Object.keys(withKey({ a: 1, b: 2 }, "a", "c"))).toEqual(["c", "b"]);
  });

  it("names keys in words", () => {
    expect(["horizonMonths", "seed", "l1Ratio"].map(label)).toEqual(["Horizon months", "Seed", "L1 ratio"]);
  });
});

describe("choices of the form", () => {
  const tables = [
    sketchTable("id,y,months,sex\na,0,3,F\nb,1,5,M\nc,0,7,F\n", "cohort.csv"),
    sketchTable("pid,f\na,1.5\nb,2\nc,3\n", "f.csv"),
  ];
  const draft = {
    cohorts: { internal: { table: "cohort.csv" } },
    features: { t: { table: ["f.csv"] } },
    clinical: { sex: { column: "sex" } },
    models: [{ name: "T" }],
  };
  const values = (...path: (string | number)[]) => choicesAt(path, draft, tables)?.map(({ value }) => value);

  it("are the tables, their columns with the expected kind first, and what the study itself declares", () => {
    expect(values("cohorts", "internal", "table")).toEqual(["cohort.csv", "f.csv"]);
    expect(values("outcome", "event")![0]).toBe("y");
    expect(values("outcome", "time")![0]).toBe("months");
    expect(values("features", "t", "patient")).toEqual(["pid", "f"]);
    expect(values("models", 0, "features")).toEqual(["features.t"]);
    expect(values("models", 0, "clinical")).toEqual(["sex"]);
    expect(values("report", "primaryModel")).toEqual(["T"]);
    expect(values("name")).toBeUndefined();
  });
});
