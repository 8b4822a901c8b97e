// What a page shows of a study that has just run: its record, its curves, its figures. Plain JSON.
import type { Finding } from "../study/guards/finding.ts";
import type { OpenStudy } from "../study/load.ts";
import type { CohortName } from "../study/cohort.ts";
import { rocOf, survivalOf, type RocPoints, type SurvivalPoints } from "./curves.ts";
import { readStudyRecord, type StudyRecord } from "./study.ts";

/** A model's ROC in one cohort. */
export interface ModelRoc extends RocPoints {
  readonly model: string;
  readonly cohort: CohortName;
}

/** A figure of the report. */
export interface ShownFigure {
  readonly name: string;
  readonly title: string;
  /** What is shown and how it was made. */
  readonly caption: string;
  /** A standalone document. */
  readonly svg: string;
}

/** A study to look at. */
export interface StudyView extends StudyRecord {
  readonly rocs: readonly ModelRoc[];
  /** Model -> survival by its risk groups, both cohorts together; null without follow-up. */
  readonly survival: Readonly<Record<string, SurvivalPoints | null>>;
  readonly figures: readonly ShownFigure[];
  readonly findings: readonly Finding[];
}

/**
 * Reads the outputs of a study for the screen.
 *
 * @param outputs  every output by its path
 */
export async function studyView(
  { cohort }: Pick<OpenStudy, "cohort">,
  outputs: ReadonlyMap<string, Uint8Array>,
  findings: readonly Finding[],
): Promise<StudyView> {
  const text = (path: string) => new TextDecoder().decode(outputs.get(path));
  const times = new Map(cohort.patients.map((p) => [p.id, p.timeMonths]));
  const record = await readStudyRecord(async (path) => text(path), "provenance.json", times);
  const names = record.study.models.map(({ name }) => name);
  return {
    ...record,
    rocs: names.flatMap((model) =>
      (["internal", "external"] as const).flatMap((of) => {
        const roc = rocOf(record, model, of);
        return roc ? [{ model, cohort: of, ...roc }] : [];
      }),
    ),
    survival: Object.fromEntries(names.map((model) => [model, survivalOf(record, model)])),
    figures: [...outputs.keys()].filter((path) => path.endsWith(".svg")).map((path) => figureOf(path, text(path))),
    findings,
  };
}

/** A figure from its file: title and caption are in the document itself, for readers who hear it. */
function figureOf(path: string, svg: string): ShownFigure {
  const inside = (tag: string) => unescaped(new RegExp(`<${tag}[^>]*>([^<]*)</${tag}>`).exec(svg)?.[1] ?? "");
  return { name: path.replace(/^figures\/|\.svg$/g, ""), title: inside("title"), caption: inside("desc"), svg };
}

const unescaped = (text: string) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
