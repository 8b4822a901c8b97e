// Every value of PyRadiomics' own baseline for its brain1 case, under every setting it was made with.
import { readFileSync } from "node:fs";
import { loadCore } from "@islet/core-wasm";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { sharedData } from "../../../../../test/helpers/shared-data.ts";
import { readImage } from "../../intake/image.ts";
import { readMask } from "../../intake/mask.ts";
import { readSource } from "../../intake/source.node.ts";
import type { Mask } from "../../volume.ts";
import { pyradiomicsFeatures, pyradiomicsNames } from "./extract.ts";
import { parsePyradiomicsParameters } from "./parameters.ts";

const folder = sharedData("pyradiomics");

/**
 * PyRadiomics drew another mesh up to version 2.0.1, which made this case; the shape.test.ts beside this compares it with version 3.
 * The case brain1_resampling was made by 2.1 and is compared here.
 */
const OLDER_MESH = new Set(
  ["MeshVolume", "SurfaceArea", "SurfaceVolumeRatio", "Sphericity"].map((feature) => `brain1 original_shape_${feature}`),
);

/** One setting of one class: its parameters as a file, and the features that PyRadiomics got. */
interface Baseline {
  readonly parameters: string;
  readonly features: Record<string, string>;
}

/** The columns of a baseline table. The settings stand in it as Python writes a dictionary. */
function baselines(name: string): Record<string, Baseline> {
  const rows = parse(readFileSync(`${folder}/baseline/baseline_${name}.csv`)) as string[][];
  const cases = rows[0]!.slice(1);
  return Object.fromEntries(
    cases.map((test, i) => {
      const cell = (row: string[]) => row[i + 1]!;
      const python = cell(rows.find((row) => row[0] === "diagnostics_Configuration_Settings")!);
      const setting = python.replaceAll("None", "null").replaceAll("True", "true").replaceAll("False", "false").replaceAll("'", '"');
      const features = rows.filter((row) => row[0]!.startsWith("original_")).map((row) => [row[0]!, cell(row)]);
      return [test, { parameters: `{"setting": ${setting}, "featureClass": {"${name}": null}}`, features: Object.fromEntries(features) }];
    }),
  );
}

const image = folder ? await readImage(await readSource(`${folder}/brain1_image.nrrd`)) : null;
const label = image ? (await readMask(await readSource(`${folder}/brain1_label.nrrd`), image.volume, "brain1", { label: 1 })).mask : null;
const core = await loadCore();

/** The case shape2D is slice 16 of the label. */
const slice16 = (mask: Mask): Mask => {
  const [, ny, nx] = mask.shape;
  return { ...mask, data: mask.data.map((inside, i) => (Math.floor(i / (ny * nx)) === 16 ? inside : 0)) };
};

describe.skipIf(!folder)("PyRadiomics' baseline of brain1", () => {
  for (const name of ["shape", "shape2D", "firstorder", "glcm", "glrlm", "glszm", "gldm", "ngtdm"]) {
    for (const [test, { parameters, features }] of Object.entries(folder ? baselines(name) : {})) {
      it(`${name} has every value of ${test} within 1e-6`, () => {
        const read = parsePyradiomicsParameters(parameters, test);
        const got = pyradiomicsFeatures(
          core,
          image!.volume,
          name === "shape2D" ? slice16(label!) : label!,
          read,
          image!.report.orientation,
        ).features;
        expect(Object.keys(got).sort()).toEqual(Object.keys(features).sort());
        expect(Object.keys(got)).toEqual(pyradiomicsNames(read));
        const off = Object.entries(features)
          .filter(([tag]) => !OLDER_MESH.has(`${test} ${tag}`))
          .filter(([tag, value]) => !(Math.abs(got[tag]! - Number(value)) <= 1e-6 * Math.abs(Number(value)) + 1e-12))
          .map(([tag, value]) => `${tag}: ${got[tag]} against ${value}`);
        expect(off).toEqual([]);
      });
    }
  }
});
