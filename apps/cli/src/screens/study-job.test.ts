import { describe, expect, it } from "vitest";
import type { StudyEvent } from "@islet/pipeline";
import { caseEnds, studyStarts, testEngine } from "../../../../test/helpers/screens.ts";
import { isOver, startJob } from "./study-job.ts";

const START = studyStarts();
const done = (n: number) => caseEnds(n, 2, { cached: n === 1 });
const MODEL: StudyEvent = { type: "model", model: "m", done: 1, total: 1, cached: false };

describe("a study behind the screens", () => {
  it("goes from stage to stage and is remembered when it begins and ends", async () => {
    const stages: string[] = [];
    const engine = testEngine({
      async run(_file, _out, _signal, tell) {
        for (const event of [START, done(1), done(2), MODEL]) {
          tell(event);
          stages.push(job.state().stage);
        }
      },
    });
    const job = startJob(engine, { file: "s.yaml", out: "out" });
    await job.done;
    expect(stages).toEqual(["patients", "patients", "models", "report"]);
    expect(job.state()).toMatchObject({ stage: "finished", name: "sarcoma", latest: [{ patient: "P2" }, { patient: "P1", cached: true }] });
    expect(engine.remembered.map(({ name, state }) => `${name} ${state}`)).toEqual(["sarcoma running", "sarcoma finished"]);
  });

  it("stops when it is told to, and says so only when the cases in work are done", async () => {
    const engine = testEngine({
      run: (_file, _out, signal, tell) =>
        new Promise((_, reject) => {
          tell(START);
          signal.addEventListener("abort", () => {
            expect(isOver(job.state())).toBe(false);
            tell(done(1));
            reject(signal.reason as Error);
          });
        }),
    });
    const job = startJob(engine, { file: "s.yaml", out: "out" });
    await Promise.resolve();
    job.stop();
    expect(job.state().stage).toBe("stopping");
    await job.done;
    expect(job.state()).toMatchObject({ stage: "stopped", error: "", progress: { cases: { done: 1 } } });
    expect(engine.remembered.at(-1)).toMatchObject({ state: "stopped" });
  });

  it("fails with the pipeline's sentence", async () => {
    const full = Object.assign(new Error("out/cache: the disk is full; nothing was left half-written."), { name: "DeviceError" });
    const job = startJob(testEngine({ run: () => Promise.reject(full) }), { file: "s.yaml", out: "out" });
    await job.done;
    expect(job.state()).toMatchObject({ stage: "failed", error: full.message });
  });

  it("makes the demo's cohort first where no file is named", async () => {
    const engine = testEngine({
      async makeDemo(folder, _signal, tell) {
        tell(3, 4);
        return `${folder}/study.yaml`;
      },
    });
    const job = startJob(engine, { file: null, out: "out" });
    await job.done;
    expect(job.state()).toMatchObject({ stage: "finished", file: "out/cohort/study.yaml", made: { done: 3, of: 4 } });
  });
});
