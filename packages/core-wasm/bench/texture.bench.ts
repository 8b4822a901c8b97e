// Counting texture matrices, single thread: milliseconds for each family, best and first of several runs. `node bench/texture.bench.ts [grey levels]`
import {
  coOccurrences,
  dependences,
  directions,
  distanceZones,
  loadCore,
  neighbours,
  runLengths,
  sizeZones,
  toneDifferences,
} from "../dist/index.js";
import type { Core, Extent, MaskedGreyLevels } from "../dist/index.js";

const RUNS = 7;
/** By slice, over the slices, over the volume: what IBSI's aggregations are made of. */
const WAYS: readonly (readonly [by: Extent, extent: Extent])[] = [
  ["slice", "slice"],
  ["volume", "slice"],
  ["volume", "volume"],
];

const FAMILIES: Readonly<Record<string, (core: Core, roi: MaskedGreyLevels, by: Extent, extent: Extent) => unknown>> = {
  glcm: (core, roi, by, extent) => coOccurrences(core, roi, by, directions(extent)),
  glrlm: (core, roi, by, extent) => runLengths(core, roi, by, directions(extent)),
  glszm: (core, roi, by, extent) => sizeZones(core, roi, by, neighbours(extent)),
  gldzm: (core, roi, by, extent) => distanceZones(core, roi, by, neighbours(extent)),
  ngtdm: (core, roi, by, extent) => toneDifferences(core, roi, by, neighbours(extent)),
  ngldm: (core, roi, by, extent) => dependences(core, roi, by, neighbours(extent)),
};

/** A ball of noise around slowly changing grey levels: as hard to count as a tumour of that size. */
function ball(radius: number, ng: number): MaskedGreyLevels {
  const n = 2 * radius + 1;
  const levels = new Uint16Array(n ** 3);
  const morphological = new Uint8Array(n ** 3);
  let state = 1;
  const noise = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  for (let i = 0; i < n ** 3; i++) {
    const [z, y, x] = [Math.floor(i / n ** 2) - radius, (Math.floor(i / n) % n) - radius, (i % n) - radius];
    if (z * z + y * y + x * x > radius * (radius + 1)) continue;
    const level = ng * (0.5 + 0.1 * Math.sin(x / 9) * Math.cos(y / 7) + 0.22 * (noise() + noise() + noise() + noise()));
    morphological[i] = 1;
    levels[i] = Math.max(1, Math.min(ng, Math.round(level)));
  }
  return { shape: [n, n, n], levels, ng, morphological };
}

const roi = ball(42, Number(process.argv[2] ?? 60));
const voxels = roi.morphological.reduce((sum, inside) => sum + inside, 0);
const core = await loadCore();
let total = 0;
for (const [family, count] of Object.entries(FAMILIES)) {
  let best = 0;
  let first = 0;
  for (const [by, extent] of WAYS) {
    const times = Array.from({ length: RUNS }, () => {
      const start = performance.now();
      count(core, roi, by, extent);
      return performance.now() - start;
    });
    best += Math.min(...times);
    first += times[0]!;
  }
  total += best;
  const throughput = (WAYS.length * voxels) / best / 1000;
  console.log(
    `${family}: ${best.toFixed(1)} ms (first ${first.toFixed(1)} ms) by slice, over slices and by volume, ${throughput.toFixed(1)} million voxels/s`,
  );
}
console.log(
  `all: ${total.toFixed(0)} ms for ${voxels} voxels, ${roi.ng} grey levels, ${core.build} build, ${(core.exports.memory.buffer.byteLength / 2 ** 20).toFixed(0)} MiB of wasm memory`,
);
