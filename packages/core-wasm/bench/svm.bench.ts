// Nested cross-validation of the support vector machine: 10 outer folds x 420 grid points x 5 inner folds, one thread. `node bench/svm.bench.ts`
import { crossDecisions, loadCore } from "../dist/index.js";
import type { GridPoint } from "../dist/index.js";
import { cohort, stratified } from "./cohort.ts";

const powers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => 2 ** (from + i));
const GRID: GridPoint[] = powers(-5, 15).flatMap((C) => [
  { kernel: { kind: "linear" } as const, C },
  ...powers(-15, 3).map((gamma) => ({ kernel: { kind: "rbf", gamma } as const, C })),
]);

for (const [n, positives, d, informative] of [
  [56, 10, 1024, 40],
  [56, 10, 40, 10],
  [56, 10, 10, 3],
  [56, 10, 5, 3],
  [56, 10, 3, 2],
  [56, 10, 1, 1],
] as const) {
  const { x, y } = cohort(n, positives, d, informative);
  const outer = stratified(y, 10);
  for (const build of ["relaxed", "simd"] as const) {
    const core = await loadCore(build);
    const times: number[] = [];
    for (let run = 0; run < 2; run++) {
      const start = performance.now();
      for (let f = 0; f < 10; f++) {
        const keep = Int32Array.from(y, (_, i) => i).filter((i) => outer[i] !== f);
        const part = new Float64Array(keep.length * d);
        keep.forEach((i, k) => part.set(x.subarray(i * d, (i + 1) * d), k * d));
        const labels = Int8Array.from(keep, (i) => y[i]!);
        crossDecisions(core, part, labels, d, stratified(labels, 5), 5, GRID, { balanced: true });
      }
      times.push(performance.now() - start);
    }
    console.log(
      `nested SVM ${build} ${n} x ${d}, 10 x ${GRID.length} x 5: ${Math.min(...times).toFixed(0)} ms (first run ${times[0]!.toFixed(0)} ms)`,
    );
  }
}
