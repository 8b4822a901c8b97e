import { useEffect, useState } from "react";
import type { BrowserMachine } from "@islet/pipeline/browser";
import type { CaseClient } from "../worker/case-client.ts";
import type { ScanDesk, WeightsChoice } from "./use-scan.ts";
import { windowWords } from "./windows.ts";

interface Preset {
  readonly name: string;
  readonly description: string;
}
const BACKENDS = [
  ["auto", "Best here"],
  ["webgpu", "WebGPU"],
  ["wasm", "WASM"],
] as const;
/** Where the network runs; "auto" leaves it to the machine. */
export type Backend = (typeof BACKENDS)[number][0];

/** What is to be computed of the region: hand-crafted features, deep features, or both. */
export function FeaturesPanel({
  desk,
  client,
  machine,
  isBusy,
  backend,
  onBackend,
}: {
  readonly desk: ScanDesk;
  readonly client: CaseClient;
  readonly machine: BrowserMachine | null;
  readonly isBusy: boolean;
  readonly backend: Backend;
  readonly onBackend: (backend: Backend) => void;
}) {
  const { state, actions } = desk;
  const [presets, setPresets] = useState<readonly Preset[]>([]);
  const [preset, setPreset] = useState("ibsi");
  const [isClipped, setIsClipped] = useState(false);
  useEffect(() => void client.ask(state.slot, (worker) => worker.presets()).then(setPresets, () => {}), [client, state.slot]);
  const isReady = state.latest !== null && !isBusy;
  const canClip = "level" in state.window && preset !== "pyradiomics";
  return (
    <section className="card" aria-labelledby="features-heading">
      <h2 id="features-heading">Features</h2>
      <div className="field">
        <label htmlFor="preset">Hand-crafted features</label>
        <select id="preset" value={preset} onChange={(event) => setPreset(event.target.value)}>
          {(presets.length ? presets : [{ name: "ibsi", description: "" }]).map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <p className="faint">{presets.find(({ name }) => name === preset)?.description}</p>
      </div>
      <label className="check">
        <input
          type="checkbox"
          checked={isClipped && canClip}
          disabled={!canClip}
          onChange={(event) => setIsClipped(event.target.checked)}
        />{" "}
        Clip to the window first ({windowWords(state.window)})
      </label>
      <button type="button" className="primary" disabled={!isReady} onClick={() => void actions.radiomics(preset, isClipped && canClip)}>
        Measure features
      </button>
      <NetworkPart desk={desk} machine={machine} isReady={isReady} backend={backend} onBackend={onBackend} />
      {state.latest === null && <p className="faint">Draw the three boxes or load a mask first.</p>}
    </section>
  );
}

function NetworkPart({
  desk,
  machine,
  isReady,
  backend,
  onBackend,
}: {
  readonly desk: ScanDesk;
  readonly machine: BrowserMachine | null;
  readonly isReady: boolean;
  readonly backend: Backend;
  readonly onBackend: (backend: Backend) => void;
}) {
  const [kind, setKind] = useState<WeightsChoice["kind"]>("shipped");
  const [file, setFile] = useState<File | null>(null);
  const [seed, setSeed] = useState("1");
  const weights = (): WeightsChoice | null => {
    if (kind === "shipped") return { kind, name: "sarcoma-ct-16" };
    if (kind === "seeded") return { kind, baseWidth: 16, seed: Number(seed) || 1 };
    return file && { kind, file };
  };
  const chosen = weights();
  const { actions, state } = desk;
  return (
    <>
      <div className="row">
        <div className="field">
          <label htmlFor="weights">Network</label>
          <select id="weights" value={kind} onChange={(event) => setKind(event.target.value as WeightsChoice["kind"])}>
            <option value="shipped">sarcoma-ct-16 (comes along)</option>
            <option value="file">weights from a file</option>
            <option value="seeded">untrained, from a seed</option>
          </select>
        </div>
        <div className="field">
          <label htmlFor="backend">Runs on</label>
          <select id="backend" value={backend} onChange={(event) => onBackend(event.target.value as Backend)}>
            {BACKENDS.map(([value, label]) => (
              <option key={value} value={value} disabled={value === "webgpu" && machine?.adapters.length === 0}>
                {value === "auto" && machine ? `${label}: ${machine.backend === "webgpu" ? "WebGPU" : "WASM"}` : label}
              </option>
            ))}
          </select>
        </div>
      </div>
      {kind === "seeded" && (
        <label>
          Seed <input type="number" min={0} value={seed} onChange={(event) => setSeed(event.target.value)} />
        </label>
      )}
      {kind === "file" && (
        <label>
          Weights (.safetensors) <input type="file" accept=".safetensors" onChange={(event) => setFile(event.target.files?.[0] ?? null)} />
        </label>
      )}
      <button type="button" disabled={!isReady || !chosen} onClick={() => chosen && void actions.deep(chosen, backend, 256)}>
        Run the network
      </button>
      {state.deep && (
        <p className="facts-line">
          {state.deep.features.length} deep features from {state.deep.kept} of {state.deep.slices} slices on {state.deep.provenance.device},{" "}
          {(state.deep.milliseconds / 1000).toFixed(1)} s. {state.deep.provenance.network}.
        </p>
      )}
    </>
  );
}
