import type { RegionFacts } from "@islet/pipeline";
import { useEffect, useState } from "react";
import { DropZone } from "../components/drop-zone.tsx";
import { Sentences } from "../components/notice.tsx";
import type { Dropped } from "../components/dropped-files.ts";
import { ROLES, sliceOf, type Role } from "./annotation.ts";
import type { Tool } from "./drawing-layer.tsx";
import type { ScanDesk } from "./use-scan.ts";

const WORDS: Readonly<Record<Role, string>> = { top: "Top", largest: "Largest", bottom: "Bottom" };
const TOOLS: readonly (readonly [Tool, string])[] = [
  ["box", "Box"],
  ["corners", "Four corners"],
];

interface RegionProps {
  readonly desk: ScanDesk;
  readonly isBusy: boolean;
}

/** Where the tumour is: three boxes that are drawn, an annotation from a file, or a mask. */
export function RegionPanel({ desk, isBusy }: RegionProps) {
  const { actions } = desk;
  const [isMask, setIsMask] = useState(false);
  return (
    <section className="card" aria-labelledby="region-heading">
      <h2 id="region-heading">Tumour</h2>
      <div className="row" role="group" aria-label="How the tumour is marked">
        <button type="button" className="chip" aria-pressed={!isMask} onClick={() => setIsMask(false)}>
          Draw three boxes
        </button>
        <button type="button" className="chip" aria-pressed={isMask} onClick={() => setIsMask(true)}>
          Load a mask
        </button>
      </div>
      {isMask ? <MaskPart desk={desk} isBusy={isBusy} /> : <DrawingPart desk={desk} isBusy={isBusy} />}
      <RegionFactsLines desk={desk} isBusy={isBusy} />
      {!isMask && (
        <DropZone label="annotation" accept=".json" isSmall isBusy={isBusy} onFiles={(dropped) => void actions.readAnnotation(dropped)}>
          <span className="faint">or drop an annotation (.json) here</span>
        </DropZone>
      )}
    </section>
  );
}

function RegionFactsLines({ desk, isBusy }: RegionProps) {
  const { rough, mask, maskName, latest } = desk.state;
  const notes = [...(rough?.notes ?? []), ...(mask?.notes ?? [])];
  return (
    <>
      {rough && (
        <p className="facts-line" data-testid="box-facts">
          Box: {sizeWords(rough)}
          {mask && latest === "rough" && <span className="faint"> (features are measured here)</span>}
        </p>
      )}
      {mask && (
        <p className="facts-line row" data-testid="mask-facts">
          Mask {maskName}: {sizeWords(mask)}
          {rough && latest === "mask" && <span className="faint"> (features are measured here)</span>}
          <button type="button" className="quiet" disabled={isBusy} onClick={() => void desk.actions.forgetMask()}>
            Take away
          </button>
        </p>
      )}
      <Sentences kind="warn" sentences={notes} />
    </>
  );
}

function sizeWords({ sizeMm: [z, y, x], millilitres }: RegionFacts): string {
  return `${x.toFixed(0)} × ${y.toFixed(0)} × ${z.toFixed(0)} mm, ${millilitres.toPrecision(3)} ml`;
}

function DrawingPart({ desk, isBusy }: RegionProps) {
  const { state, actions } = desk;
  const { drawn, role, tool, past } = state;
  return (
    <>
      <p className="faint">
        Mark the tumour on its top, largest and bottom slice. Scroll to the slice, choose which it is, then{" "}
        {tool === "box" ? "drag a box" : "click four corners"} on the axial view.
      </p>
      <div className="roles">
        {ROLES.map((name) => (
          <button
            key={name}
            type="button"
            className={`role role-${name}`}
            aria-pressed={role === name}
            disabled={isBusy}
            onClick={() => actions.patch({ role: role === name ? null : name })}
          >
            <span className="swatch" aria-hidden="true" />
            {WORDS[name]}
            <span className="faint">{drawn[name] ? `slice ${sliceOf(state.view!.geometry, drawn[name]) + 1}` : "not drawn"}</span>
          </button>
        ))}
      </div>
      <div className="row">
        {TOOLS.map(([name, label]) => (
          <button key={name} type="button" className="chip" aria-pressed={tool === name} onClick={() => actions.patch({ tool: name })}>
            {label}
          </button>
        ))}
        <button type="button" className="quiet" disabled={past.length === 0 || isBusy} onClick={actions.undo}>
          Undo
        </button>
        <button type="button" className="quiet" disabled={Object.keys(drawn).length === 0 || isBusy} onClick={actions.startOver}>
          Start over
        </button>
        <Clock startedAt={state.startedAt} seconds={state.seconds} />
      </div>
    </>
  );
}

/** The time that drawing takes: running while it is drawn, then as it was. */
function Clock({ startedAt, seconds }: { readonly startedAt: number | null; readonly seconds: number | null }) {
  const [now, setNow] = useState(() => performance.now());
  const isRunning = startedAt !== null && seconds === null;
  useEffect(() => {
    if (!isRunning) return undefined;
    const timer = setInterval(() => setNow(performance.now()), 250);
    return () => clearInterval(timer);
  }, [isRunning]);
  if (startedAt === null) return null;
  const shown = seconds ?? Math.max(0, now - startedAt) / 1000;
  return (
    <span className="clock" role="timer" aria-label="Time taken to draw">
      {shown.toFixed(shown < 100 ? 1 : 0)} s
    </span>
  );
}

function MaskPart({ desk, isBusy }: RegionProps) {
  const { actions } = desk;
  const [label, setLabel] = useState("");
  const [structure, setStructure] = useState("");
  const take = (dropped: Dropped) =>
    void actions.readMask(dropped, {
      ...(label.trim() !== "" && { label: Number(label) }),
      ...(structure.trim() !== "" && { structure: structure.trim() }),
    });
  return (
    <>
      <div className="row">
        <label>
          Label <input type="number" min={0} value={label} placeholder="any" onChange={(event) => setLabel(event.target.value)} />
        </label>
        <label>
          Structure{" "}
          <input type="text" size={12} value={structure} placeholder="only one" onChange={(event) => setStructure(event.target.value)} />
        </label>
      </div>
      <DropZone label="mask" isSmall isBusy={isBusy} onFiles={take}>
        <span className="faint">NIfTI, NRRD, MHA, DICOM SEG or RTSTRUCT, drawn on this scan</span>
      </DropZone>
    </>
  );
}
