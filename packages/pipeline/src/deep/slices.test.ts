import { loadCore } from "@islet/core-wasm";
import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../test/helpers/close.ts";
import { AXIS_ALIGNED } from "../volume.ts";
import { stretchSlices } from "./slices.ts";

describe("slices for the network", () => {
  it("stretch as torch.nn.functional.interpolate(align_corners=False): [0, 1] on four pixels is 0, 0.25, 0.75, 1", async () => {
    const roi = {
      shape: [2, 1, 2] as const,
      spacing: [1, 1, 1] as const,
      origin: [0, 0, 0] as const,
      direction: AXIS_ALIGNED,
      data: Float32Array.of(0, 1, 1, 0),
    };
    const slices = stretchSlices(await loadCore(), roi, 2, 4);
    expect(slices).toMatchObject({ count: 2, height: 2, width: 4 });
    expectClose(slices.data, [0, 0.25, 0.75, 1, 0, 0.25, 0.75, 1, 1, 0.75, 0.25, 0, 1, 0.75, 0.25, 0], { atol: 1e-6 });
  });

  it("shrink by sampling, not by averaging, as interpolate does without antialias", async () => {
    const roi = {
      shape: [1, 1, 6] as const,
      spacing: [1, 1, 1] as const,
      origin: [0, 0, 0] as const,
      direction: AXIS_ALIGNED,
      data: Float32Array.of(0, 1, 2, 3, 4, 5),
    };
    expectClose(stretchSlices(await loadCore(), roi, 1, 2).data, [1, 4], { atol: 1e-6 });
  });
});
