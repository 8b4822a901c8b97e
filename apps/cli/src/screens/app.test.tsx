import { render } from "ink-testing-library";
import { describe, expect, it } from "vitest";
import { bundleDescription, caseEnds, finishedStudy, studyStarts, testEngine } from "../../../../test/helpers/screens.ts";
import { App } from "./app.tsx";
import type { Engine } from "./engine.ts";
import type { Route } from "./route.ts";

/** What is polled for is there within a moment, also on a busy machine. */
const SOON = { interval: 10, timeout: 10_000 };
const KEY = { enter: "\r", esc: "\u001b", down: "\u001b[B", right: "\u001b[C", tab: "\t" };

/** The screens over a test's engine, with a keyboard. */
function open(answers: Partial<Engine> = {}, first: Route = { screen: "home" }, order?: { file: string; out: string }) {
  const engine = testEngine(answers);
  const { stdin, lastFrame } = render(<App engine={engine} colours="none" first={first} {...(order && { order })} />);
  const frame = () => (lastFrame() ?? "").replace(/\s+/g, " ");
  const type = async (...keys: string[]) => {
    for (const key of keys) {
      stdin.write(key);
      // Ink draws, and hears a lone escape, a moment later.
      await new Promise((resolve) => setTimeout(resolve, key === KEY.esc ? 60 : 25));
    }
  };
  return { engine, frame, type };
}

const STUDY = { file: "/s/study.yaml", out: "/o", name: "sarcoma", state: "finished" as const, when: "2026-01-02T03:04:05.000Z" };

describe("home", () => {
  it("shows the machine and the last studies, and opens a finished one's results", async () => {
    const { frame, type } = open({ recent: async () => [STUDY, { ...STUDY, out: "/p", name: "other", state: "running" }] });
    await expect.poll(frame, SOON).toContain("2 cores, 8 GiB");
    await expect.poll(frame, SOON).toMatch(/› sarcoma .*finished/);
    await expect.poll(frame, SOON).toMatch(/other .*interrupted/);
    await type(KEY.enter);
    await expect.poll(frame, SOON).toContain("results: sarcoma");
  });

  it("has help behind ?, which any key leaves", async () => {
    const { frame, type } = open();
    await type("?");
    await expect.poll(frame, SOON).toContain("Research use only: not a medical device.");
    await type("x");
    await expect.poll(frame, SOON).toContain("none yet: press o");
  });
});

describe("opening a study", () => {
  it("shows the pipeline's sentence, and keeps what was typed when the screen is left and entered again", async () => {
    const { frame, type } = open({
      check: () => Promise.reject(Object.assign(new Error('cohort.csv: has no column "recurence"'), { name: "ConfigError" })),
    });
    await type("o");
    await expect.poll(frame, SOON).toContain("open a study");
    await type(`s.yaml${KEY.enter}`);
    await expect.poll(frame, SOON).toContain('✗ cohort.csv: has no column "recurence"');
    await type(KEY.esc);
    await expect.poll(frame, SOON).toContain("Your last studies");
    await type("o");
    await expect.poll(frame, SOON).toContain("s.yaml");
  });

  it("completes a path, and shows the ways where there are several", async () => {
    const { frame, type } = open({ complete: async () => ["data/one.yaml", "data/other.yaml"] });
    await type("o");
    await expect.poll(frame, SOON).toContain("open a study");
    await type(`da${KEY.tab}`);
    await expect.poll(frame, SOON).toContain("study file data/o");
    await expect.poll(frame, SOON).toContain("data/other.yaml");
  });

  it("checks first, then runs into the folder that is proposed", async () => {
    const runs: string[] = [];
    const { frame, type } = open({
      run: async (file, out) => void runs.push(`${file} ${out}`),
      check: async () => ({
        name: "sarcoma",
        internal: 2,
        external: 1,
        models: 3,
        missing: ["patient P1, column ct: a.nii.gz does not exist"],
      }),
    });
    await type("o");
    await expect.poll(frame, SOON).toContain("open a study");
    await type("lung/s.yaml", KEY.enter);
    await expect.poll(frame, SOON).toContain("✓ sarcoma: 2 internal and 1 external patients, 3 models");
    await expect.poll(frame, SOON).toContain("1 file is not there; their patients will be left out");
    await type(KEY.enter);
    await expect.poll(frame, SOON).toContain("✓ finished after");
    expect(runs).toEqual(["lung/s.yaml islet-out/lung"]);
  });
});

