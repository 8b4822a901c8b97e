import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { bundleFixture, type BundleFixture } from "../../../../../test/helpers/bundle.ts";
import type { BundleModel, BundleReference } from "./schema.ts";
import { packBundle } from "./container.ts";
import { describeBundle, openBundle, type Bundle } from "./bundle.ts";
import { sha256 } from "../../host/cache.ts";

let made: BundleFixture;
let bundle: Bundle;
beforeAll(async () => {
  made = await bundleFixture("DLR-A + sag", [
    { id: "early-censoring", level: "note", found: "P_03 was censored early.", consequence: "it counts as none" },
    { id: "many-models", level: "warning", found: "10 models were tried.", consequence: "the best looks better than it is" },
  ]);
  bundle = await openBundle(made.bytes);
});

/** The parts of a bundle, and what they say. */
interface Parts {
  readonly "model.json": BundleModel;
  "reference.json"?: BundleReference;
  readonly "provenance.json": object;
}

/** A bundle whose parts were changed, under hashes that fit: what another program could write. */
async function rewritten(change: (parts: Parts) => void): Promise<Uint8Array> {
  const files = unzipSync(made.bytes);
  const names = ["model.json", "reference.json", "provenance.json"];
  const parts = Object.fromEntries(names.map((name) => [name, JSON.parse(strFromU8(files[name]!)) as unknown])) as unknown as Parts;
  change(parts);
  return packBundle(new Map(Object.entries(parts).map(([name, value]) => [name, strToU8(JSON.stringify(value))])));
}

/** What opening gives: the bundle without its hash, or the name and the sentence of the error. */
async function opening(bytes: Uint8Array): Promise<object> {
  return openBundle(bytes, "x.islet").then(
    ({ sha256: _hash, ...content }) => content,
    ({ name, message }: Error) => ({ name, message }),
  );
}

