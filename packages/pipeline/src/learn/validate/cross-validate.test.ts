import { decisionFunction, loadCore, trainSvm, type GridPoint } from "@islet/core-wasm";
import { beforeAll, describe, expect, it } from "vitest";
import { expectClose } from "../../../../../test/helpers/close.ts";
import { randomFor, randomNormal, shuffled } from "../../random.ts";
import { confusionAt, rocCurve } from "../../stats/prediction/roc.ts";
import { crossValidate, type CrossValidation } from "./cross-validate.ts";
import { predictEnsemble } from "../ensemble.ts";
import type { FeatureTable } from "../columns/feature-table.ts";
import { learnReport } from "./report.ts";
import { METHOD_SETTINGS } from "../settings.ts";

/** A grid of four points: what these tests claim does not depend on the grid's size. */
const SMALL_GRID: readonly GridPoint[] = [
  { kernel: { kind: "linear" }, C: 0.125 },
  { kernel: { kind: "linear" }, C: 8 },
  { kernel: { kind: "rbf", gamma: 0.03125 }, C: 2 },
  { kernel: { kind: "rbf", gamma: 0.5 }, C: 2 },
];

interface Cohort {
  table: FeatureTable;
  outcome: Uint8Array;
}

/** Patients with noise features and, where asked, one feature that tells the outcome. */
function cohort(
  seed: number,
  { patients, events, features, signal = 0 }: { patients: number; events: number; features: number; signal?: number },
): Cohort {
  const random = randomFor(seed, "cohort");
  const outcome = Uint8Array.from({ length: patients }, (_, i) => (i < events ? 1 : 0));
  const values = Float64Array.from(
    { length: patients * features },
    (_, k) => randomNormal(random) + (k % features === 0 ? signal * outcome[Math.floor(k / features)]! : 0),
  );
  return {
    table: {
      ids: Array.from({ length: patients }, (_, i) => `P${String(i).padStart(3, "0")}`),
      names: Array.from({ length: features }, (_, j) => `f${j}`),
      values,
    },
    outcome,
  };
}

/** The same patients in another order. */
function reordered({ table, outcome }: Cohort, order: readonly number[]): Cohort {
  const d = table.names.length;
  return {
    table: {
      ids: order.map((i) => table.ids[i]!),
      names: table.names,
      values: Float64Array.from(order.flatMap((i) => Array.from({ length: d }, (_, j) => table.values[i * d + j]!))),
    },
    outcome: Uint8Array.from(order, (i) => outcome[i]!),
  };
}

let core: Awaited<ReturnType<typeof loadCore>>;
beforeAll(async () => {
  core = await loadCore();
});
const validate = ({ table, outcome }: Cohort, options: Partial<Parameters<typeof crossValidate>[3]> = {}) =>
  crossValidate(core, table, outcome, { seed: 1, grid: SMALL_GRID, ...options });

