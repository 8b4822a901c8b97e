import { describe, expect, it } from "vitest";
import { golden } from "../../../../../test/helpers/golden.ts";
import { sampleSize } from "./sample-size.ts";

const { cases } = golden<{ cases: { n: number; events: number; parameters: number; needed: number }[] }>("pmsampsize");

describe("sample size", () => {
  it.each(cases)(
    "needs as many patients as pmsampsize says: $events of $n, $parameters parameters",
    ({ n, events, parameters, needed }) => {
      expect(sampleSize(n, events, parameters).patientsNeeded).toBe(needed);
    },
  );

  it("is the largest of three criteria, of which the one on the overall risk knows nothing of the features", () => {
    const [one, many] = [1, 50].map((candidates) => sampleSize(56, 10, candidates));
    expect(one!.needed.overallRisk).toBe(many!.needed.overallRisk);
    expect(many!.needed.shrinkage).toBeGreaterThan(40 * one!.needed.shrinkage);
    for (const { needed, patientsNeeded } of [one!, many!])
      expect(patientsNeeded).toBe(Math.max(needed.shrinkage, needed.optimism, needed.overallRisk));
  });

  it("warns of ten events for 1024 features, counts the smaller class, and is silent where there is enough", () => {
    const { eventsPerCandidate, warnings } = sampleSize(56, 10, 1024);
    expect(eventsPerCandidate).toBeCloseTo(10 / 1024, 12);
    expect(warnings).toEqual([
      expect.stringMatching(/^10 events for 1024 candidate features are 0\.01 per feature, where 10 are usual/),
      expect.stringMatching(/would need \d+ patients at this share of events .*; there are 56$/),
    ]);
    expect(sampleSize(56, 46, 20).warnings[0]).toMatch(/^10 patients without the event for 20/);
    expect(sampleSize(2000, 1000, 3).warnings).toEqual([]);
  });
});
