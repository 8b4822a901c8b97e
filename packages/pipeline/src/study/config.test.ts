import { describe, expect, it } from "vitest";
import { METHOD_SETTINGS } from "../learn/settings.ts";
import { parseStudy, studyJsonSchema } from "./config.ts";
import { studyTemplate } from "./template.ts";

const MINIMAL = `
name: s
seed: 1
cohorts: { internal: { table: t.csv } }
outcome: { event: y }
phases: { ct: { image: i, mask: m, window: { level: 50, width: 400 } } }
models: [{ name: R, features: [radiomics.ct] }]
`;
const refusal = (text: string) => {
  try {
    parseStudy(text, "study.yaml");
  } catch (error) {
    expect((error as Error).name).toBe("ConfigError");
    return (error as Error).message;
  }
  return expect.fail("the study was accepted");
};

describe("study file", () => {
  it("fills in the method's defaults", () => {
    const study = parseStudy(MINIMAL, "study.yaml");
    expect(study.preprocess).toEqual({ spacing: 1, interpolation: "cubic", order: "resample-window" });
    expect(study.deep).toEqual({ weights: { init: "seeded", baseWidth: 64, seed: 1 }, inputSize: 256 });
    expect(study.outcome).toEqual({ event: "y", horizonMonths: 60, early: "keep" });
    expect(study.learn.folds).toBe(10);
  });

  it("accepts its own template", () => {
    expect(parseStudy(studyTemplate(), "study.yaml").models).toHaveLength(2);
  });

  it("names an unknown key and the nearest known one, at any depth", () => {
    expect(refusal(`${MINIMAL}exclud: [a]`)).toMatch(/study\.yaml: unknown key "exclud"; did you mean "exclude"\?/);
    expect(refusal(MINIMAL.replace("level: 50", "levl: 50, level: 50"))).toMatch(
      /phases\.ct\.window: unknown key "levl"; did you mean "level"\?/,
    );
    expect(refusal(MINIMAL.replace("features:", "featurs: [], features:"))).toMatch(
      /models\.0: unknown key "featurs"; did you mean "features"\?/,
    );
  });

  it("refuses a model whose block names no phase, or a phase without what the block needs", () => {
    expect(refusal(MINIMAL.replace("radiomics.ct", "radiomics.mr"))).toMatch(/"radiomics\.mr" names no phase of this study/);
    expect(refusal(MINIMAL.replace("radiomics.ct", "deep.ct"))).toMatch(/"deep\.ct" needs phases\.ct\.rough/);
    expect(refusal(MINIMAL.replace("mask: m, ", ""))).toMatch(/"radiomics\.ct" needs phases\.ct\.mask/);
    expect(refusal(MINIMAL.replace("radiomics.ct", "pet.ct"))).toMatch(/expected deep\.PHASE or radiomics\.PHASE/);
  });

  it("refuses a phase with no window, or with both kinds", () => {
    expect(refusal(MINIMAL.replace(", window: { level: 50, width: 400 }", ""))).toMatch(/phases\.ct: needs window/);
    expect(refusal(MINIMAL.replace("mask: m,", "mask: m, percentiles: [1, 99],"))).toMatch(/either window or percentiles, not both/);
    expect(refusal(MINIMAL.replace("window: { level: 50, width: 400 }", "percentiles: [99, 1]"))).toMatch(/low < high/);
  });

  it("refuses two models of one name and an undeclared variable", () => {
    expect(refusal(MINIMAL.replace("models: [", "models: [{ name: R, features: [radiomics.ct] }, "))).toMatch(
      /another model has this name/,
    );
    expect(refusal(MINIMAL.replace("features: [radiomics.ct]", "features: [radiomics.ct], clinical: [age]"))).toMatch(
      /"age" is not declared under clinical/,
    );
  });

  it("takes a misspelt key for the news, not the right one that is missing", () => {
    expect(refusal(MINIMAL.replace("seed: 1", "sed: 1"))).toMatch(/unknown key "sed"; did you mean "seed"\?/);
  });

  it("takes every step of the learner by name, with the method's defaults", () => {
    expect(parseStudy(MINIMAL, "study.yaml").learn).toEqual(METHOD_SETTINGS);
    const { learn } = parseStudy(
      `${MINIMAL}
learn:
  repeats: 5
  impute: median
  harmonise: { batch: scanner }
  select: [{ step: univariate, adjust: benjamini-hochberg }, { step: correlation, threshold: 0.8 }, { step: mrmr, top: 5 }]
  classifier: { kind: logistic, penalty: elastic-net, l1Ratio: [0.2, 0.8] }
  threshold: { rule: sensitivity, atLeast: 0.95 }
  search: { kind: random }
`,
      "study.yaml",
    );
    expect(learn).toMatchObject({
      repeats: 5,
      harmonise: { method: "combat", batch: "scanner" },
      select: [{ step: "univariate", test: "auto", alpha: 0.05 }, { threshold: 0.8 }, { top: 5 }],
      classifier: { penalty: "elastic-net", l1Ratio: [0.2, 0.8] },
      search: { draws: 60 },
      innerFolds: 5,
    });
  });

  it("names an unknown key of a step, one of another kind of step, and a step that is not there", () => {
    const learn = (yaml: string) => refusal(`${MINIMAL}learn: ${yaml}`);
    expect(learn("{ repeat: 2 }")).toMatch(/learn: unknown key "repeat"; did you mean "repeats"\?/);
    expect(learn("{ select: [{ step: univariate, alfa: 0.1 }] }")).toMatch(/learn\.select\.0: unknown key "alfa"; did you mean "alpha"\?/);
    expect(learn("{ classifier: { kind: svm, penalty: l1 } }")).toMatch(/learn\.classifier: unknown key "penalty"/);
    expect(learn("{ classifier: { kind: forest } }")).toMatch(/learn\.classifier\.kind: .*svm.*logistic/);
    expect(learn("{ select: [{ step: anova }] }")).toMatch(/learn\.select\.0\.step: .*univariate.*lasso/);
    expect(learn("{ folds: 1 }")).toMatch(/learn\.folds: /);
  });

  it("says the line of broken YAML", () => {
    expect(refusal("name: s\nseed: [1\nx: 2\n")).toMatch(/study\.yaml, line \d: is not valid YAML/);
  });

  it("publishes a JSON Schema that knows every top-level key and says which are required", () => {
    const schema = studyJsonSchema() as { properties: object; required: string[] };
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(["name", "seed", "cohorts", "phases", "models", "deep"]));
    expect(schema.required.toSorted()).toEqual(["cohorts", "models", "name", "outcome", "seed"]);
  });
});
