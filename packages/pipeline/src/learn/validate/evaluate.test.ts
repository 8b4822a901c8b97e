import { describe, expect, it } from "vitest";
import { evaluateAt } from "./evaluate.ts";

describe("evaluateAt", () => {
  it("gives rates at the frozen threshold and the AUC with its interval and p", () => {
    const { acc, sen, spc, auc, lo, hi, p, n, events, reason } = evaluateAt(0.5, [1, 1, 0, 0, 0], [0.9, 0.4, 0.5, 0.2, 0.1]);
    expect({ n, events, acc, sen, spc, auc, reason }).toEqual({
      n: 5,
      events: 2,
      acc: 3 / 5,
      sen: 1 / 2,
      spc: 2 / 3,
      auc: 5 / 6,
      reason: undefined,
    });
    expect(lo!).toBeGreaterThan(0);
    expect(hi!).toBe(1);
    expect(p!).toBeGreaterThan(0.05);
  });

  it("has no AUC in a cohort of one class, and says why", () => {
    expect(evaluateAt(0.5, [1, 1], [0.9, 0.4])).toEqual({
      n: 2,
      events: 2,
      acc: 0.5,
      sen: 0.5,
      spc: null,
      auc: null,
      lo: null,
      hi: null,
      p: null,
      reason: "2 of 2 patients have the event; an AUC needs both outcomes",
    });
    expect(evaluateAt(0.5, [0, 0], [0.9, 0.4])).toMatchObject({ sen: null, spc: 0.5, auc: null });
  });

  it("has an AUC but no interval with a single event", () => {
    expect(evaluateAt(0.5, [1, 0, 0], [0.9, 0.4, 0.6])).toMatchObject({
      auc: 1,
      lo: null,
      hi: null,
      reason: expect.stringMatching(/1 of 3 have the event/),
    });
  });

  it("has nothing in an empty cohort", () => {
    expect(evaluateAt(0.5, [], [])).toMatchObject({
      n: 0,
      acc: null,
      sen: null,
      spc: null,
      auc: null,
      reason: "the cohort has no patient",
    });
  });

  it("has a wider interval where several patients belong together, and none where all events do", () => {
    const [outcome, risk] = [
      [1, 1, 1, 1, 0, 0, 0, 0],
      [0.9, 0.8, 0.4, 0.3, 0.5, 0.5, 0.2, 0.1],
    ];
    const alone = evaluateAt(0.5, outcome, risk);
    const together = evaluateAt(0.5, outcome, risk, ["a", "a", "b", "b", "c", "c", "d", "d"]);
    expect(together.auc).toBe(alone.auc);
    expect(together.lo!).toBeLessThan(alone.lo!);
    expect(evaluateAt(0.5, outcome, risk, ["a", "a", "a", "a", "c", "c", "d", "d"])).toMatchObject({
      lo: null,
      p: null,
      reason: "an interval needs 2 groups with and 2 without the event",
    });
  });
});
