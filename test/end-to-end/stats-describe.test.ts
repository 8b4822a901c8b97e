// Description, discrimination, calibration and agreement from the command line.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { islet } from "../helpers/cli.ts";

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-stats-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What a command printed as JSON. */
async function json<T>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await islet([...args, "--json"]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return JSON.parse(stdout) as T;
}

/** A CSV of columns, cut to the longest. */
async function table(name: string, columns: Record<string, readonly (string | number)[]>): Promise<string> {
  const names = Object.keys(columns);
  const rows = Array.from({ length: columns[names[0]!]!.length }, (_, i) => names.map((key) => columns[key]![i]).join(","));
  await writeFile(at(name), [names.join(","), ...rows].join("\n"));
  return at(name);
}

describe("islet stats univariate", () => {
  // Counts (recurrence-free, recurrence) and P as Table S2 of Song et al. 2021 prints them.
  const printed: Record<string, [levels: Record<string, [number, number]>, p: string]> = {
    sex: [{ F: [24, 4], M: [22, 6] }, "0.7287"],
    symptom: [{ N: [23, 9], Y: [23, 1] }, "0.0322"],
    diameter: [{ "<20 mm": [23, 1], ">=20 mm": [23, 9] }, "0.0322"],
    location: [{ uncinate: [16, 5], "head/neck": [14, 2], body: [4, 1], tail: [12, 2] }, "0.8481"],
    property: [{ cystic: [0, 1], mixed: [18, 6], solid: [28, 3] }, "0.0537"],
    calcification: [{ Y: [38, 7], N: [8, 3] }, "0.3933"],
    shape: [{ round: [29, 2], lobulated: [11, 4], confluent: [6, 4] }, "0.0218"],
    boundary: [{ clear: [32, 4], unclear: [14, 6] }, "0.1421"],
    duct: [{ N: [39, 5], Y: [7, 5] }, "0.0280"],
    morphology: [{ normal: [41, 6], enlarged: [5, 3], confluent: [0, 1] }, "0.0228"],
    enhancement: [{ homogeneous: [46, 8], heterogeneous: [0, 2] }, "0.0292"],
  };

  it("gives the paper's exact P from its printed counts, with the test named per row", async () => {
    const column = (levels: Record<string, [number, number]>) =>
      [0, 1].flatMap((g) => Object.entries(levels).flatMap(([level, counts]) => Array.from({ length: counts[g]! }, () => level)));
    const group = [...Array.from({ length: 46 }, () => 0), ...Array.from({ length: 10 }, () => 1)];
    const file = await table("s2.csv", {
      recurrence: group,
      ...Object.fromEntries(Object.entries(printed).map(([name, [levels]]) => [name, column(levels)])),
    });
    const { rows } = await json<{ rows: { variable: string; test: string; p: number }[] }>(
      "stats",
      "univariate",
      "--table",
      file,
      "--group",
      "recurrence",
      "--exact",
    );
    expect(Object.fromEntries(rows.map(({ variable, p }) => [variable, p.toFixed(4)]))).toEqual(
      Object.fromEntries(Object.entries(printed).map(([name, [, p]]) => [name, p])),
    );
    expect(rows.map(({ test }) => test)).toEqual(
      Object.values(printed).map(([levels]) => (Object.keys(levels).length === 2 ? "fisher" : "fisher-freeman-halton")),
    );
    const { stdout } = await islet(["stats", "univariate", "--table", file, "--group", "recurrence"]);
    expect(stdout).toMatch(/recurrence: 0 \(n = 46\), 1 \(n = 10\)/);
    expect(stdout).toMatch(/location .*Fisher-Freeman-Halton .* 0\.848/);
  });

  it("answers a bad table or question with one sentence and exit code 2", async () => {
    const file = await table("bad.csv", {
      g: ["a", "b", "a"],
      h: ["x", "y", "z"],
      v: [1, "two", 3],
      constant: [4, 4, 4],
      empty: ["", "NA", ""],
    });
    const fails = async (...args: string[]) => {
      const { code, stdout, stderr } = await islet(["stats", "univariate", "--table", file, ...args]);
      expect([code, stdout, stderr.split("\n").length]).toEqual([2, "", 2]);
      return stderr;
    };
    expect(await fails("--group", "g")).toMatch(/bad\.csv, row 3, column v: expected a number/);
    expect(await fails("--group", "constant")).toMatch(/every row is "4"/);
    const { rows } = await json<{ rows: { note: string }[] }>(
      "stats",
      "univariate",
      "--table",
      file,
      "--group",
      "g",
      "--variable",
      "constant",
      "--variable",
      "empty",
    );
    expect(rows.map(({ note }) => note)).toEqual(["all values are equal", "no values in a"]);
  });
});