describe("crossValidate", () => {
  it("finds a planted signal of four standard deviations with the method's whole grid: AUC above 0.9, the feature selected in every fold (seed 4)", () => {
    const planted = cohort(4, { patients: 40, events: 12, features: 30, signal: 4 });
    const result = crossValidate(core, planted.table, planted.outcome, { seed: 1 });
    expect(result.auc.value).toBeGreaterThan(0.9);
    expect(result.auc.p).toBeLessThan(0.001);
    for (const fold of result.folds) expect(fold.selected).toContain("f0");
  });

  it("predicts every patient once, in the fold that held the patient out, by rising id", () => {
    const { table, outcome } = cohort(5, { patients: 24, events: 7, features: 6 });
    const { predictions, folds, n, events } = validate({ table, outcome });
    expect([n, events, folds.length]).toEqual([24, 7, 7]);
    expect(predictions.map((p) => p.id)).toEqual(table.ids);
    expect(predictions.map((p) => p.outcome)).toEqual([...outcome]);
    for (const { risk } of predictions) expect(risk > 0 && risk < 1).toBe(true);
    for (const { fold, n: fitted } of folds) expect(fitted).toBe(24 - predictions.filter((p) => p.fold === fold).length);
  });

  it("predicts by a machine with balanced weights on z-scored training rows and Platt's sigmoid: the same risks, put together by hand", () => {
    const { table, outcome } = cohort(18, { patients: 24, events: 7, features: 6, signal: 1 });
    const { predictions, folds } = validate({ table, outcome });
    for (const { fold, features, params, platt } of folds) {
      const rowsOf = (isHeld: boolean) => predictions.flatMap((p, i) => ((p.fold === fold) === isHeld ? [i] : []));
      const [train, held] = [rowsOf(false), rowsOf(true)];
      const value = (i: number, name: string) => table.values[i * 6 + table.names.indexOf(name)]!;
      const zScore = (i: number, name: string) => {
        const known = train.map((row) => value(row, name));
        const mean = known.reduce((sum, v) => sum + v, 0) / known.length;
        return (value(i, name) - mean) / Math.sqrt(known.reduce((sum, v) => sum + (v - mean) ** 2, 0) / known.length);
      };
      const rows = (which: readonly number[]) => Float64Array.from(which.flatMap((i) => features.map((name) => zScore(i, name))));
      const y = Int8Array.from(train, (i) => (outcome[i] === 1 ? 1 : -1));
      const cases = y.filter((label) => label === 1).length;
      const classWeight = [y.length / (2 * (y.length - cases)), y.length / (2 * cases)] as const;
      const machine = trainSvm(core, rows(train), y, features.length, { ...(params as GridPoint), classWeight });
      const risk = decisionFunction(core, machine, rows(held)).map((f) => 1 / (1 + Math.exp(platt.a * f + platt.b)));
      expectClose(
        held.map((i) => predictions[i]!.risk),
        risk,
        { rtol: 1e-9 },
      );
    }
  });

  it("does not depend on the unit of a feature", () => {
    const data = cohort(19, { patients: 24, events: 7, features: 6, signal: 1 });
    const inOtherUnit = data.table.values.map((value, k) => (k % 6 === 0 ? 1024 * value : value));
    expect(validate({ ...data, table: { ...data.table, values: inOtherUnit } }).predictions).toEqual(validate(data).predictions);
  });

  it("gives a held-out patient no say in the fold that predicts the patient", () => {
    const data = cohort(6, { patients: 24, events: 7, features: 8 });
    const before = validate(data);
    const fold = before.predictions[3]!.fold!;
    const values = data.table.values.slice();
    values.fill(50, 3 * 8, 4 * 8);
    const after = validate({ ...data, table: { ...data.table, values } });
    expect(after.folds[fold]).toEqual(before.folds[fold]);
    expect(after.folds[(fold + 1) % 7]).not.toEqual(before.folds[(fold + 1) % 7]);
  });

  it("gives the same bytes for the same seed and other folds for another", () => {
    const data = cohort(7, { patients: 24, events: 7, features: 6 });
    expect(JSON.stringify(validate(data))).toBe(JSON.stringify(validate(data)));
    expect(validate(data, { seed: 2 }).predictions.map((p) => p.fold)).not.toEqual(validate(data).predictions.map((p) => p.fold));
  });

  it("does not depend on the order of the rows", () => {
    const data = cohort(8, { patients: 24, events: 7, features: 6 });
    const order = shuffled(
      randomFor(8, "order"),
      data.table.ids.map((_, i) => i),
    );
    expect(JSON.stringify(validate(reordered(data, order)))).toBe(JSON.stringify(validate(data)));
  });

  it("survives JSON: the revived fold models predict the same", () => {
    const data = cohort(9, { patients: 24, events: 7, features: 6, signal: 1 });
    const result = validate(data);
    const revived = JSON.parse(JSON.stringify(result)) as CrossValidation;
    expect(revived).toEqual(result);
    expect(predictEnsemble(core, revived.folds, data.table)).toEqual(predictEnsemble(core, result.folds, data.table));
  });

  it("pools the predictions into one curve, whose Youden threshold gives its rates", () => {
    const { outcome, table } = cohort(10, { patients: 30, events: 9, features: 6, signal: 1 });
    const result = validate({ outcome, table });
    const risk = result.predictions.map((p) => p.risk);
    expect(result.auc.value).toBe(rocCurve(outcome, risk).auc);
    expect(risk).toContain(result.threshold);
    const { accuracy, sensitivity, specificity } = confusionAt(result.threshold, outcome, risk);
    expect(result).toMatchObject({ accuracy, sensitivity, specificity });
    expect(result.roc.tpr.at(-1)).toBe(1);
  });

  it("adds the columns that are always in, after selection and untested", () => {
    const data = cohort(11, { patients: 24, events: 7, features: 6 });
    for (const { features, selected, candidates } of validate(data, { always: ["f4", "f2"] }).folds) {
      expect(features).toEqual([...selected, "f4", "f2"]);
      expect(selected).not.toContain("f4");
      expect(candidates).toBe(4);
    }
    for (const { features, selected, flags } of validate(data, { always: data.table.names }).folds) {
      expect([features, selected]).toEqual([data.table.names, []]);
      expect(flags).not.toContain("nothing-passed");
    }
  });

  it("flags a fold in which no feature passed and keeps the one with the smallest p", () => {
    const { folds } = validate(cohort(12, { patients: 24, events: 7, features: 6 }), {
      select: [{ step: "univariate", test: "auto", alpha: 1e-12, adjust: "none" }],
    });
    for (const { flags, selected, tests } of folds) {
      expect(flags).toContain("nothing-passed");
      expect([selected.length, tests.length, tests[0]!.name]).toEqual([1, 1, selected[0]]);
    }
  });

  it("reports every fold as it is done", () => {
    const seen: string[] = [];
    validate(cohort(13, { patients: 20, events: 4, features: 3 }), { onFold: (done, of) => seen.push(`${done}/${of}`) });
    expect(seen).toEqual(["1/4", "2/4", "3/4", "4/4"]);
  });

  it("has the keys that islet learn cv promises", () => {
    const report = learnReport(validate(cohort(14, { patients: 20, events: 5, features: 3 })), METHOD_SETTINGS);
    expect(Object.keys(report)).toEqual(
      expect.arrayContaining(["auc", "ci", "p", "acc", "sen", "spc", "threshold", "folds", "predictions"]),
    );
    expect(report.folds[0]).toMatchObject({ selected: expect.any(Array), params: { C: expect.any(Number) } });
    expect(report.ci[0]).toBeLessThanOrEqual(report.auc);
  });

  it("refuses a value that is not finite, one class, too few events, an unknown column and an empty table, each with a sentence", () => {
    const { table, outcome } = cohort(15, { patients: 20, events: 5, features: 3 });
    const values = table.values.slice();
    values[3 * 3 + 1] = NaN;
    const refusal = (message: RegExp) => expect.objectContaining({ name: "ConfigError", message: expect.stringMatching(message) });
    expect(() => validate({ table: { ...table, values }, outcome })).toThrow(
      refusal(/^patient P003, feature f1: expected a finite number, found NaN/),
    );
    expect(() => validate({ table, outcome: outcome.map(() => 0) })).toThrow(refusal(/^outcome: .*smaller class has 0 of 20/));
    expect(() => validate({ table, outcome: outcome.map((_, i) => (i < 2 ? 1 : 0)) })).toThrow(refusal(/smaller class has 2 of 20/));
    expect(() => validate({ table, outcome }, { always: ["age"] })).toThrow(refusal(/^feature age: is not among/));
    expect(() => validate({ table: { ids: table.ids, names: [], values: new Float64Array(0) }, outcome })).toThrow(
      refusal(/has no column to learn from/),
    );
    expect(() => validate({ table, outcome }, { grid: [] })).toThrow(refusal(/^grid: has no point/));
  });
});

