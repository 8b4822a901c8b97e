import { beforeAll, describe, expect, test } from "vitest";
import { relativeL2 } from "../../../test/helpers/close.ts";
import { formulaEncoder, formulaSlices } from "../../../test/helpers/formula-weights.ts";
import { golden } from "../../../test/helpers/golden.ts";
import { globalAverage } from "../reference/conv2d.ts";
import { bottleneck } from "../reference/encoder.ts";
import { loadCore } from "./core.ts";
import type { Core } from "./core.ts";
import { createEncoder } from "./encoder.ts";
import type { EncoderSpec } from "./encoder.ts";

interface GoldenCase {
  readonly baseWidth: number;
  readonly inChannels: number;
  readonly activation: "elu" | "relu";
  readonly shape: readonly [number, number, number, number];
  readonly bottleneck: number[];
  readonly pooled: number[];
}

/** What the encoder promises for its vector at real sizes, where a mean over many pixels evens rounding out; measured: 1e-7 at base width 16, 2e-7 at 64. */
const POOLED = 1e-6;
/** Ten layers of f32 rounding with nothing evened out: single maps, or vectors that are means of a handful of pixels. PyTorch's own float32 run is up to 5e-7 away from its float64 run on these cases; Winograd's method has two to three times the error. */
const UNAVERAGED = 3e-6;

describe.each(["relaxed", "simd"] as const)("the encoder, %s build", (build) => {
  let core: Core;
  beforeAll(async () => {
    core = await loadCore(build);
  });
  const create = (baseWidth: number, inChannels: number, activation: "elu" | "relu", height: number, width: number) =>
    createEncoder(core, { levels: formulaEncoder(baseWidth, inChannels), activation, height, width });

  test.each(golden<{ cases: GoldenCase[] }>("unet-encoder").cases)(
    "agrees with PyTorch float64: base width $baseWidth, $inChannels input channels, $activation, (N,CI,H,W) = $shape",
    ({ baseWidth, inChannels, activation, shape: [N, CI, H, W], ...want }) => {
      const encoder = create(baseWidth, inChannels, activation, H, W);
      const slices = formulaSlices(N * CI * H * W);
      expect(relativeL2(encoder.encode(slices, N).pooled, want.pooled)).toBeLessThan(UNAVERAGED);
      expect(relativeL2(encoder.bottleneck(slices, N), want.bottleneck)).toBeLessThan(UNAVERAGED);
    },
  );

  test("agrees with PyTorch float64 to 1e-6 at base width 16 on a slice of 256 x 256", () => {
    const { pooled } = golden<{ fullSize: GoldenCase }>("unet-encoder").fullSize;
    expect(relativeL2(create(16, 1, "elu", 256, 256).encode(formulaSlices(256 * 256), 1).pooled, pooled)).toBeLessThan(POOLED);
  });

  test.each([
    { baseWidth: 1, CI: 1, activation: "elu", H: 16, W: 16, N: 1 },
    { baseWidth: 2, CI: 3, activation: "relu", H: 16, W: 32, N: 2 },
    { baseWidth: 3, CI: 1, activation: "relu", H: 48, W: 16, N: 5 },
    { baseWidth: 5, CI: 3, activation: "elu", H: 32, W: 80, N: 1 },
    { baseWidth: 8, CI: 2, activation: "elu", H: 64, W: 48, N: 3 },
  ] as const)(
    "agrees with the reference: base width $baseWidth, $CI input channels, $activation, $N slices of $H x $W",
    ({ baseWidth, CI, activation, H, W, N }) => {
      const encoder = create(baseWidth, CI, activation, H, W);
      const slices = formulaSlices(N * CI * H * W);
      const { pooled } = encoder.encode(slices, N);
      const map = encoder.bottleneck(slices, N);
      const C = encoder.channels;
      for (let n = 0; n < N; n++) {
        const want = bottleneck(formulaEncoder(baseWidth, CI), activation, slices.subarray(n * CI * H * W, (n + 1) * CI * H * W), H, W);
        expect(relativeL2(map.subarray(n * want.length, (n + 1) * want.length), want)).toBeLessThan(UNAVERAGED);
        expect(relativeL2(pooled.subarray(n * C, (n + 1) * C), globalAverage(want, C, H / 16, W / 16))).toBeLessThan(UNAVERAGED);
      }
    },
  );

  test("gives a slice the same bits whatever slices come with it, and the same bits every time", () => {
    const encoder = create(4, 1, "elu", 32, 32);
    const slices = formulaSlices(7 * 1024);
    const together = encoder.encode(slices, 7).pooled;
    expect(encoder.encode(slices, 7).pooled).toEqual(together);
    const alone = Array.from({ length: 7 }, (_, n) => [...encoder.encode(slices.subarray(n * 1024, (n + 1) * 1024), 1).pooled]);
    expect([...together]).toEqual(alone.flat());
  });

  test("keeps nothing of a slice for the next one", () => {
    const encoder = create(2, 1, "elu", 32, 32);
    const zeros = new Float32Array(1024);
    const before = encoder.encode(zeros, 1).pooled;
    encoder.encode(
      formulaSlices(1024).map((v) => v * 1e6),
      1,
    );
    expect(encoder.encode(zeros, 1).pooled).toEqual(before);
  });

  test("two encoders in one core do not disturb each other", () => {
    const first = create(2, 1, "elu", 32, 32);
    const slices = formulaSlices(1024);
    const want = first.encode(slices, 1).pooled;
    create(3, 1, "relu", 16, 48).encode(formulaSlices(16 * 48), 1);
    expect(first.encode(slices, 1).pooled).toEqual(want);
  });

  test("leaves the arena where it found it, and answers no slices with no vectors", () => {
    const encoder = create(2, 1, "elu", 16, 16);
    const { top } = core.arena;
    encoder.encode(formulaSlices(512), 2);
    expect(core.arena.top).toBe(top);
    expect(encoder.encode(new Float32Array(0), 0).pooled.length).toBe(0);
  });

  test("a NaN in a slice reaches its vector instead of vanishing", () => {
    const slice = formulaSlices(256);
    slice[37] = NaN;
    expect(create(1, 1, "elu", 16, 16).encode(slice, 1).pooled.every(Number.isNaN)).toBe(true);
  });
});

