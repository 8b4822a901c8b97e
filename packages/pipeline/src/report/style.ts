/** The report's style: a column of text that reads on a desk, on a telephone and on paper. */
export const STYLE = `
:root { color-scheme: light; --ink: #222; --faint: #666; --rule: #d5d5d5; --warn: #8a3b00; --accent: #00558a; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem 1.25rem 4rem; color: var(--ink); background: #fff;
  font: 1rem/1.5 "DejaVu Sans", Verdana, system-ui, sans-serif; overflow-wrap: break-word; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: .5rem 0; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; padding-bottom: .25rem; border-bottom: 2px solid var(--rule); }
h3 { font-size: 1rem; margin: 1.5rem 0 .25rem; }
p { margin: .5rem 0; }
a { color: var(--accent); }
nav { font-size: .875rem; }
nav a { display: inline-block; margin: .1rem .9rem .1rem 0; }
.banner { margin: .5rem 0; padding: .5rem .75rem; border: 2px solid var(--warn); color: var(--warn); font-weight: bold; }
.facts { color: var(--faint); font-size: .875rem; }
.finding { margin: .75rem 0; padding: .1rem .75rem; border-left: 4px solid var(--rule); }
.finding.is-warning { border-left-color: var(--warn); }
.level { font-weight: bold; text-transform: uppercase; font-size: .75rem; letter-spacing: .05em; }
.is-warning .level { color: var(--warn); }
.consequence { color: var(--faint); }
figure { margin: 1.5rem 0; }
figcaption { font-weight: bold; font-size: .9375rem; margin-bottom: .4rem; }
.note, .caption { font-size: .8125rem; color: var(--faint); font-weight: normal; }
.scroll { overflow-x: auto; }
.figure svg { display: block; max-width: 100%; height: auto; }
table { border-collapse: collapse; font-size: .8125rem; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem .5rem; text-align: right; vertical-align: top; white-space: nowrap; }
tbody th, thead th:first-child, td.name, th.name { text-align: left; font-weight: normal; }
thead { border-top: 2px solid var(--ink); border-bottom: 1px solid var(--ink); }
thead th[colspan] { text-align: center; border-bottom: 1px solid var(--rule); }
tbody { border-bottom: 2px solid var(--ink); }
.checklist table { width: 100%; }
.checklist td, .checklist th { white-space: normal; text-align: left; }
.checklist td:nth-child(2) { width: 32%; }
.facts-table th, .facts-table td { white-space: normal; overflow-wrap: anywhere; }
.authors { color: var(--faint); font-style: italic; }
details { margin: 1rem 0; }
summary { cursor: pointer; font-weight: bold; }
footer { margin-top: 3rem; padding-top: .5rem; border-top: 2px solid var(--rule); font-size: .8125rem; color: var(--faint); }
@media (max-width: 46rem) {
  body { padding: .75rem .75rem 3rem; font-size: .9375rem; }
  .figure svg { max-width: none; width: 40rem; }
}
@media print {
  @page { size: A4; margin: 15mm; }
  body { max-width: none; padding: 0; font-size: 9.5pt; }
  nav, .screen { display: none; }
  a { color: inherit; text-decoration: none; }
  h2 { break-after: avoid; }
  h3, figcaption { break-after: avoid; }
  .figure, .finding { break-inside: avoid; }
  tr { break-inside: avoid; }
  .scroll { overflow: visible; }
  details::details-content { content-visibility: visible; block-size: auto; }
  summary { list-style: none; break-after: avoid; }
  table { font-size: 7pt; }
  th, td { padding: .1rem .25rem; }
  .wide table { font-size: 6pt; }
  .note, .caption { font-size: 7.5pt; }
}
`;