describe("islet stats calibration and dca", () => {
  const y = [0, 0, 1, 0, 1, 0, 0, 1, 1, 0];
  const risk = [0.1, 0.2, 0.6, 0.3, 0.4, 0.5, 0.15, 0.9, 0.7, 0.35];

  it("give slope, Brier score and curve, and the net benefit at each threshold, with their methods", async () => {
    const file = await table("risk.csv", { y, risk });
    const common = ["--table", file, "--outcome", "y", "--score", "risk"];
    const { curves, method } = await json<{
      curves: { n: number; brier: number; slope: { value: number }; bins: unknown[] }[];
      method: string;
    }>("stats", "calibration", ...common, "--groups", "5");
    expect(curves[0]).toMatchObject({ score: "risk", n: 10, events: 4, slope: { value: expect.any(Number) } });
    expect(curves[0]!.brier).toBeCloseTo(y.reduce((sum, outcome, i) => sum + (outcome - risk[i]!) ** 2, 0) / 10, 12);
    expect(curves[0]!.bins).toHaveLength(5);
    expect(method).toMatch(/Wilson's 95%/);
    const dca = await json<{ curves: { points: { threshold: number; netBenefit: number }[] }[] }>(
      "stats",
      "dca",
      ...common,
      "--thresholds",
      "0.1,0.5,0.2",
    );
    expect(dca.curves[0]!.points.map(({ threshold }) => threshold)).toEqual([0.1, 0.3, 0.5]);
    expect(dca.curves[0]!.points[2]!.netBenefit).toBeCloseTo((3 - 1) / 10, 12);
    expect((await islet(["stats", "dca", ...common, "--thresholds", "0.1,0.5,0.2"])).stdout).toMatch(/10 rows, 4 events/);
  });

  it("refuse what is no probability, one class, and thresholds out of range, with exit code 2", async () => {
    const file = await table("risk-bad.csv", { y, one: y.map(() => 1), score: risk.map((p) => 3 * p) });
    const run = (command: string, ...args: string[]) => islet(["stats", command, "--table", file, ...args]);
    expect(await run("calibration", "--outcome", "y", "--score", "score")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/risk-bad\.csv, row 4, column score: expected a probability from 0 to 1; got 1\.7/),
    });
    expect(await run("dca", "--outcome", "one", "--score", "y")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/column one: patients with and without the event are needed, but 10 of 10 have it/),
    });
    expect(await run("dca", "--outcome", "y", "--score", "y", "--thresholds", "0,1,0.1")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/expected FROM,TO,STEP/),
    });
  });
});

describe("islet stats delong, confusion and roc", () => {
  const y = [0, 0, 1, 0, 1, 0, 0, 1, 1, 0, 1, 0];
  const columns = {
    y,
    a: [1, 3, 4, 2, 7, 5, 1, 9, 8, 4, 3, 2],
    b: [2, 1, 5, 4, 3, 6, 2, 4, 6, 1, 7, 3],
    h: y.map((_, i) => (i % 6 < 3 ? "I" : "II")),
  };

  it("print the matrix of all scores with adjusted P, paired and between groups", async () => {
    const file = await table("scores.csv", columns);
    const common = ["--table", file, "--outcome", "y", "--score", "a"];
    const paired = await json<{ pairs: object[]; method: string }>("stats", "delong", ...common, "--score", "b", "--score", "y");
    expect(paired.pairs).toHaveLength(3);
    expect(paired.pairs[0]).toMatchObject({
      a: "a",
      b: "b",
      p: expect.any(Number),
      pHolm: expect.any(Number),
      pBenjaminiHochberg: expect.any(Number),
    });
    const groups = await json<{ scores: { groups: object[]; t: number }[] }>("stats", "delong", ...common, "--group", "h");
    expect(groups.scores[0]!.groups).toMatchObject([
      { name: "I", n: 6, positives: 3 },
      { name: "II", n: 6, positives: 2 },
    ]);
    expect((await islet(["stats", "delong", ...common])).stderr).toMatch(/--score: name two scores or more/);
    expect((await islet(["stats", "delong", ...common, "--group", "b"])).code).toBe(2);
  });

  it("print measures with both intervals, McNemar's test, and parts of the ROC curve", async () => {
    const file = await table("scores.csv", columns);
    const common = ["--table", file, "--outcome", "y", "--score", "a"];
    const { scores, mcnemar } = await json<{ scores: object[]; mcnemar: object[] }>(
      "stats",
      "confusion",
      ...common,
      "--score",
      "b",
      "--threshold",
      "4",
    );
    expect(scores[0]).toMatchObject({
      score: "a",
      threshold: 4,
      sensitivity: { count: 4, of: 5, exact: expect.any(Array), wilson: expect.any(Array) },
    });
    expect(mcnemar[0]).toMatchObject({ a: "a", b: "b", accuracy: { pExact: expect.any(Number) } });
    const { curves } = await json<{ curves: { partial: object; points: object[] }[] }>(
      "stats",
      "roc",
      ...common,
      "--specificity",
      "0.8,1",
      "--points",
    );
    expect(curves[0]).toMatchObject({
      partial: { axis: "specificity", from: 0.8, to: 1, area: expect.any(Number) },
      averagePrecision: expect.any(Number),
    });
    expect(curves[0]!.points.length).toBeGreaterThan(5);
    expect(await islet(["stats", "roc", ...common, "--sensitivity", "1,0"])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/expected FROM,TO/),
    });
    expect(await islet(["stats", "confusion", ...common, "--threshold", "high"])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/expected a number or "youden"/),
    });
  });
});