describe("what is written", () => {
  it("is the same bytes every time", async () => {
    expect((await bundleFixture("DLR-A")).bytes).toEqual((await bundleFixture("DLR-A")).bytes);
  });

  it("holds every number of the fold models to its last digit", () => {
    const { folds, threshold } = made.models[0]!.result.crossValidation;
    expect(bundle.model.threshold).toBe(threshold);
    expect(bundle.model.folds).toHaveLength(folds.length);
    for (const [k, fold] of bundle.model.folds.entries()) {
      const { features, scaler, classifier, platt } = folds[k]!;
      expect({ features: fold.features, scaler: fold.scaler, classifier: fold.classifier, platt: fold.platt }).toEqual({
        features,
        scaler,
        classifier,
        platt,
      });
    }
  });

  it("names nobody: no patient's id is anywhere in it", () => {
    const text = Object.values(unzipSync(made.bytes))
      .map((part) => strFromU8(part))
      .join("\n");
    for (const { id } of made.cohort.patients) expect(text).not.toContain(`${id}`);
    expect(bundle.provenance.findings).toEqual([
      { id: "early-censoring", level: "note", found: null, consequence: "it counts as none" },
      { id: "many-models", level: "warning", found: "10 models were tried.", consequence: "the best looks better than it is" },
    ]);
  });

  it("keeps the training patients by rising risk, with z-scores of mean 0 and standard deviation 1", () => {
    const { patients, features } = bundle.reference;
    expect(patients.map(({ risk }) => risk)).toEqual(patients.map(({ risk }) => risk).toSorted((a, b) => a - b));
    const column = patients.map(({ z }) => z[0]!);
    expect(column.reduce((a, b) => a + b, 0) / 56).toBeCloseTo(0, 4);
    expect(column.reduce((a, b) => a + b * b, 0) / 56).toBeCloseTo(1, 4);
    expect(features.every(({ share }) => share >= 0 && share <= 1)).toBe(true);
    expect(patients.filter(({ outcome }) => outcome === 1)).toHaveLength(10);
  });

  it("says of itself what it asks for, and that it is for research and from synthetic data", () => {
    const description = describeBundle(bundle);
    expect(description.phases).toEqual([
      { name: "arterial", window: { level: 130, width: 310 }, percentiles: null, needs: { rough: true, mask: false } },
    ]);
    expect(description.clinical.map(({ name }) => name)).toEqual(["symptom", "age", "sex"]);
    expect(description.clinical[2]).toEqual({ name: "sex", kind: "category", levels: ["F", "M"] });
    expect(description.notice).toMatch(/^Research use only.*SYNTHETIC/);
    expect(description.training).toEqual({ n: 56, events: 10, horizonMonths: 60 });
    expect(description.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(description.warnings).toEqual(["10 models were tried. the best looks better than it is"]);
    expect(JSON.parse(JSON.stringify(description))).toEqual(description);
  });
});

describe("what is opened", () => {
  const refusal = { name: "IntakeError", message: expect.stringMatching(/^x\.islet: /) };
  const refused = async (bytes: Uint8Array) => {
    const found = await opening(bytes);
    expect(found).toEqual(refusal);
    return (found as { message: string }).message;
  };

  it("is refused with a sentence wherever it was cut short (60 places)", async () => {
    const shortened = fc.asyncProperty(fc.integer({ min: 0, max: made.bytes.length - 1 }), async (length) => {
      expect(await opening(made.bytes.slice(0, length))).toEqual(refusal);
    });
    await expect(fc.assert(shortened, { numRuns: 60, seed: 1 })).resolves.toBeUndefined();
  });

  it("is refused, or is what was written, whatever byte was changed (300 bytes)", async () => {
    const { sha256: _hash, ...content } = bundle;
    const written = { ...content, file: "x.islet" };
    let [same, other] = [0, 0];
    const changed = fc.asyncProperty(
      fc.integer({ min: 0, max: made.bytes.length - 1 }),
      fc.integer({ min: 1, max: 255 }),
      async (at, flip) => {
        const bytes = made.bytes.slice();
        bytes[at]! ^= flip;
        const found = await opening(bytes);
        if ("message" in found) other++;
        else same++;
        expect(found).toEqual("message" in found ? refusal : written);
      },
    );
    await expect(fc.assert(changed, { numRuns: 300, seed: 2 })).resolves.toBeUndefined();
    // The ends of the file are tried most, where the zip keeps dates and attributes that say nothing.
    expect(other).toBeGreaterThan(200);
    expect(same + other).toBe(300);
  });

  it("is refused where it is noise, with and without a zip's first bytes (200 files)", async () => {
    const noisy = fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), fc.boolean(), async (noise, isZip) => {
      expect(await opening(isZip ? Uint8Array.of(0x50, 0x4b, 3, 4, ...noise) : noise)).toEqual(refusal);
    });
    await expect(fc.assert(noisy, { numRuns: 200, seed: 3 })).resolves.toBeUndefined();
  });

  it("is refused where it is another zip", async () => {
    expect(await refused(zipSync({ "scan.dcm": Uint8Array.of(1, 2, 3) }))).toContain("is a zip but no bundle of Islet");
  });

  it("is refused where a later version made it, whatever else that wrote", async () => {
    const manifest = strToU8(JSON.stringify({ format: "islet-bundle/2", pieces: [] }));
    const bytes = zipSync({ "manifest.json": manifest, "manifest.sha256": strToU8(await sha256(manifest)) });
    expect(await refused(bytes)).toContain('is of the format "islet-bundle/2", and this version of Islet reads "islet-bundle/1"');
  });

  it("is refused before a zip bomb is unpacked", async () => {
    const bytes = zipSync({ "manifest.json": new Uint8Array(300), "model.json": new Uint8Array(4000) });
    // The directory says how much each entry unpacks to: 2 GiB.
    const view = new DataView(bytes.buffer);
    let at = bytes.length - 22;
    at = view.getUint32(at + 16, true);
    view.setUint32(at + 24, 2 ** 31, true);
    expect(await refused(bytes)).toContain("unpacks to more than");
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`part-${i}`, new Uint8Array(1)]));
    expect(await refused(zipSync(many))).toContain("unpacks to more than 64 parts");
  });

  it("is refused where a part is there that the manifest does not name", async () => {
    const files = unzipSync(made.bytes);
    expect(await refused(zipSync({ ...files, "extra.json": strToU8("{}") }))).toContain(
      'the part "extra.json", which its manifest does not name',
    );
  });

  it("is refused where its hashes fit but its parts do not: other sizes, unknown keys, a network without a file", async () => {
    const wrong: [(parts: Parts) => void, string][] = [
      [(parts) => parts["model.json"].folds[0]!.scaler.centre.pop(), "a fold model whose numbers do not fit together"],
      [
        (parts) => Object.assign(parts["model.json"].folds[0]!.classifier, { supportVectors: [1] }),
        "model.json is not what this version of Islet writes",
      ],
      [(parts) => Object.assign(parts["model.json"], { extra: 1 }), 'unknown key "extra"'],
      [(parts) => Object.assign(parts["model.json"], { threshold: null }), "threshold"],
      [(parts) => (parts["model.json"].folds = []), "folds"],
      [(parts) => parts["reference.json"]!.patients.pop(), "its parts contradict each other"],
      [(parts) => (parts["model.json"].blocks = ["deep.portal"]), "its parts contradict each other"],
      [(parts) => (parts["model.json"].network = null), "its parts contradict each other"],
      [
        (parts) => (parts["model.json"].network!.source = { kind: "embedded", part: "weights.safetensors" }),
        "has no part weights.safetensors",
      ],
      [(parts) => delete parts["reference.json"], "has no part reference.json"],
    ];
    for (const [change, sentence] of wrong) expect(await refused(await rewritten(change))).toContain(sentence);
  });
});
