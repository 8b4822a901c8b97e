import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../../test/helpers/close.ts";
import { golden } from "../../../../../test/helpers/golden.ts";
import { randomFor, randomNormal } from "../../random.ts";
import { aucInterval, delongTest } from "./delong.ts";
import { clusteredAuc, clusteredTest } from "./clustered-auc.ts";

/** Patients with 1 to 4 lesions; scores of one patient share a part of size `shared`, events score `shift` higher. */
function lesions(seed: number, patients: number, shared: number, shift: number) {
  const random = randomFor(seed, "clusters");
  const [outcome, scores, clusters]: [number[], number[], string[]] = [[], [], []];
  for (let i = 0; i < patients; i++) {
    const own = shared * randomNormal(random);
    for (let k = 0; k <= i % 4; k++) {
      const y = random() < 0.4 ? 1 : 0;
      outcome.push(y);
      scores.push(own + randomNormal(random) + shift * y);
      clusters.push(`patient ${i}`);
    }
  }
  return { outcome, scores, clusters };
}

describe("the AUC of clustered rows", () => {
  it("is DeLong's with one row a cluster (seed 1)", () => {
    const { outcome, scores } = lesions(1, 40, 1, 1);
    const alone = clusteredAuc(
      outcome,
      scores,
      scores.map((_, i) => String(i)),
    );
    const delong = aucInterval(outcome, scores);
    expect(alone.auc).toBe(delong.auc);
    expect(alone.variance).toBeCloseTo(delong.variance, 14);
    expect([alone.lo, alone.hi]).toEqual([expect.closeTo(delong.lo, 12), expect.closeTo(delong.hi, 12)]);
  });

  it("has Obuchowski's variance, by the sums of her paper written out (seed 2)", () => {
    const { outcome, scores, clusters } = lesions(2, 20, 1, 1);
    const names = [...new Set(clusters)];
    const of = (name: string, y: number) => scores.filter((_, i) => clusters[i] === name && outcome[i] === y);
    const all = (y: number) => scores.filter((_, i) => outcome[i] === y);
    const psi = (x: number, y: number) => (x > y ? 1 : x === y ? 0.5 : 0);
    const [X, Y] = [all(1), all(0)];
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const theta = mean(X.flatMap((x) => Y.map((y) => psi(x, y))));
    const V10 = names.map((name) => of(name, 1).reduce((sum, x) => sum + mean(Y.map((y) => psi(x, y))), 0));
    const V01 = names.map((name) => of(name, 0).reduce((sum, y) => sum + mean(X.map((x) => psi(x, y))), 0));
    const m = names.map((name) => of(name, 1).length);
    const n = names.map((name) => of(name, 0).length);
    const [I, I10, I01] = [names.length, m.filter((k) => k > 0).length, n.filter((k) => k > 0).length];
    const [M, N] = [X.length, Y.length];
    const sum = (term: (i: number) => number) => names.reduce((total, _, i) => total + term(i), 0);
    const S10 = (I10 / ((I10 - 1) * M)) * sum((i) => (V10[i]! - m[i]! * theta) ** 2);
    const S01 = (I01 / ((I01 - 1) * N)) * sum((i) => (V01[i]! - n[i]! * theta) ** 2);
    const S11 = (I / (I - 1)) * sum((i) => (V10[i]! - m[i]! * theta) * (V01[i]! - n[i]! * theta));
    const got = clusteredAuc(outcome, scores, clusters);
    expect(got.auc).toBeCloseTo(theta, 14);
    expect(got.variance).toBeCloseTo(S10 / M + S01 / N + (2 * S11) / (M * N), 14);
    expect(got.clusters).toBe(20);
  });

  it("covers the true AUC where outcomes too come in clusters, which DeLong's interval does not (300 draws of 60 patients, seeds 0 to 299)", () => {
    // Lesions of one patient have one outcome, and scores that are nearly alike.
    const draw = (seed: number) => {
      const random = randomFor(seed, "coverage");
      const [outcome, scores, clusters]: [number[], number[], string[]] = [[], [], []];
      for (let i = 0; i < 60; i++) {
        const y = i % 2;
        const own = 2 * randomNormal(random) + 2 * y;
        for (let k = 0; k < 4; k++) {
          outcome.push(y);
          scores.push(own + 0.5 * randomNormal(random));
          clusters.push(`p${i}`);
        }
      }
      return { outcome, scores, clusters };
    };
    // Scores differ by a normal number of mean 2 and variance 2 (4 + 0.25).
    const truth = 0.7536;
    let [clustered, plain] = [0, 0];
    for (let seed = 0; seed < 300; seed++) {
      const { outcome, scores, clusters } = draw(seed);
      const a = clusteredAuc(outcome, scores, clusters);
      const b = aucInterval(outcome, scores);
      if (a.lo <= truth && truth <= a.hi) clustered++;
      if (b.lo <= truth && truth <= b.hi) plain++;
    }
    expect(clustered / 300).toBeGreaterThan(0.91);
    expect(clustered / 300).toBeLessThan(0.99);
    expect(plain / 300).toBeLessThan(0.8);
  });

  it("has no interval where all events come from one cluster", () => {
    const { variance, lo, hi, auc } = clusteredAuc([1, 1, 0, 0], [3, 4, 1, 2], ["a", "a", "b", "c"]);
    expect(auc).toBe(1);
    expect([variance, lo, hi].every(Number.isNaN)).toBe(true);
  });
});

