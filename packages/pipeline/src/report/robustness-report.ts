// A study before other readers, as files: tables, figures, listings and a page.
import type { StudyConfig } from "../study/config.ts";
import type { Robustness } from "../study/robustness/robustness.ts";
import { figureFoot, htmlDocument, tableFoot } from "./document.ts";
import { escapeText } from "./escape.ts";
import { withFoot } from "./figures/draw.ts";
import { featureAgreementFigure, riskAgreementFigure } from "./figures/robustness.ts";
import { figureHtml } from "./page.ts";
import { isSynthetic, primaryModel } from "../study/results.ts";
import { robustnessListings, robustnessTables } from "./robustness-tables.ts";
import { tableCsv, tableHtml, tableLatex } from "./table.ts";
import { plural } from "./words.ts";
import type { StudyReport } from "./study-report.ts";

/** Writes all that is said of a study's robustness. Pure: equal results give equal bytes. */
export function robustnessReport(study: StudyConfig, robustness: Robustness): StudyReport {
  const tables = robustnessTables(robustness);
  const primary = primaryModel({ study, models: robustness.models });
  const synthetic = isSynthetic(study);
  const figures = [
    ...(robustness.features.length ? [featureAgreementFigure(robustness)] : []),
    riskAgreementFigure(robustness, primary),
  ].map((figure) => withFoot(figure, figureFoot(synthetic)));
  const files: Record<string, string> = { ...robustnessListings(robustness) };
  for (const table of tables) {
    files[`robustness/${table.name}.csv`] = tableCsv(table);
    files[`robustness/${table.name}.tex`] = tableLatex({ ...table, notes: [...table.notes, tableFoot(synthetic)] });
  }
  for (const { name, svg } of figures) files[`robustness/${name}.svg`] = svg;
  files["robustness/report.html"] = htmlDocument({
    title: `${study.name}: robustness to the annotation`,
    isSynthetic: synthetic,
    lead: [`<p class="facts">${escapeText(whatWasDone(robustness))}</p>`],
    main: [
      ...tables.map(tableHtml),
      ...figures.map(figureHtml),
      ...(robustness.failures.length
        ? [
            `<h2>Readings without a result</h2>`,
            `<ul>${robustness.failures.map(({ reader, patient, phase, reason }) => `<li>${escapeText(`reader ${reader}, patient ${patient}, ${phase}: ${reason}`)}</li>`).join("")}</ul>`,
          ]
        : []),
    ],
  });
  return { files, figures };
}

function whatWasDone({ readers: { readers, jitterMm, maskSdMm, seed }, failures }: Robustness): string {
  return (
    `${plural(readers, "reader")} were simulated (seed ${seed}): rough annotations with corners moved within their slices by a normal random number of ${jitterMm} mm standard deviation along each axis, ` +
    `fine masks with their surface moved outwards or inwards by one of ${maskSdMm} mm standard deviation, in whole voxels. All features were extracted again from each reader's annotations, and the study's own fold models gave every patient's risk from them. ` +
    `${failures.length === 0 ? "Every reading gave a result." : `${plural(failures.length, "reading")} gave none; they are listed below.`}`
  );
}
