import { useState } from "react";
import { download } from "../components/download.ts";
import { Notice } from "../components/notice.tsx";
import { FeaturesPanel } from "./features-panel.tsx";
import { FiguresPanel } from "./figures-panel.tsx";
import { ModelTable } from "./model-table.tsx";
import { PatientsPanel } from "./patients-panel.tsx";
import { RocPlot } from "./roc-plot.tsx";
import { SurvivalPlot } from "./survival-plot.tsx";
import type { Study } from "./use-study.ts";

/** What a study says, to look at and to take away. */
export function ResultsPanel({ view, actions }: { readonly view: NonNullable<Study["view"]>; readonly actions: Study["actions"] }) {
  const [wanted, setChosen] = useState(view.primary);
  const [cohort, setCohort] = useState("");
  const names = view.study.models.map(({ name }) => name);
  const chosen = names.includes(wanted) ? wanted : view.primary;
  const rows = view.models.filter((row) => cohort === "" || row.cohort === cohort);
  const survival = view.survival[chosen];
  const threshold = view.models.find(({ model }) => model === chosen)!.threshold;
  const warnings = view.findings.filter(({ level }) => level === "warning");
  const save = async (path: string, name: string, type: string) => download(name, await actions.output(path), type);
  return (
    <section className="results" aria-label="Results" id="study-results">
      <div className="row ends">
        <h2>{view.study.name}</h2>
        <div className="row">
          <button type="button" className="primary" onClick={() => void save("report.html", "report.html", "text/html")}>
            Save the report
          </button>
          <button type="button" onClick={() => void actions.zip().then((zip) => download("study.zip", zip, "application/zip"))}>
            Save everything (zip)
          </button>
          <button type="button" onClick={() => void save("model.islet", "model.islet", "application/octet-stream")}>
            Save the model
          </button>
        </div>
      </div>
      {view.isSynthetic && <Notice kind="warn">SYNTHETIC DATA: nothing here says anything about real tumours.</Notice>}
      {warnings.map(({ id, found, consequence }) => (
        <Notice key={id + found} kind="warn">
          {found} {consequence}
        </Notice>
      ))}
      <section className="card" aria-label="Models">
        <div className="row ends">
          <h3>Models</h3>
          <div className="field">
            <label htmlFor="models-cohort">Cohort</label>
            <select id="models-cohort" value={cohort} onChange={({ target }) => setCohort(target.value)}>
              <option value="">both</option>
              <option>internal</option>
              <option>external</option>
            </select>
          </div>
        </div>
        <ModelTable rows={rows} chosen={chosen} onChoose={setChosen} />
      </section>
      <div className="charts">
        <RocPlot
          rocs={view.rocs.filter((roc) => cohort === "" || roc.cohort === cohort)}
          models={names}
          chosen={chosen}
          onChoose={setChosen}
        />
        {survival && <SurvivalPlot model={chosen} survival={survival} />}
      </div>
      <PatientsPanel patients={view.patients} model={chosen} threshold={threshold} />
      <FeaturesPanel model={chosen} roles={view.roles[chosen] ?? []} />
      <FiguresPanel figures={view.figures} />
      {view.leftOut.length > 0 && (
        <details className="card">
          <summary>
            <h3>{view.leftOut.length} left out</h3>
          </summary>
          <ul>
            {view.leftOut.map(({ patient, phase, reason }) => (
              <li key={patient + phase}>
                {patient}
                {phase && `, ${phase}`}: {reason}
              </li>
            ))}
          </ul>
        </details>
      )}
      <details className="card">
        <summary>
          <h3>{view.findings.length} findings of the guards</h3>
        </summary>
        <ul>
          {view.findings.map(({ id, found, consequence }) => (
            <li key={id + found}>
              {found} {consequence}
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}