/** Variances of an independent script in R, by the whole matrix of pairs; DeLong's by pROC; a bootstrap that draws whole clusters. */
interface Reference {
  readonly cohorts: readonly {
    readonly name: string;
    readonly outcome: number[];
    readonly cluster: string[];
    readonly a: number[];
    readonly b: number[];
    readonly aucA: number;
    readonly aucB: number;
    readonly varianceA: number;
    readonly varianceB: number;
    readonly variance: number;
    readonly z: number;
    readonly p: number;
    readonly delong: { readonly z: number; readonly p: number } | null;
    readonly bootstrapSd: number | null;
  }[];
}
const { cohorts } = golden<Reference>("r-clustered-auc");
/** The tolerance of the statistics beside R. */
const R = { atol: 1e-14, rtol: 1e-10 };

describe("two AUCs of clustered rows", () => {
  it.each(cohorts)("are compared as R does by Obuchowski's formulas: $name", (c) => {
    const { aucA, aucB, variance, z, p } = clusteredTest(c.outcome, c.a, c.b, c.cluster);
    expectClose([aucA, aucB, variance, z, p], [c.aucA, c.aucB, c.variance, c.z, c.p], R);
    const alone = [c.a, c.b].map((score) => clusteredAuc(c.outcome, score, c.cluster).variance);
    expectClose(alone, [c.varianceA, c.varianceB], R);
    if (c.delong) expectClose([z, p], [c.delong.z, c.delong.p], R);
  });

  it("differ with the spread that a bootstrap of whole clusters finds, to 5% (R, 4000 draws)", () => {
    const c = cohorts.find(({ bootstrapSd }) => bootstrapSd !== null)!;
    const { variance } = clusteredTest(c.outcome, c.a, c.b, c.cluster);
    expectClose([Math.sqrt(variance)], [c.bootstrapSd!], { atol: 0, rtol: 0.05 });
  });

  it("keep their P where every row is there twice in its cluster, which halves DeLong's variance (seed 3)", () => {
    const { outcome, scores, clusters } = lesions(3, 40, 1, 1);
    const random = randomFor(3, "other");
    const other = scores.map((score) => score + 2 * randomNormal(random));
    const twice = <T>(values: readonly T[]) => [...values, ...values];
    const once = clusteredTest(outcome, scores, other, clusters);
    const doubled = clusteredTest(twice(outcome), twice(scores), twice(other), twice(clusters));
    expectClose([doubled.z, doubled.p], [once.z, once.p], { atol: 0, rtol: 1e-12 });
    const plain = delongTest(outcome, scores, other).variance / delongTest(twice(outcome), twice(scores), twice(other)).variance;
    expect(plain).toBeGreaterThan(1.9);
  });

  it("have no P where all events come from one cluster, and P 1 where they rank every pair alike", () => {
    expect(clusteredTest([1, 1, 0, 0], [3, 4, 1, 2], [4, 3, 2, 1], ["a", "a", "b", "c"]).p).toBeNaN();
    expect(clusteredTest([1, 1, 0, 0], [3, 1, 1, 2], [6, 2, 2, 4], ["a", "b", "b", "c"])).toMatchObject({ z: 0, p: 1 });
  });
});
