// A sequence of dispatches that is recorded once and replayed in every pass, so that a training step makes no bind group and no pipeline.
import type { Pass } from "./gpu.ts";

/** What a pass was told to do. */
export interface Recording {
  /** Tells a pass the same again. */
  replay(pass: Pass): void;
}

/** Records what `record` tells its pass, once. */
export function recordOnce(record: (pass: Pass) => void): Recording {
  const calls: ((pass: Pass) => void)[] = [];
  record({
    setPipeline: (pipeline) => void calls.push((pass) => pass.setPipeline(pipeline)),
    setBindGroup: (index: number, group: GPUBindGroup | null | undefined) => void calls.push((pass) => pass.setBindGroup(index, group)),
    dispatchWorkgroups: (x, y, z) => void calls.push((pass) => pass.dispatchWorkgroups(x, y, z)),
  });
  return {
    replay(pass) {
      for (const call of calls) call(pass);
    },
  };
}
