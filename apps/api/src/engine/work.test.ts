import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { planRadiomics } from "@islet/pipeline";
import { radiomicsCase } from "@islet/pipeline/node";
import { expect, onTestFinished, test } from "vitest";
import { ballCohort, ballStudy, ballTable } from "../../../../test/helpers/ball-cohort.ts";
import { caseAt } from "../store.ts";
import { work } from "./work.ts";

/** A .mha file whose first two axes run against ours: bytes of `value` at each index (x, y, z). */
function metaImage(
  size: readonly [number, number, number],
  spacing: number,
  value: (x: number, y: number, z: number) => number,
): Uint8Array {
  const [nx, ny, nz] = size;
  const header = `ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = False\nCompressedData = False\nTransformMatrix = -1 0 0 0 -1 0 0 0 1\nOffset = 10 20 30\nCenterOfRotation = 0 0 0\nElementSpacing = ${spacing} ${spacing} ${spacing}\nDimSize = ${size.join(" ")}\nElementType = MET_UCHAR\nElementDataFile = LOCAL\n`;
  const voxels = Uint8Array.from({ length: nx * ny * nz }, (_, i) => value(i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))));
  return Buffer.concat([Buffer.from(header), voxels]);
}

test.each([
  ["pyradiomics", "setting:\n  resampledPixelSpacing: [1.5, 1.5, 1.5]\n"],
  ["ibsi-c", undefined],
])("a mask on a grid of its own gives the %s features that the command gives", async (preset, config) => {
  const root = await mkdtemp(join(tmpdir(), "islet-deposit-"));
  onTestFinished(() => rm(root, { recursive: true }));
  const [image, mask] = [join(root, "scan.mha"), join(root, "drawn.mha")];
  await writeFile(
    image,
    metaImage([16, 18, 20], 1, (x, y, z) => ((x * 7 + y * 13 + z * 29) * 31) % 251),
  );
  await writeFile(
    mask,
    metaImage([22, 25, 28], 0.7, (x, y, z) => (Math.hypot(x - 11, y - 12, z - 14) < 8 ? 1 : 0)),
  );
  const to = { image: join(root, "image.mha"), mask: join(root, "mask.mha"), rough: join(root, "rough.json") };
  const files = [
    { field: "image", path: image },
    { field: "mask", path: mask },
  ];
  await work("deposit", { files, to, limits: { files: 10, bytes: 1e6, voxels: 1e6 } }, () => {});
  const told = await work("radiomics", { image: to.image, mask: to.mask, preset, ...(config && { config }) }, () => {});
  const plan = planRadiomics(preset, config ? { config: { file: "config", text: config } } : {});
  const { features } = await radiomicsCase({ image, mask }, plan);
  expect(Object.values(features).filter((value) => value !== null).length).toBeGreaterThan(100);
  expect(told["features"]).toEqual(features);
});

test("a study that is placed tells which cases its tables name, so that they stay as long as it does", async () => {
  const root = await mkdtemp(join(tmpdir(), "islet-place-"));
  onTestFinished(() => rm(root, { recursive: true }));
  const casesFolder = join(root, "cases");
  const patients = ballCohort(4);
  const ids = new Map(patients.map(({ id }) => [id, randomUUID()]));
  for (const id of [...ids.values(), randomUUID()]) {
    await mkdir(join(casesFolder, id), { recursive: true });
    for (const file of Object.values(caseAt(casesFolder, id))) await writeFile(file as string, "");
  }
  const placed = await work(
    "place",
    {
      study: ballStudy({ image: "scan", mask: "scan", rough: "scan" }, ["hand"]),
      tables: { "cohort.csv": ballTable(patients, ({ id }) => ({ scan: ids.get(id)! })) },
      folder: join(root, "jobs", "one"),
      casesFolder,
      modelsFolder: join(root, "models"),
      cache: join(root, "cache"),
    },
    () => {},
  );
  expect(placed.uses.toSorted()).toEqual([...ids.values()].toSorted());
});
