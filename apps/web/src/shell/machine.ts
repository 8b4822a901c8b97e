import type { BrowserMachine } from "@islet/pipeline/browser";
import { wrap } from "comlink";
import { useEffect, useState } from "react";

/** The machine, once a worker has looked; null until then, or its sentence where it could not. */
export type MachineState = BrowserMachine | { readonly failure: string } | null;

/** Looks at the machine once, in a worker of its own that ends afterwards. */
export function useMachine(): MachineState {
  const [machine, setMachine] = useState<MachineState>(null);
  useEffect(() => {
    const worker = new Worker(new URL("../worker/machine.worker.ts", import.meta.url), { type: "module" });
    const api = wrap<{ inspectBrowser(): Promise<BrowserMachine> }>(worker);
    worker.addEventListener("error", () => setMachine({ failure: "this browser could not start a worker; reload the page" }));
    api
      .inspectBrowser()
      .then(setMachine, (error: Error) => setMachine({ failure: error.message }))
      .finally(() => worker.terminate());
    return () => worker.terminate();
  }, []);
  return machine;
}
