import { DropZone } from "../components/drop-zone.tsx";
import type { Study } from "./use-study.ts";

/** The tables of the study: dropped, chosen, or the example's. */
export function TablesPanel({ study }: { readonly study: Study }) {
  const { sketches, draft, running, actions } = study;
  const isEmpty = sketches.length === 0;
  return (
    <section className={isEmpty ? "tables" : "tables card"} aria-label="Tables">
      {!isEmpty && <h2>Tables</h2>}
      {!isEmpty && (
        <ul className="files">
          {sketches.map(({ file, rows, columns }) => (
            <li key={file}>
              <span className="file">{file}</span>
              <span className="faint">
                {rows} rows, {columns.length} columns
              </span>
              <button type="button" className="quiet" disabled={running !== null} onClick={() => actions.remove(file)}>
                Remove<span className="visually-hidden"> {file}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <DropZone
        label="tables"
        accept=".csv,.tsv,.txt,.yaml,.yml"
        withFolders
        isSmall={!isEmpty}
        isBusy={running !== null}
        onFiles={(dropped) => void actions.drop(dropped)}
      >
        {isEmpty ? (
          <>
            <p className="drop-title">Drop tables here</p>
            <p className="faint">
              The cohort's CSV (one patient a row, an outcome of 0 and 1) and CSVs of features, such as PyRadiomics writes them; a
              study.yaml too, if there is one
            </p>
          </>
        ) : (
          <p className="faint">Add tables, or a study.yaml</p>
        )}
      </DropZone>
      <div className="row">
        {isEmpty && (
          <button type="button" onClick={() => void actions.example()}>
            Try the example (SYNTHETIC)
          </button>
        )}
        {!isEmpty && draft && (
          <button type="button" disabled={running !== null} onClick={() => void actions.propose()}>
            Propose anew from these tables
          </button>
        )}
      </div>
    </section>
  );
}
