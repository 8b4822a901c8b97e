// What a training decides before and between its steps: settings, split, rates, slices.
import { describe, expect, it } from "vitest";
import { AXIS_ALIGNED } from "../../volume.ts";
import { readCaseRows } from "./cases.ts";
import { drawEpoch, spread } from "./epoch.ts";
import type { LabelledCase } from "./labelled-case.ts";
import { learningRateAt } from "./schedule.ts";
import { trainingSettings, type TrainingSettings } from "./settings.ts";
import { splitPatients } from "./split.ts";

const preprocess = { window: { level: 40, width: 400 }, spacing: 1, interpolation: "cubic", order: "resample-window" } as const;

describe("the settings of a training", () => {
  it("are Adam at 1e-5 without augmentation unless something else is asked for", () => {
    expect(trainingSettings({ preprocess })).toMatchObject({
      optimiser: "adam",
      learningRate: 1e-5,
      augment: [],
      schedule: { kind: "constant" },
    });
    expect(trainingSettings({ preprocess, batch: 2, patience: undefined })).toMatchObject({ batch: 2, patience: null });
  });

  it.each<[Partial<TrainingSettings>, RegExp]>([
    [{ inputSize: 100 }, /input size: expected a multiple of 16 from 16 to 1024; got 100/],
    [{ batch: 0 }, /batch: expected a whole number, 1 or more; got 0/],
    [{ slicesPerPatient: 1.5 }, /slices per patient: expected a whole number/],
    [{ learningRate: 0 }, /learning rate: expected a number above 0 and below 1/],
    [{ validationShare: 1 }, /validation share/],
    [{ classWeights: [1, 0] }, /class weights: expected two positive numbers/],
    [{ loss: { kind: "dice", smooth: 0 } }, /loss: expected a smoothing constant of soft Dice above 0, such as 1; got 0/],
    [{ schedule: { kind: "step", every: 0, factor: 0.5 } }, /schedule: expected step:EPOCHS,FACTOR/],
  ])("are refused with a sentence: %j", (given, sentence) => {
    expect(() => trainingSettings({ preprocess, ...given })).toThrow(sentence);
  });
});

describe("the split", () => {
  const ids = Array.from({ length: 36 }, (_, i) => `P${String(i).padStart(2, "0")}`);

  it("holds a tenth of the patients back, at least one, and nobody on both sides", () => {
    const { training, validation } = splitPatients(ids, 0.1, 1, "cases.csv");
    expect([training.length, validation.length]).toEqual([32, 4]);
    expect([...training, ...validation].sort()).toEqual(ids);
    expect(splitPatients(["a", "b"], 0.1, 1, "cases.csv").validation).toHaveLength(1);
    expect(splitPatients(["a", "b"], 0.99, 1, "cases.csv").training).toHaveLength(1);
  });

  it("hangs on the seed, and not on the order of the rows or on a patient's number of scans", () => {
    const first = splitPatients(ids, 0.1, 1, "cases.csv");
    expect(splitPatients([...ids.toReversed(), ...ids], 0.1, 1, "cases.csv")).toEqual(first);
    expect(splitPatients(ids, 0.1, 2, "cases.csv")).not.toEqual(first);
  });

  it("needs two patients, and names the table that has not", () => {
    expect(() => splitPatients(["a", "a"], 0.1, 1, "cases.csv")).toThrow(
      /^cases\.csv: column patient_id: .*at least 2 patients.*there is 1/,
    );
    expect(() => splitPatients([], 0.1, 1, "cases.csv")).toThrow(/there are none/);
  });
});

