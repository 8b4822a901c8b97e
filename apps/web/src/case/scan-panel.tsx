import { DropZone } from "../components/drop-zone.tsx";
import { Sentences } from "../components/notice.tsx";
import type { Series } from "./scan-state.ts";
import type { ScanDesk } from "./use-scan.ts";
import { isSameWindow, presetsFor, windowWords, type Window } from "./windows.ts";

const FORMATS = { dicom: "DICOM", nifti: "NIfTI", nrrd: "NRRD", mha: "MetaImage" } as const;

/** The list of series of a source that has several. */
export function SeriesList({
  series,
  onChoose,
  isBusy,
}: {
  readonly series: readonly Series[];
  readonly onChoose: (series: string) => void;
  readonly isBusy: boolean;
}) {
  return (
    <section className="card" aria-labelledby="series-heading">
      <h2 id="series-heading">Choose a series</h2>
      <p className="faint">These files hold {series.length} image series; a case is one of them.</p>
      <ul className="series">
        {series.map(({ number, uid, modality, description, slices, rows, columns, sliceSpacing, plane, problem }, i) => (
          <li key={`${uid} ${number}`}>
            <button type="button" disabled={isBusy || problem !== null} onClick={() => onChoose(`#${i + 1}`)}>
              <strong>
                {number ?? `#${i + 1}`} · {modality} {description}
              </strong>
              <span className="faint">
                {slices} {slices === 1 ? "slice" : "slices"} of {columns} × {rows}
                {sliceSpacing !== null && `, every ${sliceSpacing.toFixed(2)} mm`}
                {plane && `, ${plane}`}
              </span>
            </button>
            {problem !== null && <p className="faint">Cannot be read: {problem}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What the scan is, and which of its intensities are shown. */
export function ScanPanel({ desk, isBusy }: { readonly desk: ScanDesk; readonly isBusy: boolean }) {
  const { state, actions } = desk;
  const { report } = state.view!;
  const [nz, ny, nx] = report.shape;
  const presets = presetsFor(report);
  return (
    <section className="card" aria-labelledby="scan-heading">
      <div className="row ends">
        <h2 id="scan-heading">Scan</h2>
        {state.series && (
          <button type="button" className="quiet" onClick={() => actions.patch({ view: null, picture: null })}>
            Other series
          </button>
        )}
      </div>
      <p className="facts-line">
        {FORMATS[report.format]}
        {report.series?.modality && ` ${report.series.modality}`} · {nx} × {ny} × {nz} voxels ·{" "}
        {[...report.spacing]
          .reverse()
          .map((mm) => Number(mm.toFixed(3)))
          .join(" × ")}{" "}
        mm
      </p>
      <fieldset className="presets">
        <legend>Window: {windowWords(state.window)}</legend>
        <div className="row">
          {presets.map(({ name, window }) => (
            <button
              key={name}
              type="button"
              className="chip"
              disabled={isBusy}
              aria-pressed={isSameWindow(window, state.window)}
              onClick={() => void actions.setWindow(window)}
            >
              {name}
            </button>
          ))}
        </div>
        {"level" in state.window && <OwnWindow window={state.window} onChange={(window) => void actions.setWindow(window)} />}
      </fieldset>
      <Sentences kind="warn" sentences={report.warnings} />
      <DropZone label="scan" isSmall withFolders isBusy={isBusy} onFiles={(dropped) => void actions.open(dropped)}>
        <span className="faint">Another scan: drop it here</span>
      </DropZone>
    </section>
  );
}

function OwnWindow({
  window,
  onChange,
}: {
  readonly window: { level: number; width: number };
  readonly onChange: (window: Window) => void;
}) {
  return (
    <div className="row own-window">
      {(["level", "width"] as const).map((name) => (
        <label key={name}>
          {name === "level" ? "Level" : "Width"}, HU{" "}
          <input
            key={window[name]}
            type="number"
            defaultValue={window[name]}
            onBlur={(event) => {
              const value = event.target.valueAsNumber;
              if (Number.isFinite(value) && value !== window[name] && (name === "level" || value > 0))
                onChange({ ...window, [name]: value });
            }}
            onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
          />
        </label>
      ))}
    </div>
  );
}
