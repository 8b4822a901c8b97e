import { useEffect, useMemo, useState } from "react";
import { DropZone } from "../components/drop-zone.tsx";
import { Notice } from "../components/notice.tsx";
import type { MachineState } from "../shell/machine.ts";
import { CaseClient } from "../worker/case-client.ts";
import { ExportPanel } from "./export-panel.tsx";
import { FeaturesPanel, type Backend } from "./features-panel.tsx";
import { FeaturesTable } from "./features-table.tsx";
import { ModelDrop, ModelPanel } from "./model-panel.tsx";
import { ProgressLine } from "./progress-line.tsx";
import { RegionPanel } from "./region-panel.tsx";
import { ScanPanel, SeriesList } from "./scan-panel.tsx";
import { ScanStage } from "./scan-stage.tsx";
import { ScoreView } from "./score-view.tsx";
import { useModel } from "./use-model.ts";
import { useScan, type Fault, type ScanDesk } from "./use-scan.ts";
import "./case.css";

/** Places for scans: one for each phase that a model may ask for. */
const SLOTS = ["1", "2", "3", "4"] as const;

/** Journey one: a case, from its scan to its features and risk. */
export function CasePage({ machine }: { readonly machine: MachineState }) {
  const [client] = useState(() => new CaseClient());
  const desks = [useScan("1", client), useScan("2", client), useScan("3", client), useScan("4", client)] as const;
  const model = useModel(client, SLOTS);
  const [active, setActive] = useState(0);
  const [backend, setBackend] = useState<Backend>("auto");
  const desk = desks[active]!;
  const { state, actions } = desk;
  const known = machine && "islet" in machine ? machine : null;
  const running = desks.find((one) => one.running)?.running ?? model.running;
  const isBusy = running !== null;
  useUndoKey(desk, isBusy);

  // A phase of the model is how its scan is called.
  const phaseOf = (slot: string) => Object.entries(model.state.phases).find(([, one]) => one === slot)?.[0];
  const count = Math.max(
    model.state.description?.phases.length ?? 1,
    1 + desks.findLastIndex((one) => one.state.view !== null),
    active + 1,
  );
  const slots = SLOTS.slice(0, count).map((slot, i) => {
    const phase = model.state.description && model.state.description.phases.length > 1 ? phaseOf(slot) : undefined;
    return { slot, label: phase ? `Scan ${slot}: ${phase}` : `Scan ${slot}`, isOpen: desks[i]!.state.view !== null };
  });
  const heat = useMemo(() => heatOf(model.state, state.slot), [model.state, state.slot]);
  const isWelcome = desks.every((one) => one.state.view === null) && model.state.description === null;

  const opening = (
    <>
      <DropZone label="scan" withFolders isBusy={isBusy} onFiles={(dropped) => void actions.open(dropped)}>
        <p className="drop-title">Drop a scan here</p>
        <p className="faint">A DICOM folder or zip, or a .nii, .nii.gz, .nrrd or .mha file</p>
      </DropZone>
      <FaultLine fault={desk.fault} where="scan" />
      {state.series && <SeriesList series={state.series} isBusy={isBusy} onChoose={actions.chooseSeries} />}
    </>
  );
  if (isWelcome) {
    return (
      <div className="page welcome">
        <div className="lead">
          <h1>A case</h1>
          <p>
            From a scan and three boxes to its features, and with a model to its risk. Everything is computed in this page: the scan does
            not leave this machine.
          </p>
        </div>
        {opening}
        <ModelDrop model={model} isBusy={isBusy} />
        {model.fault !== null && <Notice kind="bad">{model.fault}</Notice>}
        {running && <ProgressLine running={running} onCancel={() => client.cancel()} />}
      </div>
    );
  }
  return (
    <div className="workbench">
      <h1 className="visually-hidden">A case</h1>
      <div className="left">
        {slots.length > 1 && (
          <div className="row" role="group" aria-label="Scans">
            {slots.map(({ slot, label }, i) => (
              <button key={slot} type="button" className="chip" aria-pressed={i === active} onClick={() => setActive(i)}>
                {label}
              </button>
            ))}
          </div>
        )}
        {state.view && state.picture ? <ScanStage key={state.slot} desk={desk} heat={heat} isBusy={isBusy} /> : opening}
        {model.state.scored && <ScoreView scored={model.state.scored} />}
        {(state.radiomics || state.deep) && <FeaturesTable radiomics={state.radiomics} deep={state.deep} />}
      </div>
      <div className="right">
        {running && <ProgressLine running={running} onCancel={() => client.cancel()} />}
        {state.view && (
          <>
            <FaultLine fault={desk.fault} where="scan" />
            <ScanPanel desk={desk} isBusy={isBusy} />
            <RegionPanel desk={desk} isBusy={isBusy} />
            <FaultLine fault={desk.fault} where="region" />
            <FeaturesPanel desk={desk} client={client} machine={known} isBusy={isBusy} backend={backend} onBackend={setBackend} />
            <FaultLine fault={desk.fault} where="features" />
          </>
        )}
        <ModelPanel
          model={model}
          slots={slots}
          backend={backend}
          isBusy={isBusy}
          onScan={(slot) => setActive(SLOTS.findIndex((one) => one === slot))}
        />
        {(state.view || model.state.scored) && (
          <>
            <ExportPanel desk={desk} scored={model.state.scored} isBusy={isBusy} />
            <FaultLine fault={desk.fault} where="export" />
          </>
        )}
      </div>
    </div>
  );
}

/** The heat that belongs to the scan of a slot; null where nothing was explained. */
function heatOf({ scored, phases }: ReturnType<typeof useModel>["state"], slot: string): Uint8Array<ArrayBuffer> | null {
  const phase = Object.keys(phases).find((name) => phases[name] === slot && scored?.heats[name]);
  return phase === undefined ? null : scored!.heats[phase]!;
}

/** What went wrong, beside what it was asked of. */
function FaultLine({ fault, where }: { readonly fault: Fault | null; readonly where: Fault["where"] }) {
  return fault?.where === where ? <Notice kind="bad">{fault.sentence}</Notice> : null;
}

/** Ctrl-Z and Cmd-Z take back the last quadrilateral, unless a field has the keyboard. */
function useUndoKey({ actions }: ScanDesk, isBusy: boolean): void {
  useEffect(() => {
    const undo = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLInputElement && event.target.type !== "range";
      if (!(event.ctrlKey || event.metaKey) || event.key !== "z" || isTyping || isBusy) return;
      event.preventDefault();
      actions.undo();
    };
    globalThis.addEventListener("keydown", undo);
    return () => globalThis.removeEventListener("keydown", undo);
  }, [actions, isBusy]);
}