describe("the learning rate", () => {
  it("stays, steps, or falls along a cosine from the first to a hundredth", () => {
    const rates = (schedule: Parameters<typeof learningRateAt>[0], epochs: number) =>
      Array.from({ length: epochs }, (_, epoch) => learningRateAt(schedule, 0.1, epoch, epochs));
    expect(rates({ kind: "constant" }, 3)).toEqual([0.1, 0.1, 0.1]);
    expect(rates({ kind: "step", every: 2, factor: 0.5 }, 5)).toEqual([0.1, 0.1, 0.05, 0.05, 0.025]);
    const cosine = rates({ kind: "cosine" }, 5);
    [0.1, 0.0855, 0.0505, 0.0155, 0.001].forEach((want, i) => expect(cosine[i]).toBeCloseTo(want, 4));
    expect(rates({ kind: "cosine" }, 1)).toEqual([0.1]);
  });
});

describe("an epoch's slices", () => {
  const one = (patient: string, slices: number): LabelledCase => ({
    patient,
    phase: "",
    roi: { shape: [slices, 2, 2], spacing: [1, 1, 1], origin: [0, 0, 0], direction: AXIS_ALIGNED, data: new Float32Array(slices * 4) },
    inside: new Float32Array(slices * 4),
  });
  const cases = [one("a", 5), one("b", 9), one("c", 2)];
  const settings = { seed: 1, batch: 4, slicesPerPatient: null, augment: [] } as const;
  const namesOf = (batches: ReturnType<typeof drawEpoch>) => batches.flat().map(({ case: { patient }, z }) => `${patient}${z}`);

  it("are all of them, each once, in batches, in an order of the epoch's own", () => {
    const batches = drawEpoch(cases, 1, settings);
    expect(batches.map(({ length }) => length)).toEqual([4, 4, 4, 4]);
    expect(new Set(namesOf(batches)).size).toBe(16);
    expect(namesOf(drawEpoch(cases, 1, settings))).toEqual(namesOf(batches));
    expect(namesOf(drawEpoch(cases, 2, settings))).not.toEqual(namesOf(batches));
  });

  it("are drawn without replacement where fewer are asked for, and another patient's do not change them", () => {
    const drawn = drawEpoch(cases, 3, { ...settings, slicesPerPatient: 3 });
    const names = namesOf(drawn);
    expect(names).toHaveLength(3 + 3 + 2);
    expect(new Set(names).size).toBe(8);
    const without = namesOf(drawEpoch(cases.slice(1), 3, { ...settings, slicesPerPatient: 3 }));
    expect(without.sort()).toEqual(names.filter((name) => !name.startsWith("a")).sort());
  });

  it("for validation lie evenly spread", () => {
    expect(spread(10, 3)).toEqual([1, 5, 8]);
    expect(spread(3, 10)).toEqual([0, 1, 2]);
  });
});

describe("the table of cases", () => {
  it("gives phase, label and rough annotation where there are such columns", () => {
    const rows = readCaseRows(
      "patient_id,image,mask,rough,phase,label\na,i.nii,m.nii,r.json,venous,2\na,j.nii,n.nii,,arterial,\n",
      "t.csv",
    );
    expect(rows).toEqual([
      { patient: "a", phase: "venous", image: "i.nii", mask: "m.nii", rough: "r.json", label: 2 },
      { patient: "a", phase: "arterial", image: "j.nii", mask: "n.nii", rough: null, label: null },
    ]);
    expect(readCaseRows("patient_id,image,mask\na,i,m\n", "t.csv")[0]).toMatchObject({ phase: "", rough: null, label: null });
  });

  it.each([
    ["patient_id,image,masks\na,i,m\n", /t\.csv: has no column "mask"; did you mean "masks"\?/],
    ["patient_id,image,mask\na,,m\n", /t\.csv, row 2, column image: is empty/],
    ["patient_id,image,mask\na,i,m\na,j,n\n", /row 3, column patient_id: patient a is already in row 2/],
    ["patient_id,image,mask,label\na,i,m,two\n", /row 2, column label: expected a number; got "two"/],
    ["patient_id,image,mask\n../a,i,m\n", /cannot name a file/],
  ])("is refused with row and column: %j", (text, sentence) => {
    expect(() => readCaseRows(text, "t.csv")).toThrow(sentence);
  });
});
