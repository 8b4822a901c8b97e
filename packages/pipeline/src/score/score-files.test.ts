import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleFixture } from "../../../../test/helpers/bundle.ts";
import { scoreFiles } from "./score-files.node.ts";

let folder: string;
let model: string;
let bytes: Uint8Array;
const clinical = { shape: "round", "ct ratio": "1.1" };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-score-files-"));
  bytes = (await bundleFixture("CT findings")).bytes;
  model = join(folder, "contributions.csv");
  await writeFile(model, bytes);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the folder that explains a score", () => {
  it("takes no file in place of one that is read, and then the score is not even begun", async () => {
    await expect(scoreFiles({ model, clinical }, { explain: folder })).rejects.toMatchObject({
      name: "ConfigError",
      message: `${model}: is a file that this command reads, and would be lost; choose another output`,
    });
    expect(await readFile(model)).toEqual(Buffer.from(bytes));
    expect(await readdir(folder)).toEqual(["contributions.csv"]);
  });

  it("gets the table of contributions of a model that looks at no scan, and the notice stands in each row", async () => {
    const why = join(folder, "why");
    const { files, notes, contributions } = await scoreFiles({ model, clinical }, { explain: why });
    expect({ files, notes }).toEqual({ files: [join(why, "contributions.csv")], notes: [] });
    const rows = (await readFile(files[0]!, "utf8")).trim().split("\n").slice(1);
    expect(rows).toHaveLength(contributions.features.length);
    expect(rows.every((row) => row.includes("Research use only"))).toBe(true);
  });
});
