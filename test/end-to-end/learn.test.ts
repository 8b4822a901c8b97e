// The learner's commands from outside: what they print, and the sentence for each kind of bad table.
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { randomFor, randomNormal } from "../../packages/pipeline/src/random.ts";
import { islet } from "../helpers/cli.ts";

let folder: string;
const at = (name: string) => join(folder, name);

/** 40 rows of 20 patients on two scanners, two informative features of six, one gap in f3, a category. */
function lesions(): string {
  const random = randomFor(1, "lesions");
  const rows = Array.from({ length: 40 }, (_, i) => {
    const y = i % 4 === 0 ? 1 : 0;
    const f = Array.from({ length: 6 }, (_, j) => (randomNormal(random) + (j < 2 ? 1.5 * y : 0) + (i % 2)).toFixed(4));
    if (i === 7) f[3] = "";
    return [`lesion ${i}`, `patient ${i >> 1}`, i % 2 ? "X" : "Y", random() < 0.5 ? "M" : "F", y, ...f].join(",");
  });
  return ["id,patient,scanner,sex,y,f0,f1,f2,f3,f4,f5", ...rows].join("\n");
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-learn-"));
  await writeFile(at("lesions.csv"), lesions());
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const cv = (...args: string[]) => islet(["learn", "cv", "--table", at("lesions.csv"), "--outcome", "y", "--id", "id", ...args]);
const QUICK = ["--impute", "median", "--classifier", "l2", "--c", "0.1,1"];

describe("islet learn cv", () => {
  it("has every step as an option, and gives the contract's keys and what a reviewer asks for", async () => {
    const options =
      "--missing-flag --group patient --batch scanner --categorical sex --always sex --select univariate=0.2,correlation=0.95,top=4 --scale robust " +
      "--class-weight none --inner-folds 3 --folds 4 --repeats 2 --threshold cost=3:1 --importance 2 --permutations 3 --random 5";
    const { code, stdout, stderr } = await cv("--json", ...QUICK, ...options.split(" "));
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as Record<string, unknown> & { folds: { repeat?: number; features: string[] }[]; settings: object };
    expect(Object.keys(report)).toEqual(
      expect.arrayContaining([
        "auc",
        "ci",
        "p",
        "acc",
        "sen",
        "spc",
        "threshold",
        "folds",
        "predictions",
        "stability",
        "features",
        "sampleSize",
      ]),
    );
    expect(report.folds).toHaveLength(8);
    for (const { features } of report.folds) expect(features.at(-1)).toBe("sex=M");
    expect(report["permutation"]).toMatchObject({ permutations: 3 });
    expect(report["repeats"]).toMatchObject({ auc: [expect.any(Number), expect.any(Number)] });
    expect(report.settings).toMatchObject({
      group: "patient",
      harmonise: { batch: "scanner" },
      threshold: { rule: "cost", falseNegative: 3 },
    });
    expect(stderr).toMatch(/10 events for \d+ candidate features/);
  });

  it("takes the same from a settings file, options first, and prints the method, the tests' names and n", async () => {
    await writeFile(at("learn.yaml"), "impute: median\nfolds: 3\nclassifier: { kind: logistic, penalty: l1, C: [0.5] }\nselect: []\n");
    const { code, stdout, stderr } = await cv("--settings", at("learn.yaml"), "--folds", "5");
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^n 40, events 10; 5-fold stratified cross-validation, each: missing values by median; no selection; z-scores; l1 logistic/,
    );
    expect(stdout).toMatch(/DeLong.*Mann-Whitney/);
    expect(stdout).toMatch(/Nogueira|stability of selection: none/);
    expect(stdout).toContain("Research use only.");
    expect(stderr).toContain("column sex holds words: no feature; name it with --categorical if they are categories");
  });

  it("estimates by the .632+ bootstrap and by leave-one-out", async () => {
    const bootstrap = JSON.parse((await cv("--json", ...QUICK, "--validation", "bootstrap", "--resamples", "15")).stdout) as {
      bootstrap: { auc: { plus632: number } };
      predictions: { fold: null }[];
    };
    expect(bootstrap.bootstrap.auc.plus632).toBeGreaterThan(0.5);
    expect(bootstrap.predictions[0]!.fold).toBeNull();
    const single = JSON.parse((await cv("--json", ...QUICK, "--validation", "leave-one-out")).stdout) as { folds: unknown[] };
    expect(single.folds).toHaveLength(40);
  });

  it("names an option's fault, or a settings file's key, and exits 2", async () => {
    for (const [args, sentence] of [
      [["--select", "anova"], /there is no step "anova"; expected univariate/],
      [["--threshold", "best"], /expected youden, sensitivity=0\.9 or cost=5:1; got "best"/],
      [["--group", "patent"], /has no column "patent"; did you mean "patient"/],
      [["--always", "sex", "--impute", "median"], /column sex: is to be in every model but is no feature/],
    ] as const)
      expect(await cv(...args)).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(sentence) });
    await writeFile(at("bad.yaml"), "fold: 3\n");
    expect(await cv("--settings", at("bad.yaml"))).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/bad\.yaml: unknown key "fold"; did you mean "folds"/),
    });
  });
});

