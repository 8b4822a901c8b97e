import { describe, expect, it } from "vitest";
import { randomFor } from "../../random.ts";
import { innerFoldCount, leaveOneOut, outerFoldCount, requireMembers, stratifiedFolds } from "./folds.ts";

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

describe("grouped folds", () => {
  /** Patients of 1 to 4 lesions, some of them with events among others. */
  const grouped = (seed: number) => {
    const random = randomFor(seed, "groups");
    const groups: string[] = [];
    const outcome: number[] = [];
    for (let g = 0; g < 30; g++) {
      for (let k = 0; k <= Math.floor(random() * 4); k++) {
        groups.push(`patient ${g}`);
        outcome.push(g < 9 && random() < 0.7 ? 1 : 0);
      }
    }
    return { groups, outcome };
  };

  it("keep the rows of a group together, with events and others spread as evenly as groups allow (seeds 1 to 20)", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { groups, outcome } = grouped(seed);
      const fold = stratifiedFolds(outcome, 5, randomFor(seed, "folds"), groups);
      for (const [i, group] of groups.entries()) expect(fold[i]).toBe(fold[groups.indexOf(group)]);
      for (const wanted of [1, 0]) {
        const counts = [0, 0, 0, 0, 0];
        for (const [i, y] of outcome.entries()) if (y === wanted) counts[fold[i]!]!++;
        // No fold is off by more than the largest group.
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(4);
        expect(Math.min(...counts)).toBeGreaterThan(0);
      }
    }
  });

  it("are drawn by the seed, and no more of them than there are groups with an event", () => {
    const { groups, outcome } = grouped(3);
    const draw = (seed: number) => [...stratifiedFolds(outcome, 5, randomFor(seed, "folds"), groups)];
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    const withEvent = new Set(groups.filter((_, i) => outcome[i] === 1)).size;
    expect(outerFoldCount(outcome, 10, groups)).toBe(Math.min(10, withEvent));
    expect(innerFoldCount(outcome, 20, groups)).toBe(withEvent);
  });

  it("refuse events that all come from two groups, however many they are", () => {
    const outcome = [1, 1, 1, 1, 0, 0, 0, 0];
    expect(() => requireMembers(outcome)).not.toThrow();
    expect(() => requireMembers(outcome, ["a", "a", "b", "b", "c", "d", "e", "f"])).toThrow(
      /^outcome: the smaller class has 2 of 8 \(counted in groups\); .* add groups of that class/,
    );
  });
});

describe("leave-one-out", () => {
  it("holds out every row once, or every group, also where there are more than 255", () => {
    expect(leaveOneOut(3)).toEqual({ fold: Int32Array.of(0, 1, 2), folds: 3 });
    expect(leaveOneOut(4, ["b", "a", "b", "c"])).toEqual({ fold: Int32Array.of(0, 1, 0, 2), folds: 3 });
    expect(leaveOneOut(300).fold[299]).toBe(299);
  });
});

describe("what a user is told", () => {
  const sentence = (run: () => unknown) => {
    try {
      run();
    } catch (error) {
      return (error as Error).message;
    }
    return expect.fail("nothing was refused");
  };

  it("to ask for more folds only where that helps", () => {
    expect(sentence(() => outerFoldCount(outcomeOf(3, 30), 2))).toMatch(/ask for more folds$/);
    for (const [cases, controls] of [
      [0, 30],
      [30, 0],
      [2, 30],
    ] as const)
      expect(sentence(() => outerFoldCount(outcomeOf(cases, controls), 10))).not.toMatch(/folds;|more folds/);
  });
});
