// A case as one HTML page that asks nothing of any network and names nobody.
import { htmlDocument } from "../report/document.ts";
import { escapeText } from "../report/escape.ts";
import { VERSION } from "../version.ts";
import type { HeldScan } from "./held-scan.ts";
import type { MeasuredDeep, MeasuredRadiomics } from "./measure.ts";
import type { RegionFacts } from "./region.ts";
import type { ScoredCase } from "./score-case.ts";

/** What a report of a case is made of; what is absent was not computed. */
export interface CaseReportParts {
  readonly region: RegionFacts | null;
  /** How long the annotation took, s. */
  readonly seconds: number | null;
  readonly radiomics: MeasuredRadiomics | null;
  readonly deep: MeasuredDeep | null;
  readonly scored: ScoredCase | null;
}

const percent = (part: number) => `${(100 * part).toFixed(1)} %`;

/**
 * Writes the page. Equal parts give equal bytes: it holds no date, and no name of a file that was opened, since a name may tell who the patient is.
 *
 * @param names  what the files were called: every one is replaced in every sentence
 */
export function caseReport(scan: HeldScan, names: readonly string[], parts: CaseReportParts): string {
  const { radiomics, deep, scored } = parts;
  const clean = withoutNames(names);
  const sections = [
    scored && riskSection(scored, clean),
    scanSection(scan, parts, clean),
    deep && deepSection(deep, clean),
    radiomics && featuresSection(radiomics, clean),
  ].filter((section) => section !== null);
  return htmlDocument({
    title: "A case",
    // Of a model that was trained on synthetic data its notice says so; the patient of this page may be real.
    isSynthetic: false,
    lead: [],
    main: [...sections, `<p class="note">Islet ${VERSION}.</p>`],
  });
}

function riskSection({ score, explanation }: ScoredCase, clean: (text: string) => string): string {
  const { contributions, neighbours, provenance } = score;
  return section("Risk", [
    `<p class="banner">${escapeText(score.notice)}</p>`,
    facts([
      ["Risk", percent(score.risk)],
      ["Group", `${score.group} (threshold ${percent(score.threshold)})`],
      ["Percentile", `${score.percentile.toFixed(0)} among the ${score.percentileAmong}`],
      ["Model", `${score.model}, of the study ${score.study}${score.synthetic ? " (SYNTHETIC)" : ""}`],
      ["By fold model", score.riskByFold.map(percent).join(", ")],
      ["Bundle", `SHA-256 ${provenance.bundle}, made with Islet ${provenance.bundleIslet}`],
      ["Network", provenance.network ?? "none"],
      ["Computed on", provenance.device],
    ]),
    warnings(score.warnings, clean),
    `<h3>What drives it</h3>`,
    table(
      ["feature", "value", "z", "adds to the risk"],
      contributions.features.map(({ name, value, z, contribution }) => [
        name,
        value === null ? "missing" : value.toPrecision(6),
        z.toFixed(2),
        `${contribution > 0 ? "+" : ""}${(100 * contribution).toFixed(2)} points`,
      ]),
    ),
    `<h3>Most alike among the training patients</h3>`,
    table(
      ["distance", "outcome", "months", "risk"],
      neighbours.map(({ distance, outcome, timeMonths, risk }) => [
        distance.toFixed(3),
        outcome === 1 ? "event" : "none",
        timeMonths === null ? "-" : timeMonths.toFixed(1),
        percent(risk),
      ]),
    ),
    ...explanation.map(
      ({ phase, picture }) =>
        `<figure class="figure"><img alt="Slices of ${escapeText(phase)}, tinted by what each part adds to the risk" style="max-width:100%" src="data:image/png;base64,${base64(picture)}"><figcaption>Where the risk comes from, ${escapeText(phase)}: vermilion raises it, blue lowers it.</figcaption></figure>`,
    ),
  ]);
}

