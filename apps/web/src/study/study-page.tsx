import { useState } from "react";
import { Notice } from "../components/notice.tsx";
import { ResultsPanel } from "./results-panel.tsx";
import { RunPanel } from "./run-panel.tsx";
import { StudyForm } from "./study-form.tsx";
import { TablesPanel } from "./tables-panel.tsx";
import { useStudy } from "./use-study.ts";
import "./study.css";

/** Journey two: a study on tables of features, from files to the terminal's own tables, report and model. */
export default function StudyPage() {
  const study = useStudy();
  const [isEditing, setEditing] = useState(true);
  const { draft, sketches, running, fault, view, actions } = study;
  if (!draft || sketches.length === 0) {
    return (
      <div className="page welcome">
        <div className="lead">
          <h1>A study</h1>
          <p>
            From tables of features to cross-validated models, external validation, figures and a report. The tables stay in this page; what
            comes out is what the terminal writes, byte for byte.
          </p>
        </div>
        <TablesPanel study={study} />
        {fault && <Notice kind="bad">{fault}</Notice>}
      </div>
    );
  }
  const isShowingResults = view !== null && !isEditing;
  return (
    <div className="page study">
      <div className="row ends">
        <h1>A study</h1>
        {view && (
          <div className="row" role="group" aria-label="What to show">
            <button type="button" aria-pressed={isShowingResults} onClick={() => setEditing(false)}>
              Results
            </button>
            <button type="button" aria-pressed={!isShowingResults} onClick={() => setEditing(true)}>
              Set-up
            </button>
          </div>
        )}
      </div>
      {isShowingResults ? (
        <ResultsPanel view={view} actions={actions} />
      ) : (
        <div className="bench">
          <div className="entered">
            <TablesPanel study={study} />
            <StudyForm draft={draft} tables={sketches} isBusy={running !== null} onChange={actions.edit} />
          </div>
          <RunPanel
            study={study}
            onDone={() => {
              setEditing(false);
              globalThis.scrollTo({ top: 0 });
            }}
          />
        </div>
      )}
    </div>
  );
}
