import { loadCore, type Core } from "@islet/core-wasm";
import { beforeAll, describe, expect, it } from "vitest";
import { bundleFixture, type BundleFixture } from "../../../../test/helpers/bundle.ts";
import type { Tuning } from "../deep/tuning.ts";
import { openBundle, type Bundle } from "../study/bundle/bundle.ts";
import { sha256 } from "../host/cache.ts";
import type { CaseResult } from "../study/case.ts";
import { caseId } from "../study/features.ts";
import { weightsOfBundle } from "./engine.ts";
import { planScore, setAside, type PatientInputs, type PhaseInputs } from "./inputs.ts";
import { scoreOf, type Score, type ScorePlace } from "./score.ts";

let core: Core;
let clinical: BundleFixture;
let bundle: Bundle;
let place: ScorePlace;
beforeAll(async () => {
  core = await loadCore();
  place = { backend: "wasm", simd: core.build, device: "test", tuning: null };
  clinical = await bundleFixture("DLR-A + sag");
  bundle = await openBundle(clinical.bytes);
});

const variablesOf = ({ cohort }: BundleFixture, id: string) => {
  const { age, sex, symptom } = cohort.patients.find((p) => p.id === id)!.variables;
  return { age: age!, sex: sex!, symptom: symptom! };
};
const resultsOf = ({ cases }: BundleFixture, id: string, phases = ["arterial"]) =>
  new Map(phases.map((phase) => [phase, cases.get(caseId(id, phase))!]));
const arterial: PhaseInputs = { image: "ct.nii.gz", rough: "rough.json" };

function scoreClinical(
  id: string,
  change: (result: CaseResult) => CaseResult = (result) => result,
  inputs: Partial<PatientInputs> = {},
): Score {
  const results = new Map([...resultsOf(clinical, id)].map(([phase, result]) => [phase, change(result)]));
  return scoreOf(core, bundle, { phases: { arterial }, variables: variablesOf(clinical, id), ...inputs }, results, place);
}

describe("a patient's score", () => {
  it.each([
    ["DLR-A + sag", ["arterial"]],
    ["Radiomics-A&V", ["arterial", "venous"]],
    ["CT findings", []],
  ])("of %s is the study's own external risk to the last digit, for each of 18 patients", async (model, phases) => {
    const fixture = await bundleFixture(model);
    const opened = await openBundle(fixture.bytes);
    const { task, result } = fixture.models[0]!;
    for (const [i, id] of task.external!.ids.entries()) {
      const all = fixture.cohort.patients.find((p) => p.id === id)!.variables;
      const variables = Object.fromEntries(opened.model.variables.map(({ name }) => [name, all[name]!]));
      const score = scoreOf(core, opened, { phases: {}, variables }, resultsOf(fixture, id, phases), place);
      expect(score.risk).toBe(result.externalRisk![i]);
      expect(score.group).toBe(score.risk >= result.crossValidation.threshold ? "high" : "low");
    }
  });

  it("says its percentile among the out-of-fold risks, counted by hand", () => {
    const risks = clinical.models[0]!.result.crossValidation.predictions.map(({ risk }) => risk);
    const { risk, percentile, percentileAmong } = scoreClinical("P_60");
    expect(percentile).toBe((100 * risks.filter((one) => one < risk).length) / 56);
    expect(percentileAmong).toBe("out-of-fold risks of the 56 internal patients");
  });

  it("finds a training patient as its own nearest neighbour, at no distance but the rounding of z-scores, with the outcome and the out-of-fold risk", () => {
    const { outcome, risk } = clinical.models[0]!.result.crossValidation.predictions.find(({ id }) => id === "P_12")!;
    const [nearest, next] = scoreClinical("P_12").neighbours;
    expect(nearest!.distance).toBeLessThan(1e-4);
    expect({ outcome: nearest!.outcome, risk: nearest!.risk }).toEqual({ outcome, risk });
    expect(next!.distance).toBeGreaterThan(0.1);
  });

  it("is taken apart so that baseline and parts add up to the risk, and the parts of a group to the group's", () => {
    for (const id of ["P_58", "P_61", "P_70"]) {
      const { risk, contributions } = scoreClinical(id);
      const { baseline, unexplained, features, groups } = contributions;
      expect(baseline + features.reduce((sum, { contribution }) => sum + contribution, 0) + unexplained).toBeCloseTo(risk, 12);
      expect(Math.abs(unexplained)).toBeLessThan(1e-6);
      expect(groups.map(({ of }) => of).toSorted()).toEqual(["age", "deep.arterial", "sex", "symptom"]);
      for (const { of, contribution } of groups) {
        expect(contribution).toBeCloseTo(
          features.filter((one) => one.of === of).reduce((sum, one) => sum + one.contribution, 0),
          12,
        );
      }
    }
  });

  it("carries 'Research use only', and that the data were synthetic", () => {
    expect(scoreClinical("P_60").notice).toMatch(/^Research use only.*SYNTHETIC/);
    expect(JSON.parse(JSON.stringify(scoreClinical("P_60")))).toEqual(scoreClinical("P_60"));
  });
});

