// The self-test of this machine in Node.
import { loadCore } from "@islet/core-wasm";
import { engineHash } from "../host/hash.node.ts";
import { inspectMachine, type Machine } from "./machine.node.ts";
import { certify, type Certificate } from "./certificate.ts";

/** Runs every check on this machine; about a second. */
export async function selfTest(): Promise<Certificate<Machine>> {
  return certify(await loadCore(), { machine: await inspectMachine(), engine: await engineHash(), date: new Date().toISOString() });
}
