// The report as one HTML page that asks nothing of any network.
import type { Finding } from "../study/guards/finding.ts";
import { answersOf, type Answers } from "./checklists/answers.ts";
import type { Checklist } from "./checklists/checklist.ts";
import { CLEAR } from "./checklists/clear.ts";
import { IBSI } from "./checklists/ibsi.ts";
import { METRICS } from "./checklists/metrics.ts";
import { STROBE } from "./checklists/strobe.ts";
import { TRIPOD_AI } from "./checklists/tripod-ai.ts";
import { htmlDocument, RESEARCH_USE } from "./document.ts";
import { escapeText } from "./escape.ts";
import type { Figure } from "./figures/draw.ts";
import { methodsParagraphs, type Paragraph, type ReportFacts } from "./methods.ts";
import { isSynthetic, primaryModel, type StudyResults } from "../study/results.ts";
import { resultsParagraphs } from "./results-text.ts";
import { tableHtml, type Table } from "./table.ts";
import { plural } from "./words.ts";

const CHECKLISTS: readonly Checklist[] = [TRIPOD_AI, STROBE, CLEAR, METRICS, IBSI];

/** What the page is made of. */
export interface ReportParts {
  readonly results: StudyResults;
  readonly findings: readonly Finding[];
  readonly tables: readonly Table[];
  readonly figures: readonly Figure[];
  readonly facts: ReportFacts;
}

/** Writes the page. Equal parts give equal bytes: it holds no date. */
export function reportPage(parts: ReportParts): string {
  const { results, findings, tables, figures, facts } = parts;
  const answers = answersOf(results, findings, facts);
  const wide = (table: Table) => (table.columns.length > 16 ? `<div class="wide">${tableHtml(table)}</div>` : tableHtml(table));
  const isListing = (table: Table) => table.name === "risk-groups";
  const sections: [id: string, heading: string, body: string][] = [
    ["results", "Results", paragraphs(resultsParagraphs(results))],
    ["warnings", "Warnings", findingsHtml(findings)],
    ["methods", "Methods", paragraphs(methodsParagraphs(results, facts))],
    [
      "tables",
      "Tables",
      tables
        .filter((table) => !isListing(table))
        .map(wide)
        .join("\n"),
    ],
    ["figures", "Figures", figures.map(figureHtml).join("\n")],
    [
      "patients",
      "Patients",
      tables
        .filter(isListing)
        .map((table) => `<details><summary>${escapeText(table.title)}. ${RESEARCH_USE}</summary>${tableHtml(table)}</details>`)
        .join("\n"),
    ],
    ["checklists", "Reporting checklists", checklistsHtml(answers, anchors(tables, figures))],
    ["provenance", "Provenance", provenanceHtml(facts, results)],
  ];
  return htmlDocument({
    title: results.study.name,
    isSynthetic: isSynthetic(results.study),
    lead: [
      `<p class="facts">${escapeText(summary(results, findings))}</p>`,
      `<nav>${sections.map(([id, heading]) => `<a href="#${id}">${heading}</a>`).join("")}</nav>`,
    ],
    main: sections.map(([id, heading, body]) => `<section id="${id}">\n<h2>${heading}</h2>\n${body}\n</section>`),
  });
}

function summary(results: StudyResults, findings: readonly Finding[]): string {
  const { cohort, models } = results;
  const count = (name: string) => cohort.patients.filter((p) => p.cohort === name);
  const said = (["internal", "external"] as const)
    .filter((name) => count(name).length > 0)
    .map((name) => `${count(name).length} ${name} patients, ${plural(count(name).filter((p) => p.outcome).length, "event")}`);
  const warnings = findings.filter(({ level }) => level === "warning").length;
  return `${said.join("; ")}. ${plural(models.length, "model")}; primary: ${primaryModel(results).model}. ${plural(warnings, "warning")} and ${plural(findings.length - warnings, "note")} of the guards.`;
}

function paragraphs(parts: readonly Paragraph[]): string {
  return parts
    .filter(({ sentences }) => sentences.length > 0)
    .map(({ heading, sentences }) => `<h3>${escapeText(heading)}</h3>\n<p>${escapeText(sentences.join(" "))}</p>`)
    .join("\n");
}

function findingsHtml(findings: readonly Finding[]): string {
  if (findings.length === 0) return "<p>The guards found nothing.</p>";
  return findings
    .toSorted((a, b) => Number(b.level === "warning") - Number(a.level === "warning"))
    .map(
      ({ id, level, found, consequence }) =>
        `<div class="finding is-${level}" id="finding-${id}"><p><span class="level">${level}</span> ${escapeText(found)}</p><p class="consequence">${escapeText(consequence)}</p></div>`,
    )
    .join("\n");
}

/** A figure with its heading and caption. */
export function figureHtml({ name, title, caption, svg }: Figure): string {
  return `<figure class="figure" id="figure-${name}"><figcaption>${escapeText(title)}</figcaption><div class="scroll">${svg.trim()}</div><p class="caption">${escapeText(caption)}</p></figure>`;
}

/** Every id that the page has, so that no answer points at a table that this study lacks. */
function anchors(tables: readonly Table[], figures: readonly Figure[]): ReadonlySet<string> {
  return new Set([
    "results",
    "warnings",
    "methods",
    "tables",
    "figures",
    "patients",
    "checklists",
    "provenance",
    ...tables.map(({ name }) => name),
    ...figures.map(({ name }) => `figure-${name}`),
  ]);
}

function checklistsHtml(answers: Answers, known: ReadonlySet<string>): string {
  const intro =
    "<p>Each item in our own short words; the published wording is in the source. What the software knows it answers, with a link to the evidence; the rest is for the authors.</p>";
  const lists = CHECKLISTS.map(({ name, source, items }) => {
    const rows = items.map(([id, asks, answeredBy]) => {
      const answer = answeredBy === undefined ? null : answers[answeredBy];
      const link = answer && known.has(answer.href) ? ` <a href="#${answer.href}">evidence</a>` : "";
      const said = answer ? `${escapeText(answer.text)}${link}` : `<span class="authors">to be written by the authors</span>`;
      return `<tr><th scope="row">${escapeText(id)}</th><td>${escapeText(asks)}</td><td>${said}</td></tr>`;
    });
    const answered = items.filter(([, , answeredBy]) => answeredBy !== undefined && answers[answeredBy] !== null).length;
    return `<details class="checklist"><summary>${escapeText(name)}: ${answered} of ${items.length} items answered</summary><p class="note">${escapeText(source)}</p><table><thead><tr><th scope="col">Item</th><th scope="col">Asks for</th><th scope="col">In this study</th></tr></thead><tbody>${rows.join("\n")}</tbody></table></details>`;
  });
  return [intro, ...lists].join("\n");
}

function provenanceHtml({ backend, engine }: ReportFacts, results: StudyResults): string {
  const { study, network } = results;
  const rows = [
    ["Seed", String(study.seed)],
    ["Network", network ?? "none"],
    ["Backend", backend],
    ["Code (SHA-256)", engine],
    ["Inputs, settings and outputs with their hashes", "provenance.json"],
    ["Predictions", "predictions.csv"],
    ["Features", "features/*.csv"],
    [`The model ${primaryModel(results).model}, for new patients (islet score)`, "model.islet"],
  ];
  return `<table class="facts-table"><tbody>${rows.map(([name, value]) => `<tr><th scope="row">${escapeText(name!)}</th><td class="name">${escapeText(value!)}</td></tr>`).join("")}</tbody></table>`;
}