describe("a running study", () => {
  const held = (): { answers: Partial<Engine>; runs: { count: number } } => {
    const runs = { count: 0 };
    return {
      runs,
      answers: {
        run: (_file, _out, signal, tell) =>
          new Promise((resolve, reject) => {
            if (++runs.count > 1) return resolve();
            tell(studyStarts({ cases: 4 }));
            tell(caseEnds(1, 4, { warnings: ["tilt of 12 degrees"] }));
            tell(caseEnds(2, 4, { error: "P2/ct: is cut short" }));
            signal.addEventListener("abort", () => reject(signal.reason as Error));
          }),
      },
    };
  };

  it("shows its stage, its patients and its warnings; stopping is asked about, and it can be gone on with", async () => {
    const { answers, runs } = held();
    const { frame, type, engine } = open(answers, { screen: "home" }, { file: "s.yaml", out: "out" });
    await expect.poll(frame, SOON).toContain("● patients");
    await expect.poll(frame, SOON).toContain("2/4");
    await expect.poll(frame, SOON).toContain("✗ P2 ct left out");
    await expect.poll(frame, SOON).toContain("! P1 ct: tilt of 12 degrees");
    await type("q");
    await expect.poll(frame, SOON).toContain("Stop this study?");
    await type("n");
    await expect.poll(frame, SOON).toContain("q stop");
    await type("q");
    await expect.poll(frame, SOON).toContain("Stop this study?");
    await type("y");
    await expect.poll(frame, SOON).toContain("what was finished is kept. Press r to go on");
    expect((engine as ReturnType<typeof testEngine>).remembered.at(-1)).toMatchObject({ state: "stopped" });
    await type("r");
    await expect.poll(frame, SOON).toContain("✓ finished after");
    expect(runs.count).toBe(2);
  });

  it("goes on while home is shown, which does not end before it is asked", async () => {
    const { frame, type } = open(held().answers, { screen: "home" }, { file: "s.yaml", out: "out" });
    await expect.poll(frame, SOON).toContain("2/4");
    await type(KEY.esc);
    await expect.poll(frame, SOON).toContain("running: sarcoma: 2 of 4 patients");
    await type("q");
    await expect.poll(frame, SOON).toContain("● patients");
  });
});