function scanSection({ report }: HeldScan, { region, seconds }: CaseReportParts, clean: (text: string) => string): string {
  const { format, series, shape, spacing, orientation } = report;
  const rows: [string, string][] = [
    ["Format", `${format}${series ? `, ${series.modality}` : ""}`],
    ["Voxels (z, y, x)", shape.join(" x ")],
    ["Spacing (z, y, x)", `${spacing.map((mm) => Number(mm.toFixed(4))).join(" x ")} mm`],
    ["Orientation of the file", orientation],
  ];
  if (region) {
    const what = region.kind === "rough" ? "box of three quadrilaterals" : "mask";
    rows.push([
      "Tumour",
      `${what}, ${region.sizeMm.map((mm) => mm.toFixed(1)).join(" x ")} mm (z, y, x), ${region.millilitres.toPrecision(3)} ml`,
    ]);
  }
  if (seconds !== null) rows.push(["Drawn in", `${seconds.toFixed(0)} s`]);
  return section("Scan", [facts(rows), warnings([...report.warnings, ...(region?.notes ?? [])], clean)]);
}

function deepSection({ features, slices, kept, provenance, warnings: said }: MeasuredDeep, clean: (text: string) => string): string {
  return section("Deep features", [
    facts([
      ["Features", `${features.length}, from ${kept} of ${slices} slices`],
      ["Network", provenance.network],
      ["Weights", provenance.weightsSha256 === null ? "drawn from a seed" : `SHA-256 ${provenance.weightsSha256}`],
      ["Window", JSON.stringify(provenance.window)],
      ["Computed on", provenance.device],
    ]),
    warnings(said, clean),
  ]);
}

function featuresSection(
  { features, reasons, provenance, notes, warnings: said }: MeasuredRadiomics,
  clean: (text: string) => string,
): string {
  const rows = Object.entries(features).map(([name, value]) => [name, value === null ? `no value: ${reasons[name] ?? ""}` : String(value)]);
  return section("Hand-crafted features", [
    facts([["Preset", `${provenance.preset}: ${provenance.description}`]]),
    warnings(said, clean),
    ...notes.map((note) => `<p>${escapeText(clean(note))}</p>`),
    `<details><summary>${rows.length} features</summary>${table(["feature", "value"], rows)}</details>`,
    `<details><summary>Settings</summary><pre>${escapeText(JSON.stringify(provenance.settings, null, 2))}</pre></details>`,
  ]);
}

/**
 * Replaces every name that stands by itself, the longest first, so that a name within another does not leave a rest. Numbers name nobody, and sentences
 * are full of them.
 */
function withoutNames(names: readonly string[]): (text: string) => string {
  const known = [...new Set(names.flatMap((name) => [name, ...name.split("/")]))]
    .filter((name) => /[^\d.]/.test(name))
    .sort((a, b) => b.length - a.length)
    .map((name) => new RegExp(`(?<![\\w.-])${name.replace(/[^\w\s]/g, "\\$&")}(?![\\w-])`, "g"));
  return (text) => known.reduce((rest, name) => rest.replace(name, "the file"), text);
}

const section = (heading: string, body: readonly string[]) => `<section><h2>${heading}</h2>${body.join("\n")}</section>`;

function facts(rows: readonly (readonly [string, string])[]): string {
  const cells = rows.map(([name, value]) => `<tr><th scope="row">${escapeText(name)}</th><td class="name">${escapeText(value)}</td></tr>`);
  return `<table class="facts-table"><tbody>${cells.join("")}</tbody></table>`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const header = head.map((name) => `<th scope="col">${escapeText(name)}</th>`).join("");
  const body = rows.map(
    ([first, ...rest]) =>
      `<tr><th scope="row">${escapeText(first!)}</th>${rest.map((cell) => `<td>${escapeText(cell)}</td>`).join("")}</tr>`,
  );
  return `<div class="scroll"><table><thead><tr>${header}</tr></thead><tbody>${body.join("")}</tbody></table></div>`;
}

function warnings(sentences: readonly string[], clean: (text: string) => string): string {
  return sentences.map((sentence) => `<p class="finding is-warning">${escapeText(clean(sentence))}</p>`).join("");
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
