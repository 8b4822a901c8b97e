// The certificate of a machine: what it computed, beside what others published or computed.
import type { Core } from "@islet/core-wasm";
import type { Agreement } from "./agreement.ts";
import { featureAgreements } from "./features.ts";
import { encoderAgreement, kernelAgreements } from "./kernels.ts";

/** What a machine computed, beside what others published or computed. */
export interface Certificate<Machine> {
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
export async function certify<Machine>(
  core: Core,
  about: { readonly machine: Machine; readonly engine: string; readonly date: string },
): Promise<Certificate<Machine>> {
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
  return { format: "islet-selftest/1", agrees: within === compared, compared, within, families, skipped, ...about };
}