describe("results", () => {
  const results = { screen: "results", out: "out", file: null } as const;

  it("show every model, the chosen one's curves and numbers", async () => {
    const { frame, type } = open({}, results);
    await expect.poll(frame, SOON).toMatch(/› DLR-A internal 3 1 0.50 0.50 0.50 0.90/);
    await type(KEY.down, KEY.right);
    await expect.poll(frame, SOON).toContain("Radiomics-A: sensitivity over 1 - specificity");
    await expect.poll(frame, SOON).toContain("external, mean of the fold models: no patients of both outcomes");
    await type("3");
    await expect.poll(frame, SOON).toMatch(/high risk: \d patients?/);
  });

  it("list patients by risk, search by id, group, outcome and cohort, and show a card with its drivers and slice", async () => {
    const { frame, type } = open({}, results);
    await expect.poll(frame, SOON).toContain("Models");
    await type("4");
    await expect.poll(frame, SOON).toMatch(/› P1 internal 0.900 high event.*P3.*X9.*P2/);
    await type("/", "low", KEY.enter);
    await expect.poll(frame, SOON).toContain("2 patients by risk");
    expect(frame()).not.toContain("P1");
    await type("/", "x", KEY.enter);
    await expect.poll(frame, SOON).toContain("1 patient by risk");
    await type(KEY.enter);
    await expect.poll(frame, SOON).toContain("X9 (external)");
    await expect.poll(frame, SOON).toMatch(/deep_ct_3 z \+2.0/);
    await expect.poll(frame, SOON).toContain("ct, slice 5 of 9");
    await expect.poll(frame, SOON).toContain("white: rough box");
  });

  it("say why there are none", async () => {
    const { frame } = open(
      { results: () => Promise.reject(Object.assign(new Error("out: holds no finished study"), { name: "ConfigError" })) },
      results,
    );
    await expect.poll(frame, SOON).toContain("✗ out: holds no finished study");
  });

  it("say what is missing where the study's file is gone", async () => {
    const study = finishedStudy();
    const gone = { ...study, why: "s.yaml: does not exist", patients: study.patients.map((p) => ({ ...p, timeMonths: null })) };
    const { frame, type } = open({ results: async () => gone }, results);
    await expect.poll(frame, SOON).toContain("Models");
    await type("3");
    await expect.poll(frame, SOON).toContain("No survival curves: s.yaml: does not exist");
  });
});

describe("a score", () => {
  it("asks for what the model needs, hands it to the pipeline as written, and shows risk, group, parts and warnings", async () => {
    const asked: unknown[] = [];
    const engine = testEngine();
    const { frame, type } = open(
      {
        score: (given, signal, tell) => {
          asked.push(given);
          return engine.score(given, signal, tell);
        },
      },
      { screen: "score" },
    );
    await expect.poll(frame, SOON).toContain("path of model.islet");
    await type("m.islet", KEY.enter);
    await expect.poll(frame, SOON).toContain('DLR-A + sa of "sarcoma": learnt from 36 patients');
    await expect.poll(frame, SOON).toContain("symptom no, yes");
    await type(KEY.down, "ct.nii.gz", KEY.down, "rough.json", KEY.down, "yes", KEY.down, "61", KEY.enter);
    await expect.poll(frame, SOON).toContain("risk 0.734: high (threshold 0.500)");
    await expect.poll(frame, SOON).toContain("Research use only");
    await expect.poll(frame, SOON).toContain("deep.ct +0.400");
    await expect.poll(frame, SOON).toContain("! ct: slices are apart by 5 mm");
    expect(asked).toEqual([
      { model: "m.islet", images: { ct: "ct.nii.gz" }, rois: { ct: "rough.json" }, clinical: { symptom: "yes", age: "61" } },
    ]);
  });

  it("keeps everything that was typed when the pipeline refuses it", async () => {
    const { frame, type } = open(
      {
        describe: async () => bundleDescription(),
        score: () => Promise.reject(Object.assign(new Error("photo.jpg: is a JPEG picture, expected a scan"), { name: "IntakeError" })),
      },
      { screen: "score" },
    );
    await expect.poll(frame, SOON).toContain("path of model.islet");
    await type("m.islet", KEY.enter);
    await expect.poll(frame, SOON).toContain("symptom");
    await type(KEY.down, "photo.jpg", KEY.enter);
    await expect.poll(frame, SOON).toContain("✗ photo.jpg: is a JPEG picture");
    await expect.poll(frame, SOON).toContain("image photo.jpg");
    await type(KEY.esc);
  });

  it("says how far it is while it is computed, with a sign that moves, and esc stops it with everything typed kept", async () => {
    const signals: AbortSignal[] = [];
    const engine = testEngine();
    const { frame, type } = open(
      {
        score: (given, signal, tell) => {
          signals.push(signal);
          if (signals.length > 1) return engine.score(given, signal, tell);
          tell({ stage: "features", phase: "ct", done: 0, total: 2 });
          return new Promise((_, reject) => {
            signal.addEventListener("abort", () => reject(signal.reason as Error));
          });
        },
      },
      { screen: "score" },
    );
    await expect.poll(frame, SOON).toContain("path of model.islet");
    await type("m.islet", KEY.enter);
    await expect.poll(frame, SOON).toContain("symptom");
    await type(KEY.down, "ct.nii.gz", KEY.enter);
    await expect.poll(frame, SOON).toContain("features of ct, 1 of 2");
    await expect.poll(frame, SOON).toContain("esc stop");
    const seen = new Set<string>();
    await expect.poll(() => seen.add(frame()).size, SOON).toBeGreaterThan(3);
    await type("typed meanwhile", KEY.enter);
    expect(signals[0]!.aborted).toBe(false);
    await type(KEY.esc);
    await expect.poll(frame, SOON).toContain("stopped; what was typed is kept");
    expect(signals[0]!.aborted).toBe(true);
    expect(frame()).toContain("image ct.nii.gz");
    expect(frame()).not.toContain("meanwhile");
    await type(KEY.enter);
    await expect.poll(frame, SOON).toContain("risk 0.734: high");
    expect(signals).toHaveLength(2);
  });
});

