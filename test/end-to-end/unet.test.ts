// Training, evaluation and segmentation from outside: tables and scans in, weights, pictures and masks out.
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parameterTable, readSafetensors } from "@islet/gpu-unet";
import { randomFor, writeNifti } from "@islet/pipeline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ballScan } from "../helpers/ball.ts";
import { islet } from "../helpers/cli.ts";

let folder: string;
const at = (...name: string[]) => join(folder, ...name);
const PATIENTS = ["P1", "P2", "P3", "P4"];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-unet-"));
  await mkdir(at("scans"));
  for (const name of PATIENTS) {
    const { volume, mask } = ballScan(randomFor(1, "ball", name));
    await writeFile(at("scans", `${name}.nii.gz`), await writeNifti(volume));
    await writeFile(at("scans", `${name}-mask.nii.gz`), await writeNifti(mask));
  }
  await writeFile(at("scans", "broken.nii.gz"), "this is no image");
  const rows = PATIENTS.map((name) => `${name},scans/${name}.nii.gz,scans/${name}-mask.nii.gz`);
  await writeFile(at("cases.csv"), `patient_id,image,mask\n${rows.join("\n")}\nP5,scans/broken.nii.gz,scans/P1-mask.nii.gz\n`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const SETTINGS = "--window 20,200 --base-width 2 --input-size 32 --lr 5e-3 --augment all --backend wasm --json".split(" ");
const train = (out: string, ...more: string[]) => [
  "unet",
  "train",
  "--cases",
  at("cases.csv"),
  "-o",
  at(out, "w.safetensors"),
  ...SETTINGS,
  ...more,
];
const tensorsOf = async (file: string) => readSafetensors(await readFile(file), file).tensors;
const epochsIn = async (out: string) => {
  const text = await readFile(at(out, "w.training.csv"), "utf8").catch(() => "");
  return Math.max(0, text.trim().split("\n").length - 1);
};

describe("islet unet train", () => {
  it("trains, names and leaves out a broken case, and writes weights, record, curve and figure", async () => {
    const { code, stdout, stderr } = await islet(train("whole", "--epochs", "12"));
    expect(stderr).toMatch(/P5 is left out: .*broken\.nii\.gz/);
    expect(stderr).toMatch(/3 patients train with \d+ slices, 1 validate/);
    expect(stderr).toMatch(/epoch 12\/12 {2}loss \d\.\d{4} {2}validation DSC/);
    expect(code).toBe(0);
    const result = JSON.parse(stdout) as {
      best: { epoch: number; dsc: number };
      epochs: number;
      excluded: unknown[];
      split: { validation: string[] };
    };
    expect(result).toMatchObject({ epochs: 12, excluded: [{ patient: "P5" }] });
    expect(result.split.validation).toHaveLength(1);
    expect((await readdir(at("whole"))).sort()).toEqual([
      "w.checkpoint.safetensors",
      "w.safetensors",
      "w.training.csv",
      "w.training.json",
      "w.training.svg",
    ]);
    const record = JSON.parse(await readFile(at("whole", "w.training.json"), "utf8")) as {
      cases: { sha256: { image: string } }[];
      end: string;
      best: object;
    };
    expect(record.cases).toHaveLength(4);
    expect(record.cases[0]!.sha256.image).toMatch(/^[0-9a-f]{64}$/);
    expect(record.end).toBe("epochs");
    expect(record.best).toEqual(result.best);
    const info = await islet(["unet", "info", at("whole", "w.safetensors")]);
    expect(info.stdout).toMatch(/training +3 patients, checked on 1 other: mean DSC/);
    expect([...(await tensorsOf(at("whole", "w.safetensors"))).keys()]).toEqual(
      parameterTable({ baseWidth: 2, inChannels: 1, classes: 2, activation: "elu" }).map(({ name }) => name),
    );
  });

  it("killed with SIGKILL and started again, on another number of threads, ends with the same weights, state and curve", async () => {
    const isKilled = await islet(train("killed", "--epochs", "12", "--threads", "1"), {
      killOnce: async () => (await epochsIn("killed")) >= 2,
    });
    expect(isKilled.code).toBeNull();
    const before = await epochsIn("killed");
    expect(before).toBeGreaterThanOrEqual(2);
    expect(before).toBeLessThan(12);
    const again = await islet(train("killed", "--epochs", "12", "--threads", "2"));
    expect(again.stderr).toMatch(/going on after epoch \d/);
    expect(again.code).toBe(0);
    for (const name of ["w.safetensors", "w.checkpoint.safetensors"]) {
      expect(await tensorsOf(at("killed", name))).toEqual(await tensorsOf(at("whole", name)));
    }
    const curve = async (out: string) =>
      (JSON.parse(await readFile(at(out, "w.training.json"), "utf8")) as { curve: { seconds: number }[] }).curve;
    const timeless = (rows: { seconds: number }[]) => rows.map((row) => ({ ...row, seconds: 0 }));
    expect(timeless(await curve("killed"))).toEqual(timeless(await curve("whole")));
  });

  it("does nothing twice: the finished command only writes its results again", async () => {
    const { mtimeMs } = await stat(at("whole", "w.checkpoint.safetensors"));
    const { code, stderr } = await islet(train("whole", "--epochs", "12"));
    expect(code).toBe(0);
    expect(stderr).toMatch(/finished before, after epoch 12: nothing is left to train, the files are written again/);
    expect(stderr).not.toMatch(/going on/);
    expect((await stat(at("whole", "w.checkpoint.safetensors"))).mtimeMs).toBe(mtimeMs);
  });

  it("will not go on from another training's checkpoint unless told to start afresh", async () => {
    const { code, stderr } = await islet(train("whole", "--epochs", "12", "--seed", "2"));
    expect(code).toBe(2);
    expect(stderr).toMatch(/w\.checkpoint\.safetensors: holds a training with other images, settings.*--fresh/);
  });

  it("refuses a command without a window, a bad option and a table without cases, each in a sentence", async () => {
    const base = ["unet", "train", "--cases", at("cases.csv"), "-o", at("no.safetensors")];
    expect(await islet(base)).toMatchObject({ code: 2, stderr: expect.stringMatching(/one of --window <level,width> and --percentiles/) });
    expect(await islet([...base, "--window", "20,200", "--schedule", "steps"])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/expected constant, cosine or step:EPOCHS,FACTOR/),
    });
    await writeFile(at("none.csv"), "patient_id,image,mask\na,scans/broken.nii.gz,scans/P1-mask.nii.gz\n");
    expect(await islet(["unet", "train", "--cases", at("none.csv"), "--window", "20,200", "-o", at("no.safetensors")])).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/none of its 1 cases can be used/),
    });
  });
});

