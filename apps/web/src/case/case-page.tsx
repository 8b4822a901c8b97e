import type { MachineState } from "../shell/machine.ts";

/** Journey one: a case, from its scan to its features and risk. */
export function CasePage({ machine }: { readonly machine: MachineState }) {
  return (
    <div className="page">
      <h1>A case</h1>
      <p>{machine === null ? "Looking at this machine." : "Drop a scan."}</p>
    </div>
  );
}
