import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../../test/helpers/close.ts";
import { randomFor, randomInt, randomNormal } from "../../random.ts";
import { benjaminiHochberg, holm } from "../adjust.ts";
import { aucInterval, delongTest } from "./delong.ts";
import { clusteredAuc, clusteredTest } from "./clustered-auc.ts";
import { clusteredReport, delongGroupsReport, delongReport } from "./delong-report.ts";

const random = randomFor(11, "delong report");
const outcome = Array.from({ length: 74 }, (_, i) => (i < 4 ? i % 2 : randomInt(random, 2)));
const scores = ["A", "B", "C", "D"].map((name, k) => ({ name, values: outcome.map((y) => (k / 2) * y + randomNormal(random)) }));

describe("delongReport", () => {
  it("is the paired test of every pair, with P adjusted for their number (seed 11)", () => {
    const { pairs, scores: areas, n, positives } = delongReport(outcome, scores);
    expect([n, positives, pairs.length]).toEqual([74, outcome.reduce((sum, y) => sum + y, 0), 6]);
    const tests = scores.flatMap((a, i) => scores.slice(i + 1).map((b) => delongTest(outcome, a.values, b.values)));
    expectClose(
      pairs.map(({ p }) => p!),
      tests.map(({ p }) => p),
      { rtol: 1e-12 },
    );
    const p = pairs.map((pair) => pair.p!);
    expect(pairs.map(({ pHolm }) => pHolm)).toEqual(holm(p));
    expect(pairs.map(({ pBenjaminiHochberg }) => pBenjaminiHochberg)).toEqual(benjaminiHochberg(p));
    for (const [i, { values }] of scores.entries()) {
      const { auc, lo, hi } = aucInterval(outcome, values);
      expect(areas[i]).toEqual({ score: scores[i]!.name, auc, ci: [lo, hi] });
    }
    for (const { difference, aucA, aucB, ci, z, p } of pairs) {
      expect(difference).toBe(aucA - aucB);
      // The interval excludes 0 exactly when p < 0.05.
      expect(ci![0] > 0 || ci![1] < 0).toBe(p! < 0.05);
      expect((ci![1] - ci![0]) / 2 / 1.959963984540054).toBeCloseTo(difference / z!, 12);
    }
  });

  it("has no z for two perfect opposites, and null with a single case", () => {
    const up = { name: "up", values: [1, 2, 3, 4] };
    const down = { name: "down", values: [4, 3, 2, 1] };
    expect(delongReport([0, 0, 1, 1], [up, down]).pairs[0]).toMatchObject({ difference: 1, z: null, p: 0, ci: [1, 1] });
    expect(delongReport([0, 0, 0, 1], [up, down]).pairs[0]).toMatchObject({ z: null, p: null, ci: null, pHolm: null });
  });
});

describe("clusteredReport", () => {
  it("is Obuchowski's test of every pair and interval of every score; with a row a cluster the numbers are DeLong's (seed 11)", () => {
    const clusters = outcome.map((_, i) => `patient ${i % 30}`);
    const report = clusteredReport(outcome, scores, clusters);
    expect(report).toMatchObject({ n: 74, clusters: 30, method: expect.stringMatching(/^Obuchowski's test .* for 6 pairs$/) });
    const { z, p } = clusteredTest(outcome, scores[0]!.values, scores[1]!.values, clusters);
    expect(report.pairs[0]).toMatchObject({ a: "A", b: "B", z, p });
    const { auc, lo, hi } = clusteredAuc(outcome, scores[3]!.values, clusters);
    expect(report.scores[3]).toEqual({ score: "D", auc, ci: [lo, hi] });
    const alone = clusteredReport(
      outcome,
      scores,
      outcome.map((_, i) => `${i}`),
    );
    const delong = delongReport(outcome, scores);
    expect(delong.clusters).toBeNull();
    expectClose(
      alone.pairs.map((pair) => pair.pHolm!),
      delong.pairs.map((pair) => pair.pHolm!),
      { rtol: 1e-10 },
    );
  });

  it("has no interval and no P where all events come from one cluster", () => {
    const up = { name: "up", values: [1, 2, 3, 4] };
    const down = { name: "down", values: [4, 3, 2, 1] };
    const report = clusteredReport([0, 0, 1, 1], [up, down], ["a", "b", "c", "c"]);
    expect(report.pairs[0]).toMatchObject({ z: null, p: null, ci: null, pHolm: null });
    expect(report.scores[0]!.ci).toBeNull();
  });
});

describe("delongGroupsReport", () => {
  it("compares a score between two groups of patients", () => {
    const group = outcome.map((_, i) => (i < 40 ? 0 : 1));
    const report = delongGroupsReport(outcome, scores, "hospital", group, ["I", "II"]);
    expect(report.scores).toHaveLength(4);
    const [first] = report.scores;
    expect(first!.groups.map(({ name, n }) => [name, n])).toEqual([
      ["I", 40],
      ["II", 34],
    ]);
    expect(first!.groups[0]!.auc).toBe(aucInterval(outcome.slice(0, 40), scores[0]!.values.slice(0, 40)).auc);
    expect(first!.difference).toBe(first!.groups[0]!.auc - first!.groups[1]!.auc);
  });
});
