import { featureTable, type ScoredCase } from "@islet/pipeline";
import { download } from "../components/download.ts";
import { annotationText } from "./annotation.ts";
import type { ScanDesk } from "./use-scan.ts";

/** Everything that can be taken away as a file. No name of a file that was dropped is in any of them. */
export function ExportPanel({
  desk,
  scored,
  isBusy,
}: {
  readonly desk: ScanDesk;
  readonly scored: ScoredCase | null;
  readonly isBusy: boolean;
}) {
  const { state, actions } = desk;
  const text = annotationText(state.drawn, state.seconds);
  const features = {
    ...state.radiomics?.features,
    ...Object.fromEntries((state.deep?.features ?? []).map((value, i) => [`deep_${i}`, value])),
  };
  const names = Object.keys(features);
  return (
    <section className="card" aria-labelledby="export-heading">
      <h2 id="export-heading">Take away</h2>
      <div className="row">
        <button
          type="button"
          disabled={names.length === 0}
          onClick={() => download("features.csv", featureTable([features], names), "text/csv")}
        >
          Features (.csv)
        </button>
        <button
          type="button"
          disabled={state.latest === null || isBusy}
          onClick={() =>
            void actions.run("export", "Writing the mask", async () =>
              download("mask.nii.gz", await actions.regionFile(), "application/gzip"),
            )
          }
        >
          Mask (.nii.gz)
        </button>
        <button type="button" disabled={text === null} onClick={() => download("rough-roi.json", text!, "application/json")}>
          Annotation (.json)
        </button>
        <button
          type="button"
          disabled={state.view === null || isBusy}
          onClick={() =>
            void actions.run("export", "Writing the report", async () =>
              download("case-report.html", await actions.report(scored), "text/html"),
            )
          }
        >
          Report (.html)
        </button>
        <button
          type="button"
          disabled={scored === null}
          onClick={() => download("score.json", `${JSON.stringify(scored!.score, null, 2)}\n`, "application/json")}
        >
          Score (.json)
        </button>
      </div>
    </section>
  );
}
