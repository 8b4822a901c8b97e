import type { StudyEvent } from "@islet/pipeline";
import { render } from "ink-testing-library";
import { describe, expect, it } from "vitest";
import { caseEnds, studyStarts } from "../../../../test/helpers/screens.ts";
import { advance, headline, NOTHING, secondsLeft } from "./study-progress.ts";
import { StudyScreen } from "./study-screen.tsx";

const NETWORK = "U-Net, base width 16, elu; training: none (seeded initialisation, seed 1)";
const START = studyStarts({ internal: 36, external: 15, cases: 4, models: 2, workers: 2, network: NETWORK });
const finished = (done: number, more: Parameters<typeof caseEnds>[2] = {}) => caseEnds(done, 4, more);
const after = (...events: StudyEvent[]) => events.reduce((progress, event, i) => advance(progress, event, i * 1000), NOTHING);

describe("study progress", () => {
  it("shows who, what runs where, and that the network has not been trained", () => {
    const { lastFrame } = render(<StudyScreen progress={after(START, finished(1), finished(2))} now={2000} />);
    const frame = lastFrame()!.replace(/\s+/g, " ");
    expect(frame).toContain("sarcoma: 36 internal and 15 external patients, 2 models, wasm on 2 workers");
    expect(frame).toContain("seeded initialisation");
    expect(frame).toContain("2/4 about 2 s left");
    expect(frame).toContain("0/2");
  });

  it("keeps a failed patient and a correction in sight", () => {
    const progress = after(
      START,
      finished(1, { error: "P1/ct.nii.gz: is cut short" }),
      finished(2, { warnings: ["gantry tilt of 12 degrees was corrected"] }),
    );
    expect(progress.remarks).toEqual(["left out: P1 ct: P1/ct.nii.gz: is cut short", "P2 ct: gantry tilt of 12 degrees was corrected"]);
  });

  it("counts what was kept from before apart, and takes its rate from what was computed", () => {
    const progress = after(START, finished(1, { cached: true }), finished(2), finished(3));
    expect(progress.cases).toEqual({ done: 3, cached: 1, total: 4 });
    expect(secondsLeft(progress, 3000)).toBe(1.5);
    expect(secondsLeft(after(START, finished(1, { cached: true })), 1000)).toBeNull();
  });

  it("writes one worker and no external cohort in the singular", () => {
    expect(headline({ ...START, workers: 1, external: 0, network: null })).toBe(
      "sarcoma: 36 internal patients, 2 models, wasm on 1 worker",
    );
  });
});
