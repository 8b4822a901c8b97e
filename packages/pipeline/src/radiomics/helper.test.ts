import { loadCore } from "@islet/core-wasm";
import { describe, expect, it } from "vitest";
import { regionOf } from "../../../../test/helpers/regions.ts";
import { randomFor } from "../random.ts";
import { startHelper } from "../single/start-helper.node.ts";
import { extractRegion, shapeWanted } from "./extract.ts";
import { PARTS, type Found } from "./families.ts";
import { extractTogether, Helper, type HelperApi } from "./helper.ts";
import { presetOf } from "./presets.ts";
import { awaitIntensities, sharedRegion, takePart, type RegionOffer } from "./shared-region.ts";

const core = await loadCore();
const other = await loadCore();
const { settings } = presetOf("ibsi");

function blob(seed: number) {
  const random = randomFor(seed, "helper");
  return regionOf(
    [11, 14 + seed, 17],
    [3, 1, 1],
    (z, y, x) => (z - 5) ** 2 / 25 + (y - 7) ** 2 / 49 + (x - 8) ** 2 / 60 <= 1,
    (z, y, x) => Math.floor(400 * random()) + 5 * (x + y + z) - 100,
  );
}

/** The other thread as it may be met: takes so many parts as soon as it is asked, and then answers, or dies. */
const taking =
  (most: number, answer: "answers" | "dies"): HelperApi["share"] =>
  async (offer: RegionOffer) => {
    const found: [number, Found][] = [];
    const measured = { core: other, region: sharedRegion(offer), settings: offer.settings, intensities: () => awaitIntensities(offer) };
    const taken = Array.from({ length: most }, () => takePart(offer));
    // What needs grey levels waits until the other side has them.
    await Promise.resolve();
    for (const part of taken) found.push([part, PARTS[offer.parts[part]!]!.compute(measured)]);
    if (answer === "dies") throw new Error("exit code 1");
    return found;
  };

const alone = (seed: number) => extractRegion(core, blob(seed), shapeWanted(blob(seed), settings), settings);
const together = (seed: number, helper: Helper) =>
  extractTogether(core, helper, blob(seed), () => shapeWanted(blob(seed), settings), settings);

describe("a region on two threads", () => {
  it.each([0, 1, 3, 12])("has the bits of one thread where the other computes %i of its twelve parts", async (most) => {
    const helper = new Helper(taking(most, "answers"));
    for (const seed of [1, 2]) expect(await together(seed, helper)).toEqual(alone(seed));
  });

  it("has them where the other thread dies with parts in its hands, or never answers", async () => {
    expect(await together(1, new Helper(taking(4, "dies")))).toEqual(alone(1));
    expect(await together(1, new Helper(() => new Promise(() => {})))).toEqual(alone(1));
  });

  it("has them with a thread of its own, while that starts and when it is warm", async () => {
    const { helper, end } = startHelper();
    try {
      for (let turn = 0; turn < 8; turn++) {
        for (const seed of [1, 2, 3]) expect(await together(seed, helper)).toEqual(alone(seed));
        await new Promise(setImmediate);
      }
    } finally {
      end();
    }
    expect(await together(1, helper)).toEqual(alone(1));
  });

  it("refuses bins far too small as one thread does, and serves the next region", async () => {
    const helper = new Helper(taking(1, "answers"));
    const fine = { ...settings, chain: { ...settings.chain, discretisation: { kind: "fixedBinSize" as const, size: 1e-3 } } };
    await expect(extractTogether(core, helper, blob(1), () => null, fine)).rejects.toMatchObject({ name: "ConfigError" });
    expect(await together(2, helper)).toEqual(alone(2));
  });

  it("gives no feature of a region that holds NaN, and the next region its own", async () => {
    const helper = new Helper(taking(1, "answers"));
    const holed = blob(1);
    holed.intensity[(5 * 15 + 7) * 17 + 8] = NaN;
    const found = await extractTogether(core, helper, holed, () => null, settings);
    expect(found).toEqual(extractRegion(core, holed, null, settings));
    expect(Object.values(found.features).every((value) => value === null)).toBe(true);
    expect(await together(2, helper)).toEqual(alone(2));
  });

  it("answers to no part of a region that has made way for another", () => {
    const offers: RegionOffer[] = [];
    const helper = new Helper(async (offer) => (offers.push(offer), []));
    helper.offer(blob(1), settings);
    const { offer } = helper.offer(blob(1), settings);
    expect(offers[0]!.buffer).toBe(offer.buffer);
    expect(takePart(offers[0]!)).toBe(-1);
    expect([takePart(offer), takePart(offer)]).toEqual([0, 1]);
  });
});