/** What is said besides that the patient is one whom the model has seen. */
const exceptSeen = (warnings: readonly string[]) => warnings.filter((warning) => !warning.includes("those of a training patient"));

describe("a patient unlike the training patients", () => {
  it("is not warned of where it is one of them; that it is one of them is said", () => {
    expect(scoreClinical("P_12").warnings).toEqual([expect.stringContaining("those of a training patient")]);
    expect(scoreClinical("P_60").warnings.join()).not.toContain("those of a training patient");
  });

  it("is warned of by its distance and by each feature that is far out", () => {
    const used = bundle.reference.features.filter(({ of }) => of === "deep.arterial").map(({ name }) => Number(name.split("_")[2]));
    const shifted = scoreClinical("P_12", (result) => ({
      ...result,
      deep: { ...result.deep!, features: result.deep!.features.map((v, i) => (used.includes(i) ? v + 40 : v)) },
    }));
    expect(shifted.shift.percentile).toBe(100);
    expect(shifted.shift.features).toHaveLength(used.length);
    expect(shifted.warnings.join("\n")).toMatch(/unlike the training patients: .* further than 100% of them from theirs/);
    expect(shifted.warnings.join("\n")).toContain("far outside the training patients'");
  });

  it.each([
    [
      "slices twice as far apart",
      { spacing: [10, 0.65, 0.65] },
      "arterial: the slices are 10 mm apart, those of the training scans 1 to 5 mm",
    ],
    ["wider pixels", { spacing: [1, 1.5, 1.5] }, "arterial: the pixels are 1.5 mm wide, those of the training scans 0.6 to 0.66 mm"],
    ["an MR", { modality: "MR" }, "arterial: the scan is MR, the training scans are CT; the risk means nothing"],
    ["an MR without a header", { modality: null, values: [0, 900] }, "arterial: no voxel is below 0"],
    ["a scan of little numbers", { values: [-30, -26] }, "arterial: every voxel is below the model's window (-25 HU)"],
  ])("is warned of for %s", (_what, scan, sentence) => {
    const { warnings } = scoreClinical("P_12", (result) => ({ ...result, scan: { ...result.scan, ...scan } as CaseResult["scan"] }));
    expect(exceptSeen(warnings)).toEqual([expect.stringContaining(sentence)]);
  });

  it("is told of another backend and another build, whose last digits may differ", () => {
    const results = resultsOf(clinical, "P_12");
    const inputs = { phases: { arterial }, variables: variablesOf(clinical, "P_12") };
    const simd = core.build === "relaxed" ? "simd" : "relaxed";
    const { warnings } = scoreOf(core, bundle, inputs, results, { backend: "webgpu", simd, device: "test", tuning: null });
    expect(exceptSeen(warnings)).toHaveLength(2);
    expect(warnings.join(" ")).toMatch(/ran on wasm and this one on webgpu.*build; the risk's last digits may differ/);
  });
});

describe("the record of islet unet tune that a network ran with", () => {
  const tuning = { adapter: { vendor: "test" } } as unknown as Tuning;
  const scored = (of: Bundle, used: Tuning | null) =>
    scoreOf(core, of, { phases: { arterial }, variables: variablesOf(clinical, "P_60") }, resultsOf(clinical, "P_60"), {
      ...place,
      tuning: used,
    });
  const told = /ran with other kernels \(another record of islet unet tune, or none\)/;

  it("stands in the score's provenance, and is warned of where the study's was another", () => {
    const score = scored(bundle, tuning);
    expect(score.provenance.tuning).toEqual(tuning);
    expect(score.warnings.join()).toMatch(told);
  });

  it("is not warned of where it is the study's", () => {
    const same = { ...bundle, provenance: { ...bundle.provenance, tuning: structuredClone(tuning) } };
    expect(scored(same, tuning).warnings.join()).not.toMatch(told);
    expect(scored(bundle, null)).toMatchObject({
      provenance: { tuning: null },
      warnings: expect.not.arrayContaining([expect.stringMatching(told)]),
    });
  });
});

describe("what a bundle refuses", () => {
  const good: PatientInputs = { phases: { arterial }, variables: { age: "61", sex: "F", symptom: "no" } };
  const refused: [string, PatientInputs, RegExp][] = [
    ["a missing phase", { ...good, phases: {} }, /^phase arterial: the model "DLR-A \+ sag" needs its image/],
    [
      "an extra phase, with the nearest",
      { ...good, phases: { arterial, arteriel: arterial } },
      /no such phase; did you mean "arterial"\? \(its phases: arterial\)/,
    ],
    ["no rough annotation", { ...good, phases: { arterial: { image: "ct.nii.gz" } } }, /give a rough annotation/],
    [
      "another window",
      { ...good, phases: { arterial: { ...arterial, window: { level: 40, width: 400 } } } },
      /learnt with the window level 130, width 310 HU, not with level 40, width 400/,
    ],
    ["a missing value", { ...good, variables: { age: "61", sex: "F" } }, /^variable symptom: .*needs a value/],
    ["an empty value", { ...good, variables: { age: "", sex: "", symptom: "no" } }, /each of age, sex|each of sex, age/],
    [
      "an unknown level, with the levels",
      { ...good, variables: { age: "61", sex: "X", symptom: "no" } },
      /^variable sex: has the value "X".*\(levels: F, M\)/,
    ],
    ["words for a number", { ...good, variables: { age: "old", sex: "F", symptom: "no" } }, /^variable age: expected a number; got "old"/],
    ["an unknown variable, with the nearest", { ...good, variables: { ...good.variables, agee: "61" } }, /did you mean "age"\?/],
    ["a table that it does not know", { ...good, tables: { ct: {} } }, /^features ct: .*no such table/],
    ["a batch that it does not bring together", { ...good, batch: "GE" }, /^batch: the model does not/],
  ];
  it.each(refused)("%s", async (_what, inputs, sentence) => {
    await expect(planScore(bundle, inputs)).rejects.toThrow(sentence);
    await expect(planScore(bundle, inputs)).rejects.toMatchObject({ name: "ConfigError" });
  });

  it("nothing that fits", async () => {
    const [task] = await planScore(bundle, good);
    expect(task).toEqual({
      patient: "",
      phase: "arterial",
      image: "ct.nii.gz",
      rough: "rough.json",
      preprocess: { window: { level: 130, width: 310 }, spacing: 1, interpolation: "cubic", order: "resample-window" },
      inputSize: 256,
      seed: 1,
      wants: { deep: true },
    });
  });

  it("no mask that nothing looks at, but says that nothing does; one that serves as the annotation too is looked at", async () => {
    const more = { ...good, phases: { arterial: { ...arterial, mask: "mask.nii.gz" } } };
    expect(setAside(bundle.model, more)).toEqual({
      kept: good,
      notes: ['phase arterial: the mask was not looked at; the model "DLR-A + sag" has no hand-crafted features of this phase'],
    });
    const both = { ...good, phases: { arterial: { ...arterial, mask: "rough.json" } } };
    expect(setAside(bundle.model, both)).toEqual({ kept: good, notes: [] });
    const hand = await openBundle((await bundleFixture("Radiomics-A")).bytes);
    expect(setAside(hand.model, { phases: more.phases })).toEqual({
      kept: { phases: { arterial: { image: "ct.nii.gz", mask: "mask.nii.gz" } } },
      notes: ['phase arterial: the annotation was not looked at; the model "Radiomics-A" has no deep features of this phase'],
    });
  });

  it("a preset that this version computes by other settings", async () => {
    const hand = await openBundle((await bundleFixture("Radiomics-A")).bytes);
    const phases = hand.model.phases.map((phase) => ({ ...phase, radiomics: [{ preset: "song-2021", plan: "f".repeat(64) }] }));
    const changed = { ...hand, model: { ...hand.model, phases } };
    const inputs = { phases: { arterial: { image: "a", mask: "m" } } };
    await expect(planScore(hand, inputs)).resolves.toHaveLength(1);
    await expect(planScore(changed, inputs)).rejects.toThrow(/computed the preset "song-2021" by other settings than this version/);
  });

  it("a feature without a value, with its reason", async () => {
    const fixture = await bundleFixture("Radiomics-A");
    const hand = await openBundle(fixture.bytes);
    const [first] = hand.model.folds[0]!.features;
    const tag = first!.split("_")[2]!;
    const result = fixture.cases.get(caseId("P_60", "arterial"))!;
    const values = {
      features: { ...result.radiomics!["song-2021"]!.features, [tag]: null },
      reasons: { [tag]: "the region has no voxel" },
    };
    const results = new Map([["arterial", { ...result, radiomics: { "song-2021": values } }]]);
    expect(() => scoreOf(core, hand, { phases: {} }, results, place)).toThrow(`feature ${first}: has no value (the region has no voxel)`);
  });
});

describe("a bundle's network", () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const withNetwork = (source: NonNullable<Bundle["model"]["network"]>["source"], hash = "0".repeat(64)): Bundle => ({
    ...bundle,
    model: { ...bundle.model, network: { description: "U-Net", sha256: hash, source } },
  });

  it("is drawn from its seed, and then no file is taken", async () => {
    await expect(weightsOfBundle(bundle)).resolves.toEqual({ init: "seeded", baseWidth: 4, seed: 1 });
    await expect(weightsOfBundle(bundle, { file: "w.safetensors", bytes })).rejects.toThrow(
      /^w\.safetensors: .*from a seed; leave the weights out/,
    );
  });

  it("is asked for by name and hash where it is elsewhere, and another file is refused", async () => {
    const elsewhere = withNetwork({ kind: "elsewhere", file: "big.safetensors" });
    await expect(weightsOfBundle(elsewhere)).rejects.toThrow(/name it \(big\.safetensors, SHA-256 000000000000\.\.\.\) with --weights/);
    await expect(weightsOfBundle(elsewhere, { file: "w.safetensors", bytes })).rejects.toThrow(
      /^w\.safetensors: is not the network that the model learnt with/,
    );
    const given = { file: "w.safetensors", bytes };
    await expect(weightsOfBundle(withNetwork({ kind: "elsewhere", file: "big.safetensors" }, await sha256(bytes)), given)).resolves.toBe(
      given,
    );
  });
});
