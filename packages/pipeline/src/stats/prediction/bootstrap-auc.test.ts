import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../../test/helpers/close.ts";
import { golden } from "../../../../../test/helpers/golden.ts";
import { randomFor, randomInt, randomNormal } from "../../random.ts";
import { bootstrapAuc, intervalsOf } from "./bootstrap-auc.ts";
import { placementsOf } from "./delong.ts";
import { rankScores } from "./roc.ts";

const { cohorts } = golden<{
  cohorts: { outcome: number[]; scores: number[]; halfPairs: number[]; percentile: number[]; bca: number[]; se: number }[];
}>("scipy-bootstrap-auc");

function randomCohort(seed: number, n: number, digits: number) {
  const random = randomFor(seed, "bootstrap test");
  const outcome = Array.from({ length: n }, (_, i) => (i < 4 ? i % 2 : randomInt(random, 2)));
  return { outcome, scores: outcome.map((y) => Number((randomNormal(random) + y).toFixed(digits))) };
}
const bootstrap = ({ outcome, scores }: { outcome: number[]; scores: number[] }, options = {}) => {
  const ranked = rankScores(outcome, scores);
  return bootstrapAuc(ranked, placementsOf(ranked), options);
};

describe("the bootstrap of an AUC", () => {
  it("has SciPy's percentile and BCa intervals and error over SciPy's replicates, relative 1e-10", () => {
    for (const { outcome, scores, halfPairs, percentile, bca, se } of cohorts) {
      const at = placementsOf(rankScores(outcome, scores));
      const aucs = Float64Array.from(halfPairs, (halves) => halves / (2 * at.cases.length * at.controls.length));
      const got = intervalsOf(aucs, at);
      expectClose([...got.percentile, ...got.bca!, got.se], [...percentile, ...bca, se], { rtol: 1e-10 });
    }
  });

  it("is the AUC of drawn patients counted over all their pairs, with ties too (seeds 0 to 5)", () => {
    for (let seed = 0; seed < 6; seed++) {
      const cohort = randomCohort(seed, 12 + 3 * seed, seed % 2 === 0 ? 0 : 6);
      const sorted = (y: number) => cohort.scores.filter((_, i) => cohort.outcome[i] === y).toSorted((a, b) => a - b);
      const [controls, cases] = [sorted(0), sorted(1)];
      const random = randomFor(seed, "bootstrap auc");
      const draw = (from: number[]) => from.map(() => from[randomInt(random, from.length)]!);
      const aucs = Float64Array.from({ length: 100 }, () => {
        const [y, x] = [draw(controls), draw(cases)];
        return (
          x.reduce((sum, a) => sum + y.reduce((inner, b) => inner + (a > b ? 1 : a === b ? 0.5 : 0), 0), 0) /
          (cases.length * controls.length)
        );
      });
      const slow = intervalsOf(aucs, placementsOf(rankScores(cohort.outcome, cohort.scores)));
      const fast = bootstrap(cohort, { replicates: 100, seed });
      expectClose([...fast.percentile, fast.se], [...slow.percentile, slow.se], { rtol: 1e-12 });
    }
  });

  it("comes out the same from the same seed, and otherwise from another", () => {
    const cohort = randomCohort(3, 50, 6);
    expect(bootstrap(cohort, { replicates: 200, seed: 5 })).toEqual(bootstrap(cohort, { replicates: 200, seed: 5 }));
    expect(bootstrap(cohort, { replicates: 200, seed: 5 }).percentile).not.toEqual(
      bootstrap(cohort, { replicates: 200, seed: 6 }).percentile,
    );
  });

  it("has an error near DeLong's in a large cohort (seed 2)", () => {
    const { outcome, scores } = randomCohort(2, 3000, 9);
    const ranked = rankScores(outcome, scores);
    const at = placementsOf(ranked);
    const spread = (values: Float64Array) => values.reduce((sum, v) => sum + (v - at.auc) ** 2, 0) / values.length ** 2;
    // 1000 replicates know their standard deviation to 1 / sqrt(2000) = 2.2%; five of those
    expectClose([bootstrapAuc(ranked, at, { replicates: 1000 }).se], [Math.sqrt(spread(at.cases) + spread(at.controls))], { rtol: 0.11 });
  });

  it("of a perfect ranking is [1, 1], and BCa has no value", () => {
    expect(bootstrap({ outcome: [0, 0, 0, 1, 1], scores: [1, 2, 3, 4, 5] }, { replicates: 100 })).toMatchObject({
      percentile: [1, 1],
      bca: null,
      se: 0,
    });
  });
});