describe("predictEnsemble", () => {
  it("is the mean of the fold models' risks, with columns in any order", () => {
    const data = cohort(16, { patients: 24, events: 7, features: 5, signal: 1.5 });
    const { folds } = validate(data);
    const ensemble = predictEnsemble(core, folds, data.table);
    const single = folds.map((fold) => predictEnsemble(core, [fold], data.table));
    for (let i = 0; i < 24; i++) expect(ensemble[i]).toBeCloseTo(single.reduce((sum, risk) => sum + risk[i]!, 0) / folds.length, 14);
    const backwards = {
      ...data.table,
      names: data.table.names.toReversed(),
      values: data.table.values.map((_, k, v) => v[Math.floor(k / 5) * 5 + 4 - (k % 5)]!),
    };
    expect(predictEnsemble(core, folds, backwards)).toEqual(ensemble);
  });

  it("predicts no patient from an empty table, and refuses a missing column, a missing value and a model without folds", () => {
    const data = cohort(17, { patients: 20, events: 5, features: 2, signal: 1 });
    const { folds } = validate(data);
    expect(predictEnsemble(core, folds, { ids: [], names: data.table.names, values: new Float64Array(0) })).toEqual(new Float64Array(0));
    expect(() => predictEnsemble(core, folds, { ids: ["x"], names: ["g"], values: Float64Array.of(1) })).toThrow(
      /^feature f[01]: is not among/,
    );
    expect(() => predictEnsemble(core, folds, { ids: ["x"], names: data.table.names, values: Float64Array.of(NaN, NaN) })).toThrow(
      /^patient x, feature f[01]: expected a finite number/,
    );
    expect(() => predictEnsemble(core, [], data.table)).toThrow(
      expect.objectContaining({ name: "ConfigError", message: expect.stringMatching(/^model: holds no fold model/) }),
    );
  });
});
