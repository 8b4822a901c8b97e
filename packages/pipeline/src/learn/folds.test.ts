import { describe, expect, it } from "vitest";
import { randomFor } from "../random.ts";
import { innerFoldCount, outerFoldCount, stratifiedFolds } from "./folds.ts";

const outcomeOf = (cases: number, controls: number) => Uint8Array.from({ length: cases + controls }, (_, i) => (i < cases ? 1 : 0));

describe("stratifiedFolds", () => {
  it("deals every class evenly and keeps the folds' sizes within one, for many sizes (seeds 0 to 29)", () => {
    for (let seed = 0; seed < 30; seed++) {
      const outcome = outcomeOf(3 + (seed % 11), 5 + 2 * seed);
      const folds = 2 + (seed % 9);
      const fold = stratifiedFolds(outcome, folds, randomFor(seed, "folds"));
      const counts = (wanted: (i: number) => boolean) =>
        Array.from({ length: folds }, (_, k) => fold.filter((f, i) => f === k && wanted(i)).length);
      for (const wanted of [(i: number) => outcome[i] === 1, (i: number) => outcome[i] === 0, () => true]) {
        expect(Math.max(...counts(wanted)) - Math.min(...counts(wanted))).toBeLessThanOrEqual(1);
      }
    }
  });

  it("is the same for the same seed and another for another", () => {
    const draw = (seed: number) => [...stratifiedFolds(outcomeOf(10, 46), 10, randomFor(seed, "folds"))];
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });
});

describe("fold counts", () => {
  it("are at most the size of the smaller class", () => {
    expect([outerFoldCount(outcomeOf(10, 46), 10), outerFoldCount(outcomeOf(7, 30), 10), outerFoldCount(outcomeOf(30, 4), 10)]).toEqual([
      10, 7, 4,
    ]);
    expect([innerFoldCount(outcomeOf(9, 40), 5), innerFoldCount(outcomeOf(2, 3), 5)]).toEqual([5, 2]);
  });

  it("refuse a class that cannot be split twice, with a sentence", () => {
    expect(() => outerFoldCount(outcomeOf(2, 30), 10)).toThrow(
      expect.objectContaining({ name: "ConfigError", message: expect.stringMatching(/^outcome: .*smaller class has 2 of 32/) }),
    );
    expect(() => outerFoldCount(outcomeOf(3, 30), 2)).toThrow(/smaller class has 3 of 33/);
    expect(() => outerFoldCount(outcomeOf(0, 30), 10)).toThrow(/smaller class has 0 of 30/);
  });

  it("refuse a number of folds that is no number of folds", () => {
    for (const folds of [1, 2.5, 300])
      expect(() => outerFoldCount(outcomeOf(10, 10), folds)).toThrow(
        expect.objectContaining({ name: "ConfigError", message: expect.stringMatching(/^folds: /) }),
      );
  });
});
