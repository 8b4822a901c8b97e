// The U-Net encoder's layers on one thread and on two, in turns, one slice of 256 x 256: the least and the median of milliseconds. `node bench/crew.bench.ts`
//
// The least is what the cut of a layer costs; the median adds what else the machine did. With real-time priority (`chrt -r 1`) only the host disturbs.
import { formulaEncoder, formulaSlices } from "../../../test/helpers/formula-weights.ts";
import { createEncoder, loadCore, loadCrew } from "../dist/index.js";
import type { Core } from "../dist/index.js";

const SIDE = 256;
const slice = formulaSlices(SIDE * SIDE);
const least = (values: readonly number[]) => Math.min(...values);
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** A core whose convolutions put their milliseconds into `log`. */
function timed({ exports, ...core }: Core, log: number[]): Core {
  const clocked =
    <A extends unknown[]>(kernel: (...args: A) => void) =>
    (...args: A) => {
      const start = performance.now();
      kernel(...args);
      log.push(performance.now() - start);
    };
  return { ...core, exports: { ...exports, conv2d: clocked(exports.conv2d), conv2dWinograd: clocked(exports.conv2dWinograd) } };
}

for (const [baseWidth, rounds] of [
  [16, 30],
  [64, 9],
] as const) {
  const spec = { levels: formulaEncoder(baseWidth, 1), activation: "elu", height: SIDE, width: SIDE } as const;
  for (const build of ["relaxed", "simd"] as const) {
    const crew = await loadCrew(2, build);
    const sides = [await loadCore(build), crew.core].map((core) => {
      const log: number[] = [];
      return { encoder: createEncoder(timed(core, log), spec), log, runs: [] as number[][] };
    });
    for (let round = -2; round < rounds; round++) {
      for (const { encoder, log, runs } of sides) {
        log.length = 0;
        encoder.encode(slice, 1);
        if (round >= 0) runs.push([...log]);
      }
    }
    crew.end();
    const [one, two] = sides.map(({ runs }) => [...runs[0]!.map((_, layer) => runs.map((run) => run[layer]!)), runs.map(total)]);
    console.log(`encoder ${build}, base ${baseWidth}: ms on one thread, on two (least, median)`);
    one!.forEach((alone, layer) => {
      const name = layer === one!.length - 1 ? "all" : `${layer >> 1}.conv${(layer & 1) + 1}`;
      const numbers = [alone, two![layer]!].flatMap((values) => [least(values), median(values)]);
      console.log(`${name.padEnd(8)}${numbers.map((ms) => ms.toFixed(2).padStart(9)).join("")}`);
    });
  }
}

function total(layers: readonly number[]): number {
  return layers.reduce((a, b) => a + b);
}
