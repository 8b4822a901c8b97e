// A record that lets layers be in half precision is checked before its network runs: another driver may do what the measured one did not.
import { requestGpu } from "./adapter.ts";
import { checkHalf } from "./half-check.ts";
import { halfBlocks, withPrecision } from "./tuning.ts";
import type { Tuning } from "./tuning.ts";

/**
 * The record as it serves on this machine now: unchanged where nothing of it is in half precision, or where half precision passes its check; else
 * without half precision, and with the reason.
 *
 * @throws DeviceError where there is no adapter, or the record is another adapter's
 */
export async function settlePrecision(tuning: Tuning): Promise<Tuning> {
  const blocks = halfBlocks(tuning);
  if (blocks.length === 0) return tuning;
  const gpu = await requestGpu({ allowSoftware: true, tunes: true });
  try {
    const precision = await checkHalf(gpu, blocks);
    const settled = precision.kind === "f16" ? tuning : withPrecision(tuning, precision);
    gpu.use(settled);
    return settled;
  } finally {
    gpu.destroy();
  }
}