describe("the encoder refuses", () => {
  let core: Core;
  beforeAll(async () => {
    core = await loadCore("simd");
  });
  const spec = (changes: Partial<EncoderSpec>): EncoderSpec => ({
    levels: formulaEncoder(1, 1),
    activation: "elu",
    height: 16,
    width: 16,
    ...changes,
  });
  const creating = (changes: Partial<EncoderSpec>) => () => createEncoder(core, spec(changes));
  const error = (name: string, sentence: RegExp) => expect.objectContaining({ name, message: expect.stringMatching(sentence) as string });

  test("a size that cannot be halved four times", () => {
    expect(creating({ width: 40 })).toThrow(error("ShapeError", /slice of 16 x 40 .* multiples of 16/));
    expect(creating({ height: 0 })).toThrow(error("ShapeError", /slice of 0 x 16/));
  });

  test("layers that do not fit together, and names the layer", () => {
    const levels = formulaEncoder(2, 1);
    expect(creating({ levels: levels.slice(1) })).toThrow(error("ShapeError", /5 levels .* has 4/));
    expect(creating({ levels: levels.with(1, [levels[2]![0], levels[1]![1]]) })).toThrow(
      error("ShapeError", /encoder\.1\.conv1 takes 4 channels but is given 2/),
    );
    expect(creating({ levels: levels.with(0, [{ ...levels[0]![0], weight: new Float32Array(17) }, levels[0]![1]]) })).toThrow(
      error("ShapeError", /encoder\.0\.conv1\.weight should hold 2 x 1 x 3 x 3 = 18 values, it has 17/),
    );
    expect(creating({ levels: levels.with(0, [{ ...levels[0]![0], bias: new Float32Array(1) }, levels[0]![1]]) })).toThrow(
      error("ShapeError", /encoder\.0\.conv1\.bias should hold 2 values, it has 1/),
    );
  });

  test("what 4 GiB cannot hold, before it allocates anything", () => {
    const { top } = core.arena;
    expect(creating({ height: 16384, width: 16384 })).toThrow(
      error("DeviceError", /16384 x 16384 at base width 1 would take .* GiB of wasm memory, which holds 4 GiB/),
    );
    expect(core.arena.top).toBe(top);
  });

  test("slices of another number of values", () => {
    const encoder = createEncoder(core, spec({}));
    expect(() => encoder.encode(new Float32Array(300), 1)).toThrow(/1 slices of \(1, 16, 16\) hold 256 values, slices has 300/);
  });
});
