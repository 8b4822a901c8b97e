import { wasReloadedForIsolation, type Offline } from "../offline/register.ts";
import type { MachineState } from "./machine.ts";

/** What computes here, in one line: adapter or WASM, threads, isolation, and whether the page works without a network. */
export function MachineLine({ machine, offline }: { readonly machine: MachineState; readonly offline: Offline }) {
  return (
    <p className="machine-line" aria-live="polite">
      {machineWords(machine).map((words) => (
        <span key={words}>{words}</span>
      ))}
      <span>{isolationWords()}</span>
      <span>{offlineWords(offline)}</span>
    </p>
  );
}

function machineWords(machine: MachineState): string[] {
  if (machine === null) return ["looking at this machine"];
  if ("failure" in machine) return [machine.failure];
  const { adapters, backend, wasm, threads, islet } = machine;
  const [adapter] = adapters;
  const gpu = adapter ? `WebGPU: ${adapter.description}${adapter.isSoftware ? " (software)" : ""}` : "no WebGPU adapter";
  return [
    `Islet ${islet}`,
    gpu,
    `WASM: ${wasm}, ${threads === 1 ? "one thread" : `${threads} threads`}`,
    `the network runs on ${backend === "webgpu" ? "WebGPU" : "WASM"}`,
  ];
}

function isolationWords(): string {
  if (!globalThis.crossOriginIsolated) return "not isolated: each network runs on one thread";
  return wasReloadedForIsolation() ? "isolated by the page's own service worker" : "cross-origin isolated by the server";
}

function offlineWords({ state, reason }: Offline): string {
  if (state === "starting") return "keeping the page for use without a network";
  return state === "kept" ? "works without a network" : `needs its server: ${reason}`;
}
