import { download } from "../components/download.ts";
import { Notice } from "../components/notice.tsx";
import type { Study } from "./use-study.ts";

/** What the pipeline says of the study as it stands, and the run. */
export function RunPanel({ study, onDone }: { readonly study: Study; readonly onDone: () => void }) {
  const { check, running, fault, view, actions } = study;
  const isReady = check !== null && !("fault" in check);
  return (
    <section className="card run" aria-label="Run">
      <h2>Run</h2>
      {check === null && <p className="faint">Looking at the study</p>}
      {check && "fault" in check && <Notice kind="bad">{check.fault}</Notice>}
      {isReady && (
        <>
          <dl className="facts">
            <dt>Internal</dt>
            <dd>
              {check.internal.n} patients, {check.internal.events} with the event
            </dd>
            <dt>External</dt>
            <dd>{check.external.n === 0 ? "none" : `${check.external.n} patients, ${check.external.events} with the event`}</dd>
            <dt>Excluded</dt>
            <dd>{check.excluded}</dd>
          </dl>
          {check.findings
            .filter(({ level }) => level === "warning")
            .map(({ id, found, consequence }) => (
              <Notice key={id + found} kind="warn">
                {found} {consequence}
              </Notice>
            ))}
          {check.notes.length + check.findings.length > 0 && (
            <details>
              <summary>Notes before the run</summary>
              <ul className="notes">
                {check.notes.map((note) => (
                  <li key={note}>{note}</li>
                ))}
                {check.findings
                  .filter(({ level }) => level === "note")
                  .map(({ id, found, consequence }) => (
                    <li key={id + found}>
                      {found} {consequence}
                    </li>
                  ))}
              </ul>
            </details>
          )}
        </>
      )}
      {running ? (
        <div className="progress-line">
          <progress value={running.done} max={running.total} aria-label="Models learnt" />
          <p className="faint" aria-live="polite">
            {running.done < running.total
              ? `${running.done} of ${running.total} models${running.last && `; last: ${running.last}`}`
              : "drawing tables, figures and the report"}
          </p>
          <button type="button" onClick={actions.cancel}>
            Cancel
          </button>
        </div>
      ) : (
        <div className="row">
          <button
            type="button"
            className="primary"
            disabled={!isReady}
            onClick={() => void actions.run().then((isDone) => isDone && onDone())}
          >
            {view ? "Run again" : "Run the study"}
          </button>
          <button type="button" onClick={() => void actions.studyFile().then((text) => download("study.yaml", text, "application/yaml"))}>
            Save study.yaml
          </button>
        </div>
      )}
      {fault && <Notice kind="bad">{fault}</Notice>}
    </section>
  );
}
