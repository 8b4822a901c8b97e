// Every statistics command on tables that are wrong in every usual way, through the whole command line.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { main } from "../index.ts";
import { statsCommand } from "./stats.ts";

const N = 24;
const number = (i: number, k: number) => ((i * 7 + k * 5) % 23) + ((i * k) % 5) / 10;
const columns: Record<string, (i: number) => string | number> = {
  id: (i) => `p${i}`,
  y: (i) => i % 2,
  risk: (i) => number(i, 1) / 30 + 0.02,
  risk2: (i) => number(i, 3) / 30 + 0.02,
  x: (i) => number(i, 2) - 10,
  t: (i) => number(i, 4) + 1,
  e: (i) => (i % 3 === 0 ? 0 : 1),
  cause: (i) => i % 3,
  g: (i) => (i % 2 === 0 ? "a" : "b"),
  // the faults
  text: (i) => (i === 5 ? "high" : number(i, 2)),
  none: () => "",
  flat: () => 4,
  ones: () => 1,
  zeros: () => 0,
  half: (i) => (i === 3 ? 0.5 : i % 2),
  negative: (i) => (i === 3 ? -2 : number(i, 4) + 1),
  code: (i) => (i === 4 ? 7 : i % 2),
  dup: (i) => (i === 9 ? "p0" : `p${i}`),
  same: () => "a",
  three: (i) => "abc"[(i >> 2) % 3]!,
};

