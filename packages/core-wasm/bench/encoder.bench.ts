// The U-Net encoder on slices of 256 x 256, one thread: milliseconds a slice and the GFLOP/s of the direct convolutions it stands for. `node bench/encoder.bench.ts`
import { formulaEncoder, formulaSlices } from "../../../test/helpers/formula-weights.ts";
import { createEncoder, loadCore } from "../dist/index.js";

const SIDE = 256;
const ROUNDS = 7;

for (const baseWidth of [16, 64]) {
  const levels = formulaEncoder(baseWidth, 1);
  const flops = levels
    .flatMap((layers, level) => layers.map(({ ci, co }) => 2 * 9 * ci * co * (SIDE >> level) ** 2))
    .reduce((a, b) => a + b);
  for (const build of ["relaxed", "simd"] as const) {
    const encoder = createEncoder(await loadCore(build), { levels, activation: "elu", height: SIDE, width: SIDE });
    for (const slices of [1, 3]) {
      const input = formulaSlices(slices * SIDE * SIDE);
      const times: number[] = [];
      for (let run = 0; run < ROUNDS; run++) {
        const start = performance.now();
        encoder.encode(input, slices);
        times.push((performance.now() - start) / slices);
      }
      const best = Math.min(...times);
      console.log(
        `encoder ${build} base ${baseWidth}, ${slices} slices a call: ${best.toFixed(1)} ms a slice, ${(flops / best / 1e6).toFixed(0)} GFLOP/s of direct convolution (first run ${times[0]!.toFixed(1)} ms)`,
      );
    }
  }
}