describe("islet stats reclassification", () => {
  it("counts who moves, by any change or by categories", async () => {
    const file = await table("risks.csv", {
      y: [0, 0, 1, 1, 0, 1],
      old: [0.1, 0.3, 0.4, 0.6, 0.5, 0.2],
      new: [0.05, 0.2, 0.7, 0.65, 0.55, 0.3],
    });
    const args = ["stats", "reclassification", "--table", file, "--outcome", "y", "--before", "old", "--after", "new"];
    const any = await json<{ nri: { value: number }; idi: { value: number } }>(...args);
    expect(any).toMatchObject({ events: { n: 3, up: 3, down: 0 }, nonEvents: { n: 3, up: 1, down: 2 } });
    expect(any.nri.value).toBeCloseTo(1 + 1 / 3, 12);
    expect(any.idi.value).toBeCloseTo(0.45 / 3 + 0.1 / 3, 12);
    expect(await json(...args, "--threshold", "0.5")).toMatchObject({ events: { up: 1, down: 0 }, nonEvents: { up: 0, down: 0 } });
    expect((await islet([...args, "--threshold", "1"])).code).toBe(2);
  });
});

describe("islet stats collinearity", () => {
  it("gives r, P, histograms, clusters and variance inflation, and one set of columns against another", async () => {
    const a1 = [1, 2, 3, 4, 5, 6, 7, 8];
    const file = await table("features.csv", {
      a1,
      a2: a1.map((v) => v + (v % 2)),
      v1: [3, 1, 4, 1, 5, 9, 2, 6],
      v2: [2, 7, 1, 8, 2, 8, 1, 8],
    });
    const within = await json<{ n: number; pairs: number; clusters: { columns: string[] }[]; vif: object[]; r: number[][] }>(
      "stats",
      "collinearity",
      "--table",
      file,
    );
    expect(within).toMatchObject({
      n: 8,
      pairs: 6,
      clusters: [{ columns: ["a1", "a2"] }],
      r: [[1, expect.any(Number), expect.any(Number), expect.any(Number)], {}, {}, {}],
    });
    expect(within.vif).toHaveLength(4);
    const across = await json<{ rows: string[]; columns: string[]; r: number[][] }>(
      "stats",
      "collinearity",
      "--table",
      file,
      "--column",
      "a*",
      "--against",
      "v*",
    );
    expect([across.rows, across.columns]).toEqual([
      ["a1", "a2"],
      ["v1", "v2"],
    ]);
    expect(across.r[1]![0]).toBeCloseTo(within.r[1]![2]!, 14);
    expect(await islet(["stats", "collinearity", "--table", file, "--threshold", "2"])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/expected an \|r\| from 0 to 1/),
    });
  });
});