let folder: string;
let table: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-bad-"));
  table = join(folder, "t.csv");
  const rows = Array.from({ length: N }, (_, i) => Object.values(columns).map((value) => value(i)));
  await writeFile(table, [Object.keys(columns), ...rows].map((cells) => cells.join(",")).join("\n"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** What `islet stats COMMAND --table t.csv ARGS` prints and exits with; the table's folder is cut from the messages. */
async function stats(command: string, args: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const written = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const)
    vi.spyOn(process[stream], "write").mockImplementation((text) => {
      written[stream] += String(text).replaceAll(`${folder}/`, "");
      return true;
    });
  const listeners = process.stdout.listeners("error");
  await main(["node", "islet", "stats", command, "--table", table, ...args.split(" ")]);
  // A process runs one command; this one runs many, and Node warns of the eleventh listener.
  for (const listener of process.stdout.listeners("error"))
    if (!listeners.includes(listener)) process.stdout.removeListener("error", listener as () => void);
  return { code: Number(process.exitCode ?? 0), ...written };
}

const CLASSES = "patients with and without the event are needed, but 24 of 24 have it; check that 1 means the event";
const TIME = "row 5, column negative: expected a time of 0 or more; got -2; mend the dates or leave the row out";
const NUMBER = 'row 7, column text: expected a number; got "high"';
const TWICE =
  'column dup: "p0" is in rows 2 and 11; a patient counts once: keep one of the rows, or do not call the column an id if its rows are independent';
const EMPTY = "column none: has no values;";

/** Commands, what works, and what is wrong with the table: arguments and the beginning of the sentence after the file's name. */
const cases: Record<string, { good: string; bad: readonly (readonly [args: string, sentence: string])[] }> = {
  roc: {
    good: "--outcome y --score risk --id id",
    bad: [
      ["--outcome y --score text", NUMBER],
      ["--outcome y --score none", EMPTY],
      ["--outcome ones --score risk", `column ones: ${CLASSES}`],
      ["--outcome half --score risk", 'row 5, column half: expected 0 or 1; got "0.5"'],
      ["--outcome y --score risk --id dup", TWICE],
      ["--outcome y --score rsk", 'has no column "rsk"; did you mean "risk"?'],
    ],
  },
  delong: {
    good: "--outcome y --score risk --score risk2 --id id",
    bad: [
      ["--outcome y --score risk --score text", NUMBER],
      ["--outcome y --score risk --score none", EMPTY],
      ["--outcome ones --score risk --score x", `column ones: ${CLASSES}`],
      ["--outcome y --score risk --group three", "column three: has 3 groups (a, b, c); two are compared"],
      ["--outcome y --score risk --cluster none", "column none: is empty; every row needs its cluster"],
      ["--outcome y --score risk --cluster nobody", 'has no column "nobody"'],
      ["--outcome y --score risk --group same", 'column same: every row is "a"; two groups or more are needed'],
      [
        "--outcome y --score risk --group g",
        "column y: an ROC curve needs patients with and without the event in each group, but in g a 0 of 12",
      ],
      ["--outcome y --score risk --score x --id dup", TWICE],
    ],
  },
  confusion: {
    good: "--outcome y --score risk --threshold youden --id id",
    bad: [
      ["--outcome y --score text --threshold 1", NUMBER],
      ["--outcome y --score none --threshold 1", EMPTY],
      ["--outcome ones --score risk --threshold 1", `column ones: ${CLASSES}`],
      ["--outcome y --score risk --threshold 1 --id dup", TWICE],
    ],
  },
  reclassification: {
    good: "--outcome y --before risk --after risk2 --id id",
    bad: [
      ["--outcome y --before risk --after flat", "row 2, column flat: expected a probability from 0 to 1; got 4"],
      ["--outcome y --before text --after risk", NUMBER],
      ["--outcome ones --before risk --after risk2", `column ones: ${CLASSES}`],
      ["--outcome y --before risk --after risk", "column risk: is named twice"],
      ["--outcome y --before risk --after risk2 --id dup", TWICE],
    ],
  },
  calibration: {
    good: "--outcome y --score risk --id id",
    bad: [
      ["--outcome y --score x", "row 3, column x: expected a probability from 0 to 1"],
      ["--outcome y --score none", EMPTY],
      ["--outcome ones --score risk", `column ones: ${CLASSES}`],
      ["--outcome y --score risk --id dup", TWICE],
    ],
  },
  dca: {
    good: "--outcome y --score risk --id id",
    bad: [
      ["--outcome y --score text", NUMBER],
      ["--outcome ones --score risk", `column ones: ${CLASSES}`],
      ["--outcome y --score risk --id dup", TWICE],
    ],
  },
  univariate: {
    good: "--group g --variable x --variable flat --variable none --variable three",
    bad: [
      ["--group g --variable text", "row 7, column text: expected a number, as in 23 other rows"],
      ["--group same", 'column same: every row is "a"; two groups or more are needed'],
      ["--group none", "row 2, column none: is empty; every row needs its group"],
      ["--group id", "column id: has 24 groups (p0, p1, p10, p11, p12, ...); at most 20 are compared"],
      ["--group g --variable x --id dup", TWICE],
      ["--group g --leave-out ix", 'has no column "ix"'],
    ],
  },
  collinearity: {
    good: "--column x --column risk --column flat --column none --column g",
    bad: [
      ["--column text --column x", NUMBER],
      ["--column none --column flat", "no column of numbers is left to compare (none has no values, flat has a single value)"],
      ["--column x --column risk --id dup", TWICE],
    ],
  },
  agreement: {
    good: "--reader x --reader risk --id id",
    bad: [
      ["--reader x --reader text", "row 7, column text: expected a number, as in other cells"],
      ["--reader x --reader none", EMPTY],
      ["--reader x --reader x", "column x: is named twice; a reader has one column"],
      ["--reader x --reader risk --id dup", TWICE],
    ],
  },
  km: {
    good: "--time t --event e --group three --id id",
    bad: [
      ["--time negative --event e", TIME],
      ["--time text --event e", NUMBER],
      ["--time none --event e", EMPTY],
      ["--time t --event code", "row 6, column code: expected 1 (event) or 0 (censored); got 7; code the event so"],
      ["--time t --event half", "row 5, column half: expected 1 (event) or 0 (censored); got 0.5"],
      ["--time t --event e --group same", 'column same: every row is "a"; a comparison needs two groups or more'],
      ["--time t --event e --id dup", TWICE],
    ],
  },
  cox: {
    good: "--time t --event e --covariate x --covariate three --id id",
    bad: [
      ["--time negative --event e --covariate x", TIME],
      ["--time t --event code --covariate x", "row 6, column code: expected 1 (event) or 0 (censored); got 7"],
      ["--time t --event zeros --covariate x", "column zeros: none of the 24 rows used has the event (1); check the codes"],
      ["--time t --event e --covariate text", NUMBER],
      ["--time t --event e --covariate none", EMPTY],
      ["--time t --event e --covariate flat", "column flat: is 4 in each of the 24 rows used and says nothing; leave it out"],
      ["--time t --event e --covariate x --id dup", TWICE],
    ],
  },
  coxnet: {
    good: "--time t --event e --covariate x --covariate risk* --folds 3 --id id",
    bad: [
      ["--time negative --event e --covariate x", TIME],
      ["--time t --event zeros --covariate x", "column zeros: none of the 24 rows used has the event"],
      ["--time t --event e --covariate text", NUMBER],
      ["--time t --event e --covariate flat", "column flat: is 4 in each of the 24 rows used"],
      ["--time t --event e --covariate no*", "no candidate is left (none has no values)"],
      ["--time t --event e --covariate x --id dup", TWICE],
    ],
  },
  competing: {
    good: "--time t --event cause --group g --id id",
    bad: [
      ["--time negative --event cause", TIME],
      ["--time t --event code", "row 6, column code: expected 0 (censored), 1 (event) or 2 (competing event); got 7"],
      ["--time t --event none", EMPTY],
      ["--time t --event cause --id dup", TWICE],
    ],
  },
  "time-roc": {
    good: "--time t --event e --score x --at 12 --id id",
    bad: [
      ["--time negative --event e --score x --at 12", TIME],
      ["--time t --event zeros --score x --at 12", "column zeros: none of the 24 rows used has the event"],
      ["--time t --event e --score text --at 12", NUMBER],
      ["--time t --event e --score none --at 12", EMPTY],
      ["--time t --event e --score x --at 12 --id dup", TWICE],
    ],
  },
};

describe("islet stats", () => {
  it("has a row here for every command", () => {
    expect(Object.keys(cases).toSorted()).toEqual(
      statsCommand()
        .commands.map((command) => command.name())
        .toSorted(),
    );
  });

  it.each(Object.entries(cases).map(([command, { good }]) => [command, good] as const))(
    "%s does its work on a good table, and says with which method or reference and for how many rows",
    async (command, good) => {
      const { code, stdout } = await stats(command, `${good} --json`);
      expect(code).toBe(0);
      const report = JSON.parse(stdout) as Record<string, unknown>;
      expect(report["method"] ?? report["references"], "method or references").toBeTruthy();
      expect(stdout).toMatch(/"n": 24\b/);
      const person = await stats(command, good);
      expect(person.stdout).toMatch(/24/);
    },
  );

  it.each(Object.entries(cases).flatMap(([command, { bad }]) => bad.map(([args, sentence]) => [command, args, sentence] as const)))(
    "%s %s is refused with one sentence and exit code 2",
    async (command, args, sentence) => {
      const { code, stdout, stderr } = await stats(command, args);
      expect([code, stdout, stderr.trimEnd().split("\n").length]).toEqual([2, "", 1]);
      expect(stderr.replace(/^islet: t\.csv(, |: )/, "")).toContain(sentence);
      expect(stderr.startsWith("islet: t.csv")).toBe(true);
    },
  );
});
