// The self-test of this machine, and the certificate of it.
import { loadCore } from "@islet/core-wasm";
import { engineHash } from "../study/hash.node.ts";
import { inspectMachine, type Machine } from "../study/machine.node.ts";
import type { Agreement } from "./agreement.ts";
import { featureAgreements } from "./features.ts";
import { encoderAgreement, kernelAgreements } from "./kernels.ts";

/** What a machine computed, beside what others published or computed. */
export interface Certificate {
  readonly format: "islet-selftest/1";
  /** Whether every number agrees. */
  readonly agrees: boolean;
  readonly compared: number;
  readonly within: number;
  readonly families: readonly Agreement[];
  /** What could not be tested here, and why. */
  readonly skipped: readonly string[];
  readonly machine: Machine;
  /** Identifies the code that was tested. */
  readonly engine: string;
  readonly date: string;
}

/** Runs every check on this machine; about a second. */
export async function selfTest(): Promise<Certificate> {
  const core = await loadCore();
  const families = [...featureAgreements(core), ...kernelAgreements(core), await encoderAgreement(core, "wasm")];
  const skipped: string[] = [];
  try {
    families.push(await encoderAgreement(core, "webgpu"));
  } catch (error) {
    if ((error as Error).name !== "DeviceError") throw error;
    skipped.push(`U-Net encoder on WebGPU: ${(error as Error).message}`);
  }
  const sum = (of: (family: Agreement) => number) => families.reduce((total, family) => total + of(family), 0);
  const [compared, within] = [sum((f) => f.compared), sum((f) => f.within)];
  return {
    format: "islet-selftest/1",
    agrees: within === compared,
    compared,
    within,
    families,
    skipped,
    machine: await inspectMachine(),
    engine: await engineHash(),
    date: new Date().toISOString(),
  };
}