describe("islet stats agreement", () => {
  it("gives ICC and limits for measurements, kappa for findings", async () => {
    const file = await table("readers.csv", {
      A: [10, 12, 15, 20, 18],
      B: [11, 12, 16, 19, 20],
      x: ["n", "y", "n", "y", "n"],
      y: ["n", "y", "y", "y", "n"],
      z: ["n", "n", "n", "y", "n"],
    });
    const measured = await json<{ icc: { icc21: { value: number } }; blandAltman: { bias: number }[] }>(
      "stats",
      "agreement",
      "--table",
      file,
      "--reader",
      "A",
      "--reader",
      "B",
    );
    expect(measured.icc.icc21.value).toBeGreaterThan(0.9);
    expect(measured.blandAltman[0]!.bias).toBeCloseTo(-0.6, 12);
    const found = await json<{ cohen: { kappa: number }[]; fleiss: { kappa: number } }>(
      "stats",
      "agreement",
      "--table",
      file,
      "--reader",
      "x",
      "--reader",
      "y",
      "--reader",
      "z",
    );
    expect(found.cohen[0]!.kappa).toBeCloseTo(1 - 0.2 / 0.52, 12);
    expect(found.fleiss.kappa).toBeGreaterThan(0);
    expect((await islet(["stats", "agreement", "--table", file, "--reader", "x", "--reader", "y"])).stdout).toMatch(/Cohen +x, y +0\.615/);
    expect(await islet(["stats", "agreement", "--table", file, "--reader", "A"])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/name two readers or more/),
    });
  });
});

describe("islet stats roc on groups of the paper's sizes", () => {
  // AUC and P against 0.5 as Song et al. 2021 print them; of 10 with and 46 without recurrence, and 9 and 9.
  const internal = [
    [0.74, "0.020"],
    [0.68, "0.083"],
    [0.7, "0.044"],
    [0.8, "0.003"],
    [0.58, "0.429"],
    [0.72, "0.034"],
    [0.53, "0.748"],
    [0.75, "0.015"],
    [0.79, "0.004"],
    [0.83, "0.001"],
  ] as const;
  const external = [
    [0.56, "0.691"],
    [0.77, "0.058"],
    [0.48, "0.895"],
    [0.64, "0.310"],
    [0.494, "0.965"],
    [0.506, "0.965"],
  ] as const;

  /** Scores by which `halves` half pairs of a case and a control stand in the right order: controls at 1, 2, ...; a case at b + 1/2 stands above b of them. */
  const scores = (cases: number, controls: number, halves: number) => [
    ...Array.from({ length: controls }, (_, j) => j + 1),
    ...Array.from({ length: cases }, (_, i) => (Math.floor(halves / cases) + (i < halves % cases ? 1 : 0) + 1) / 2),
  ];

  it.each([
    ["internal", 10, 46, internal],
    ["external", 9, 9, external],
  ] as const)(
    "gives the printed P of the %s cohort for some AUC that rounds to the printed one",
    async (name, cases, controls, printed) => {
      const all = 2 * cases * controls;
      const rounds = (auc: number, want: number) =>
        auc.toFixed(want < 0.51 && want > 0.49 ? 3 : 2) === want.toFixed(want < 0.51 && want > 0.49 ? 3 : 2);
      const candidates = Array.from({ length: all + 1 }, (_, halves) => halves).filter((halves) =>
        [...printed, [0.52]].some(([auc]) => rounds(halves / all, auc!)),
      );
      const file = await table(`${name}.csv`, {
        y: [...Array.from({ length: controls }, () => 0), ...Array.from({ length: cases }, () => 1)],
        ...Object.fromEntries(candidates.map((halves) => [`s${halves}`, scores(cases, controls, halves)])),
      });
      const { curves } = await json<{ curves: { n: number; auc: number; pRandom: number }[] }>(
        "stats",
        "roc",
        "--table",
        file,
        "--outcome",
        "y",
        ...candidates.flatMap((halves) => ["--score", `s${halves}`]),
      );
      expect(curves.map(({ auc }) => auc)).toEqual(candidates.map((halves) => halves / all));
      for (const [auc, p] of printed)
        expect(
          curves.filter((curve) => rounds(curve.auc, auc)).map(({ pRandom }) => pRandom.toFixed(3)),
          `AUC ${auc}`,
        ).toContain(p);
      // The one misprint: no AUC that rounds to .52 has P .965.
      const near52 = curves.filter((curve) => rounds(curve.auc, 0.52)).map(({ pRandom }) => pRandom.toFixed(3));
      expect(near52.length).toBeGreaterThan(0);
      expect(near52).not.toContain("0.965");
    },
  );
});
