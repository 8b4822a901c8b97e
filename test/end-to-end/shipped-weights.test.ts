// The network that comes with the package: what its record says, and what it does on a patient it has not seen.
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { islet } from "../helpers/cli.ts";
import { sharedData } from "../helpers/shared-data.ts";

const NAME = "shipped:sarcoma-ct-16";
const sts = sharedData("sts");
let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "islet-shipped-"))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const record = async () => {
  const { stdout } = await islet(["unet", "info", NAME, "--json"]);
  const { metadata, architecture } = JSON.parse(stdout) as { metadata: Record<string, string>; architecture: { baseWidth: number } };
  const training = JSON.parse(metadata["trainingRecord"]!) as {
    cases: { patient: string; sha256: { image: string } }[];
    split: { training: string[]; validation: string[] };
  };
  return { training, architecture };
};

describe("the shipped network", () => {
  it("is small, and says which 36 patients trained and validated it", async () => {
    const { training, architecture } = await record();
    const file = new URL("../../packages/pipeline/weights/sarcoma-ct-16.safetensors", import.meta.url);
    expect((await stat(file)).size).toBeLessThan(8e6);
    expect(architecture.baseWidth).toBe(16);
    expect(training.split.training).toHaveLength(32);
    expect(training.split.validation).toHaveLength(4);
    expect(new Set([...training.split.training, ...training.split.validation])).toEqual(new Set(training.cases.map((c) => c.patient)));
  });

  it("has a neighbour named where the name is misspelt", async () => {
    const { code, stderr } = await islet(["unet", "info", "shipped:sarcoma-ct-61"]);
    expect(code).toBe(2);
    expect(stderr).toContain('did you mean "shipped:sarcoma-ct-16"?');
  });

  it.skipIf(!sts)("has seen none of the 15 external patients' scans", async () => {
    const seen = new Set((await record()).training.cases.map((c) => c.sha256.image));
    expect(seen.size).toBe(36);
    for (let n = 1; n <= 51; n++) {
      const image = await readFile(join(sts!, `STS_${String(n).padStart(3, "0")}`, "ct.nii.gz"));
      expect(seen.has(createHash("sha256").update(image).digest("hex"))).toBe(n <= 36);
    }
  });

  it.skipIf(!sts)(
    "segments a patient it has not seen better than the box does, by the DSC on its model card",
    { timeout: 120_000 },
    async () => {
      const scan = (name: string) => join(sts!, "STS_042", name);
      const args = ["segment", "--image", scan("ct.nii.gz"), "--roi", scan("ct_mask.nii.gz"), "--truth", scan("ct_mask.nii.gz")];
      const { code, stdout } = await islet([...args, "--weights", NAME, "-o", join(folder, "m.nii.gz"), "--backend", "wasm", "--json"]);
      expect(code).toBe(0);
      const { dice } = JSON.parse(stdout) as { dice: { mask: number; box: number } };
      // The card's 0.796 is for a simulated reader's box; this is the mask's own bounding box.
      expect(dice.mask).toBeGreaterThan(0.75);
      expect(dice.mask).toBeGreaterThan(dice.box + 0.2);
    },
  );
});
