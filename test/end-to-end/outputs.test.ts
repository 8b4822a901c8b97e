// No command writes over what it reads. The inputs are no images: a command that looked at them first would complain of that.
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { islet } from "../helpers/cli.ts";

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-outputs-"));
  for (const name of ["scan", "slices", "scan/patients"]) await mkdir(at(name));
  for (const name of ["i.nii.gz", "m.nii.gz", "w.safetensors", "x.npy", "scan/heat.nii.gz", "slices/1.nii.gz", "stat_mean.nii.gz"])
    await writeFile(at(name), "scan");
  await writeFile(at("c.csv"), "patient_id,image,mask\nP1,slices,m.nii.gz\n");
  await writeFile(at("t.csv"), "id,time,event,x\na,1,1,2\n");
  await symlink("m.nii.gz", at("short.nii.gz"));
  await symlink("t.csv", at("short.csv"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const explain = ["explain", "--roi", "m.nii.gz", "--weights", "w.safetensors", "--model", "c.csv", "--window", "1,2"];
const commands: [what: string, out: string, args: string[]][] = [
  ["radiomics of one case", "./i.nii.gz", ["radiomics", "--image", "i.nii.gz", "--mask", "m.nii.gz", "-o", "./i.nii.gz"]],
  ["radiomics of a table", "m.nii.gz", ["radiomics", "--cases", "c.csv", "-o", "m.nii.gz"]],
  ["maps", "stat_mean.nii.gz", ["maps", "--image", "stat_mean.nii.gz", "--mask", "m.nii.gz", "--features", "stat_mean", "-o", "."]],
  ["explain", "short.nii.gz", [...explain, "--image", "i.nii.gz", "-o", "short.nii.gz"]],
  ["explain, of a folder's file", "scan/heat.nii.gz", [...explain, "--image", "scan", "-o", "scan/heat.nii.gz"]],
  ["unet forward", "x.npy", ["unet", "forward", "--weights", "w.safetensors", "--input", "x.npy", "-o", "x.npy"]],
  ["unet export", "w.safetensors", ["unet", "export", "w.safetensors", "-o", "w.safetensors"]],
  ["unet eval", "slices/1.nii.gz", ["unet", "eval", "--cases", "c.csv", "--weights", "w.safetensors", "-o", "slices/1.nii.gz"]],
  [
    "stats coxnet",
    "short.csv",
    ["stats", "coxnet", "--table", "t.csv", "--time", "time", "--event", "event", "--covariate", "x", "-o", "short.csv"],
  ],
];

describe("an output that is an input, under whatever name,", () => {
  it.each(commands)("is refused by %s before any work, and nothing is lost", async (_what, out, args) => {
    const before = await readFile(at(out));
    const { code, stdout, stderr } = await islet(args, { cwd: folder });
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(/is a file (that this command reads|of .*, a folder that this command reads), and would be lost/),
    });
    expect(stderr).toContain(out.replace(/^\.\//, ""));
    expect(await readFile(at(out))).toEqual(before);
  });
});