describe("a machine that fails", () => {
  const fails = (message: string) => Promise.reject(Object.assign(new Error(message), { name: "DeviceError" }));
  const LOST = "webgpu: the graphics adapter was lost on the way (reset); run it again, or with --backend wasm";
  const FULL = "/o/predictions.csv: cannot be written, the disk is full; make room and run the same command again";

  it.each([
    ["a lost adapter", LOST, async () => {}],
    ["a full disk", FULL, async () => fails(FULL)],
  ])("ends a study with the sentence of %s, and r goes on from there once it is mended", async (_, sentence, remember) => {
    let runs = 0;
    const { frame, type } = open(
      {
        remember,
        run: async (_file, _out, _signal, tell) => {
          tell(studyStarts({ backend: "webgpu" }));
          const cached = ++runs > 1;
          tell(caseEnds(1, 2, { cached }));
          if (!cached) await fails(sentence);
        },
      },
      { screen: "home" },
      { file: "s.yaml", out: "out" },
    );
    await expect.poll(frame, SOON).toContain(`✗ ${sentence}`.slice(0, 60));
    await expect.poll(frame, SOON).toContain("Press r to go on when it is mended.");
    await type("r");
    await expect.poll(frame, SOON).toContain("✓ finished after");
    await expect.poll(frame, SOON).toContain("✓ P1 ct kept from before");
    expect(runs).toBe(2);
  });

  it("keeps a score's form where the adapter is lost, and the next try may go well", async () => {
    const engine = testEngine();
    let tries = 0;
    const { frame, type } = open(
      { score: (given, signal, tell) => (++tries === 1 ? fails(LOST) : engine.score(given, signal, tell)) },
      { screen: "score" },
    );
    await expect.poll(frame, SOON).toContain("path of model.islet");
    await type("m.islet", KEY.enter);
    await expect.poll(frame, SOON).toContain("symptom");
    await type(KEY.down, "ct.nii.gz", KEY.enter);
    await expect.poll(frame, SOON).toContain("✗ webgpu: the graphics adapter was lost on the way");
    expect(frame()).toContain("image ct.nii.gz");
    await type(KEY.enter);
    await expect.poll(frame, SOON).toContain("risk 0.734: high");
  });

  it("says once that the list of studies could not be written, and runs on", async () => {
    const run: Engine["run"] = async (_file, _out, _signal, tell) => tell(studyStarts());
    const { frame } = open({ run, remember: () => fails(FULL) }, { screen: "home" }, { file: "s.yaml", out: "out" });
    await expect.poll(frame, SOON).toContain("✓ finished after");
    await expect.poll(frame, SOON).toContain("! not remembered: /o/predictions.csv: cannot be written, the disk is full");
    expect(frame()).toContain("Warnings (1)");
  });
});
