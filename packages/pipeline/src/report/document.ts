// The frame of every page we write: it asks nothing of any network, and says what it may be used for.
import { escapeText } from "./escape.ts";
import { STYLE } from "./style.ts";

/** What every output says. */
export const RESEARCH_USE = "Research use only: no risk in this report may guide the care of a patient.";
const SYNTHETIC = "SYNTHETIC DATA: the patients of this study are generated. Nothing here says anything about real tumours.";

/** What stands at the foot of every figure of a study. */
export function figureFoot(isSynthetic: boolean): string {
  return `Research use only.${isSynthetic ? " SYNTHETIC DATA: generated patients." : ""}`;
}

/** What stands below every table that is a file of its own. */
export function tableFoot(isSynthetic: boolean): string {
  return isSynthetic ? `${SYNTHETIC} ${RESEARCH_USE}` : RESEARCH_USE;
}

/** What a page holds between its banners. */
export interface PageParts {
  readonly title: string;
  readonly isSynthetic: boolean;
  /** HTML lines below the banners, such as links to the sections. */
  readonly lead: readonly string[];
  /** HTML lines of the sections. */
  readonly main: readonly string[];
}

/** A self-contained HTML page. Equal parts give equal bytes. */
export function htmlDocument({ title, isSynthetic, lead, main }: PageParts): string {
  return [
    `<!doctype html>`,
    `<html lang="en">`,
    `<head>`,
    `<meta charset="utf-8">`,
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<title>${escapeText(title)}</title>`,
    `<style>${STYLE}</style>`,
    `</head>`,
    `<body>`,
    `<header>`,
    `<h1>${escapeText(title)}</h1>`,
    ...(isSynthetic ? [`<p class="banner">${SYNTHETIC}</p>`] : []),
    `<p class="banner">${RESEARCH_USE}</p>`,
    ...lead,
    `</header>`,
    `<main>`,
    ...main,
    `</main>`,
    `<footer>${RESEARCH_USE}${isSynthetic ? ` ${SYNTHETIC}` : ""}</footer>`,
    `</body>`,
    `</html>`,
    ``,
  ].join("\n");
}
