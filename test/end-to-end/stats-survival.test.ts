// Survival analysis from the command line, on cohorts whose answers R gave.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { islet } from "../helpers/cli.ts";
import { expectClose } from "../helpers/close.ts";
import { golden } from "../helpers/golden.ts";

interface Cohort {
  name: string;
  time: number[];
  event: number[];
  group: number[];
  x: Record<string, number[]>;
  summaries: { log: { n: number; events: number; median: (number | null)[]; common: number[] }[] };
  curves: { log: { time: number[]; atRisk: number[]; survival: number[] }[] };
  logRank: { chi2: number; df: number };
  efron: { coef: number[]; hr: number[]; logLik: [number, number]; concordance: [number, number] };
}
const lung = golden<{ cohorts: Cohort[] }>("r-survival").cohorts.find(({ name }) => name === "lung")!;

let folder: string;
let table: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-survival-"));
  table = join(folder, "lung.csv");
  const columns = { time: lung.time, event: lung.event, group: lung.group, ...lung.x };
  const rows = lung.time.map((_, i) =>
    Object.values(columns)
      .map((values) => values[i])
      .join(","),
  );
  await writeFile(table, [Object.keys(columns).join(","), ...rows].join("\n"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
const common = () => ["--table", table, "--time", "time", "--event", "event"];

describe("islet stats km", () => {
  it("prints R's curves, medians, means and log-rank test as JSON with the keys of the contract", async () => {
    const { code, stdout } = await islet(["stats", "km", ...common(), "--group", "group", "--json"]);
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as {
      groups: {
        name: string;
        n: number;
        events: number;
        median: Record<string, number | null>;
        mean: Record<string, number>;
        curve: { time: number; atRisk: number; survival: number }[];
      }[];
      logRank: { chi2: number; df: number; p: number };
    };
    for (const [g, want] of lung.summaries.log.entries()) {
      const got = report.groups[g]!;
      expect(got).toMatchObject({ name: String(g), n: want.n, events: want.events });
      expect([got.median["value"], got.median["lo"], got.median["hi"]]).toEqual(want.median);
      expectClose([got.mean["value"]!, got.mean["se"]!], want.common, { rtol: 1e-10 });
      expect(got.mean["limit"]).toBe(Math.max(...lung.time));
      expect(got.curve.map((row) => row.time)).toEqual(lung.curves.log[g]!.time);
      expectClose(
        got.curve.map((row) => row.survival),
        lung.curves.log[g]!.survival,
        { rtol: 1e-10 },
      );
    }
    expectClose([report.logRank.chi2, report.logRank.df], [lung.logRank.chi2, lung.logRank.df], { rtol: 1e-10 });
  });

  it("names method, references and n for a person, and both rules for the mean", async () => {
    const { code, stdout } = await islet(["stats", "km", ...common(), "--group", "group", "--conf-type", "plain"]);
    expect(code).toBe(0);
    for (const text of [/n = 226, 163 events/, /mean \(R\)/, /mean \(SPSS\)/, /at risk at/, /Tarone-Ware/, /Kaplan & Meier 1958/])
      expect(stdout).toMatch(text);
  });

  it("refuses bad tables with one sentence and exit code 2", async () => {
    const bad = join(folder, "bad.csv");
    await writeFile(bad, "time,event,group\n1,1,A\n-2,0,A\n");
    expect(await islet(["stats", "km", "--table", bad, "--time", "time", "--event", "event"])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/bad\.csv, row 3, column time: expected a time of 0 or more; got -2/),
    });
    await writeFile(bad, "time,event,group\n1,1,A\n2,0,A\n");
    expect(await islet(["stats", "km", "--table", bad, "--time", "time", "--event", "event", "--group", "group"])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/two groups or more/),
    });
  });
});

describe("islet stats cox", () => {
  it("prints coxph's coefficients, likelihood and concordance as JSON", async () => {
    const { code, stdout } = await islet([
      "stats",
      "cox",
      ...common(),
      ...Object.keys(lung.x).flatMap((name) => ["--covariate", name]),
      "--json",
    ]);
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as {
      coefficients: { name: string; coef: number; hr: number }[];
      concordance: number;
      logLik: number;
    };
    expect(report.coefficients.map(({ name }) => name)).toEqual(Object.keys(lung.x));
    expectClose(
      report.coefficients.map(({ coef }) => coef),
      lung.efron.coef,
      { rtol: 1e-8 },
    );
    expectClose([report.concordance, report.logLik], [lung.efron.concordance[0], lung.efron.logLik[1]], { rtol: 1e-8 });
  });

  it("prints a table with both tests of the model for a person, and refuses separation with exit code 2", async () => {
    const { code, stdout } = await islet(["stats", "cox", ...common(), "--covariate", "age", "--strata", "sex"]);
    expect(code).toBe(0);
    for (const text of [/n = 226, 163 events; ties by Efron; 2 strata/, /likelihood ratio/, /proportional hazards \(km\)/, /Harrell's C/])
      expect(stdout).toMatch(text);
    const bad = join(folder, "separate.csv");
    await writeFile(bad, "time,event,x\n1,1,1\n2,1,1\n3,1,1\n4,0,0\n5,0,0\n");
    expect(await islet(["stats", "cox", "--table", bad, "--time", "time", "--event", "event", "--covariate", "x"])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/covariate x: separates .* infinite/),
    });
  });
});

describe("islet stats competing", () => {
  it("prints the incidence of both events and Gray's tests as cmprsk gives them, and refuses a fourth code with exit code 2", async () => {
    const { cohorts } = golden<{ cohorts: { time: number[]; event: number[]; group: number[]; gray: { chi2: number[] } }[] }>(
      "r-competing",
    );
    const { time, event, group, gray } = cohorts[1]!;
    const file = join(folder, "competing.csv");
    const write = (codes: number[]) =>
      writeFile(file, ["time,event,group", ...time.map((t, i) => `${t},${codes[i]},${group[i]}`)].join("\n"));
    const args = ["stats", "competing", "--table", file, "--time", "time", "--event", "event", "--group", "group"];
    await write(event);
    const { code, stdout } = await islet([...args, "--json"]);
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as { groups: unknown[]; gray: { event: number; chi2: number }[] };
    expect(report.groups).toHaveLength(3);
    expectClose(
      report.gray.map((test) => test.chi2),
      gray.chi2,
      { rtol: 1e-10 },
    );
    await write(event.map((value, i) => (i === 0 ? 3 : value)));
    expect(await islet(args)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/row 2, column event: expected 0 \(censored\), 1 \(event\) or 2/),
    });
  });
});

describe("islet stats time-roc", () => {
  it("prints the AUC at each time asked for, and says when a time is too early", async () => {
    const args = ["stats", "time-roc", ...common(), "--score", "age", "--score", "ecog"];
    const { code, stdout } = await islet([...args, "--at", "180", "--at", "365", "--json"]);
    expect(code).toBe(0);
    const { scores } = JSON.parse(stdout) as { scores: { score: string; times: { time: number; auc: number; cases: number }[] }[] };
    expect(scores.map(({ score, times }) => [score, times.map(({ time }) => time)])).toEqual([
      ["age", [180, 365]],
      ["ecog", [180, 365]],
    ]);
    expect(scores[1]!.times[0]!.cases).toBe(lung.time.filter((t, i) => t <= 180 && lung.event[i] === 1).length);
    expect(await islet([...args, "--at", "1"])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/time 1: nobody has the event by then/),
    });
  });
});