describe("islet unet eval", () => {
  it("gives DSC per patient beside the box's, says who trained the network, and writes a picture of each", async () => {
    const args = ["unet", "eval", "--cases", at("cases.csv"), "--weights", at("whole", "w.safetensors"), "--backend", "wasm"];
    const { code, stdout } = await islet([...args, "--overlays", at("pictures"), "-o", at("dsc.csv"), "--json"]);
    expect(code).toBe(0);
    const { cases, summary } = JSON.parse(stdout) as {
      cases: { role: string; dsc: number; box: number }[];
      summary: Record<"network" | "box" | "gain", { n: number; median: number }>;
    };
    expect(cases.map(({ role }) => role).sort()).toEqual(["trained", "trained", "trained", "validated"]);
    expect(summary.network.n).toBe(4);
    expect((await readdir(at("pictures"))).sort()).toEqual(PATIENTS.map((name) => `${name}.png`));
    expect((await readFile(at("dsc.csv"), "utf8")).trim().split("\n")).toHaveLength(5);
    const text = await islet(args);
    expect(text.stdout).toMatch(/4 of these cases trained the network or chose its weights/);
    expect(text.stdout).toMatch(/^network +4 /m);
  });
});

describe("islet segment", () => {
  it("writes a mask by the recorded window that islet radiomics takes, and its DSC with the truth", async () => {
    const scan = at("scans", "P2.nii.gz");
    const truth = at("scans", "P2-mask.nii.gz");
    await islet(["roi", "simulate", "--mask", truth, "-o", at("rough.json")]);
    const args = ["segment", "--image", scan, "--roi", at("rough.json"), "--weights", at("whole", "w.safetensors"), "--backend", "wasm"];
    const { code, stdout } = await islet([...args, "-o", at("found.nii.gz"), "--truth", truth, "--tta", "--json"]);
    expect(code).toBe(0);
    const result = JSON.parse(stdout) as { dice: { mask: number; box: number }; provenance: object };
    expect(result.provenance).toMatchObject({ inputSize: 32, flips: true, preprocess: { window: { level: 20, width: 200 } } });
    expect(result.dice.mask).toBeGreaterThan(result.dice.box);
    const features = await islet(["radiomics", "--image", scan, "--mask", at("found.nii.gz"), "--preset", "song-2021", "--json"]);
    expect(features.code).toBe(0);
  });

  it("asks for a window where the weights record none", async () => {
    await islet(["unet", "init", "--base-width", "1", "-o", at("untrained.safetensors")]);
    const args = [
      "segment",
      "--image",
      at("scans", "P2.nii.gz"),
      "--roi",
      at("scans", "P2-mask.nii.gz"),
      "--weights",
      at("untrained.safetensors"),
    ];
    expect(await islet([...args, "-o", at("none.nii.gz")])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/untrained\.safetensors: holds no record of the window.*--window or --percentiles/),
    });
  });
});