describe("a table that cannot be learnt from", () => {
  const rows = (each: (i: number) => string, header = "id,a,b,y") => [header, ...Array.from({ length: 12 }, (_, i) => each(i))].join("\n");
  const good = (i: number) => `p${i},${i},${(i * 7) % 5},${i % 3 === 0 ? 1 : 0}`;
  const cases: [name: string, table: string, sentence: RegExp][] = [
    ["text among numbers", rows((i) => (i === 4 ? "p4,x,1,0" : good(i))), /row 6, column a: expected a number; got "x"/],
    ["a gap", rows((i) => (i === 4 ? "p4,,1,0" : good(i))), /row 6, column a: is empty; expected a number: .*learn cv fills gaps/],
    ["one class", rows((i) => `p${i},${i},1,0`), /column y: all 12 rows are 0; rows with and without the event are needed/],
    ["another code", rows((i) => `p${i},${i},1,${i % 3}`), /row 4, column y: expected 0 or 1; got "2"/],
    ["a name twice", rows((i) => (i === 4 ? good(3) : good(i))), /row 6, column id: "p3" is already in row 5/],
    ["constant columns", rows((i) => `p${i},5,1,${i % 2}`), /every feature has a single value \(a, b\)/],
    ["empty columns", rows((i) => `p${i},,,${i % 2}`), /has no column of numbers to learn from \(a has no values; b has no values\)/],
    ["a header alone", "id,a,b,y\n", /expected a header row and at least one row below it/],
  ];

  it.each(cases)(
    "is refused by learn cv and svm fit with one sentence that names the file, exit code 2: %s",
    async (name, table, sentence) => {
      const file = at(`${name.replaceAll(" ", "-")}.csv`);
      await writeFile(file, table);
      const common = ["--table", file, "--outcome", "y", "--id", "id"];
      const fit = ["svm", "fit", ...common, "-o", at("never.json")];
      // One reader of tables serves both: svm fit is tried where the sentence might have been its own.
      for (const args of /class|twice/.test(name) ? [["learn", "cv", ...common], fit] : [["learn", "cv", ...common]]) {
        const { code, stdout, stderr } = await islet(args);
        expect([code, stdout]).toEqual([2, ""]);
        expect(stderr).toMatch(sentence);
        expect(stderr).toContain(file);
        expect(stderr.trim().split("\n")).toHaveLength(1);
        expect(stderr).not.toMatch(/more folds|at .*\.js/);
      }
      expect(await readdir(folder)).not.toContain("never.json");
    },
  );

  it("says that three of a class are needed, in which column, and nothing of more folds", async () => {
    await writeFile(
      at("few.csv"),
      rows((i) => `p${i},${i},${(i * 7) % 5},${i < 2 ? 1 : 0}`),
    );
    const { code, stderr } = await islet(["learn", "cv", "--table", at("few.csv"), "--outcome", "y"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/few\.csv, column y: the smaller class has 2 of 12; cross-validation needs at least 3 patients of each outcome/);
    expect(stderr).not.toMatch(/more folds/);
  });
});

describe("islet svm", () => {
  it("gives probabilities where the model was fitted with them, and null where not; a polynomial kernel too", async () => {
    await writeFile(
      at("t.csv"),
      ["id,a,b,y", ...Array.from({ length: 30 }, (_, i) => `p${i},${i},${(i * 7) % 5},${i % 3 === 0 || i > 22 ? 1 : 0}`)].join("\n"),
    );
    const common = ["--table", at("t.csv"), "--outcome", "y", "--id", "id", "--scale"];
    const decide = async (model: string) =>
      JSON.parse((await islet(["svm", "decide", "--model", at(model), "--table", at("t.csv"), "--id", "id", "--json"])).stdout) as {
        decision: number[];
        probability: number[] | null;
      };
    expect((await islet(["svm", "fit", ...common, "--probability", "-o", at("p.json")])).code).toBe(0);
    const { decision, probability } = await decide("p.json");
    expect(probability).toHaveLength(30);
    const { platt } = JSON.parse(await readFile(at("p.json"), "utf8")) as { platt: { a: number; b: number } };
    expect(probability![0]).toBeCloseTo(1 / (1 + Math.exp(platt.a * decision[0]! + platt.b)), 12);
    expect((await islet(["svm", "fit", ...common, "--kernel", "poly", "--degree", "2", "--coef0", "1", "-o", at("poly.json")])).code).toBe(
      0,
    );
    expect((await decide("poly.json")).probability).toBeNull();
  });

  it("names the column that a table lacks for a model", async () => {
    await writeFile(at("lacks.csv"), "id,a\np,1\n");
    expect(await islet(["svm", "decide", "--model", at("p.json"), "--table", at("lacks.csv")])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/lacks\.csv: has no column "b"/),
    });
  });
});
