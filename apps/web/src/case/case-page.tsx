import { useEffect, useState } from "react";
import { DropZone } from "../components/drop-zone.tsx";
import { Notice } from "../components/notice.tsx";
import type { MachineState } from "../shell/machine.ts";
import { CaseClient } from "../worker/case-client.ts";
import { DrawingLayer } from "./drawing-layer.tsx";
import { ExportPanel } from "./export-panel.tsx";
import { FeaturesPanel } from "./features-panel.tsx";
import { FeaturesTable } from "./features-table.tsx";
import { ProgressLine } from "./progress-line.tsx";
import { RegionPanel } from "./region-panel.tsx";
import { ScanPanel, SeriesList } from "./scan-panel.tsx";
import { SliceSlider } from "./slice-slider.tsx";
import { useScan, type Fault, type ScanDesk } from "./use-scan.ts";
import { Viewer, type Picture } from "./viewer.tsx";
import "./case.css";

/** Journey one: a case, from its scan to its features and risk. */
export function CasePage({ machine }: { readonly machine: MachineState }) {
  const [client] = useState(() => new CaseClient());
  const [picture, setPicture] = useState<Picture | null>(null);
  const desk = useScan("first", client);
  const { state, running, fault, actions } = desk;
  const known = machine && "islet" in machine ? machine : null;
  useUndoKey(desk);
  if (!state.view || !state.picture) {
    return (
      <div className="page welcome">
        <div className="lead">
          <h1>A case</h1>
          <p>
            From a scan and three boxes to its features, and with a model to its risk. Everything is computed in this page: the scan does
            not leave this machine.
          </p>
        </div>
        <DropZone label="scan" withFolders isBusy={running !== null} onFiles={(dropped) => void actions.open(dropped)}>
          <p className="drop-title">Drop a scan here</p>
          <p className="faint">A DICOM folder or zip, or a .nii, .nii.gz, .nrrd or .mha file</p>
        </DropZone>
        {running && <ProgressLine running={running} onCancel={actions.cancel} />}
        <FaultLine fault={fault} where="scan" />
        {state.series && <SeriesList series={state.series} isBusy={running !== null} onChoose={actions.chooseSeries} />}
      </div>
    );
  }
  return (
    <div className="workbench">
      <h1 className="visually-hidden">A case</h1>
      <div className="left">
        <Viewer scan={state.picture} shown={state.shown} overlay={state.overlay} onPicture={setPicture}>
          {picture && picture.tiles.length > 0 && (
            <>
              <DrawingLayer
                picture={picture}
                geometry={state.view.geometry}
                drawn={state.drawn}
                role={running ? null : state.role}
                tool={state.tool}
                onStart={actions.startDrawing}
                onDrawn={actions.drawn}
              />
              <SliceSlider picture={picture} geometry={state.view.geometry} />
            </>
          )}
        </Viewer>
        {(state.radiomics || state.deep) && <FeaturesTable radiomics={state.radiomics} deep={state.deep} />}
      </div>
      <div className="right">
        {running && <ProgressLine running={running} onCancel={actions.cancel} />}
        <FaultLine fault={fault} where="scan" />
        <ScanPanel desk={desk} />
        <RegionPanel desk={desk} />
        <FaultLine fault={fault} where="region" />
        <FeaturesPanel desk={desk} client={client} machine={known} />
        <FaultLine fault={fault} where="features" />
        <ExportPanel desk={desk} machine={known} />
        <FaultLine fault={fault} where="export" />
      </div>
    </div>
  );
}

/** What went wrong, beside what it was asked of. */
function FaultLine({ fault, where }: { readonly fault: Fault | null; readonly where: Fault["where"] }) {
  return fault?.where === where ? <Notice kind="bad">{fault.sentence}</Notice> : null;
}

/** Ctrl-Z and Cmd-Z take back the last quadrilateral, unless a field has the keyboard. */
function useUndoKey({ actions, running }: ScanDesk): void {
  useEffect(() => {
    const undo = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      if ((event.ctrlKey || event.metaKey) && event.key === "z" && !isTyping && !running) {
        event.preventDefault();
        actions.undo();
      }
    };
    globalThis.addEventListener("keydown", undo);
    return () => globalThis.removeEventListener("keydown", undo);
  }, [actions, running]);
}
