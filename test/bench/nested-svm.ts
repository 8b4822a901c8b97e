// The inner loops of a nested cross-validation, 10 outer folds x 420 grid points x 5 inner folds on 56 x 1024, beside scikit-learn's SVC.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crossDecisions, loadCore } from "@islet/core-wasm";
import type { GridPoint } from "@islet/core-wasm";
import { cohort, stratified } from "../../packages/core-wasm/bench/cohort.ts";
import { pythonBench } from "./python.ts";
import { inTurns, printRow } from "./row.ts";

const [N, D, OUTER, INNER] = [56, 1024, 10, 5];
const powers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => 2 ** (from + i));
const GRID: GridPoint[] = powers(-5, 15).flatMap((C) => [
  { kernel: { kind: "linear" } as const, C },
  ...powers(-15, 3).map((gamma) => ({ kernel: { kind: "rbf", gamma } as const, C })),
]);

const { x, y } = cohort(N, 10, D, 40);
const outer = stratified(y, OUTER);

/** scikit-learn's time on the same rows, labels and outer folds, which it reads from a folder for the time of the run. */
function peerTimes() {
  const folder = mkdtempSync(join(tmpdir(), "islet-bench-"));
  try {
    const files = { x, y, outer };
    for (const [name, data] of Object.entries(files)) writeFileSync(join(folder, name), data);
    const paths = Object.keys(files).map((name) => join(folder, name));
    return pythonBench<{ version: string; ms: number[] }>("sklearn_nested_svm.py", "sklearn", [...paths, String(D)]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const peer = peerTimes();
for (const build of ["relaxed", "simd"] as const) {
  const core = await loadCore(build);
  const nested = () => {
    for (let f = 0; f < OUTER; f++) {
      const keep = [...y.keys()].filter((i) => outer[i] !== f);
      const part = Float64Array.from(keep.flatMap((i) => [...x.subarray(i * D, (i + 1) * D)]));
      const labels = Int8Array.from(keep, (i) => y[i]!);
      crossDecisions(core, part, labels, D, stratified(labels, INNER), INNER, GRID, { balanced: true });
    }
  };
  const [ours] = await inTurns(3, [nested]);
  const name = `nested SVM ${OUTER} x ${GRID.length} x ${INNER}, ${N} x ${D}, ${build}`;
  printRow(
    name,
    ours!,
    peer ? `scikit-learn ${peer.version} SVC, 2 jobs` : "scikit-learn SVC, 2 jobs",
    peer?.ms ?? [],
    "ours on one thread; the peer timed once, on two",
  );
}
