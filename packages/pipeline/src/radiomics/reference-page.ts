// docs/features.md: the catalogue as a page for people.
import { CATALOGUE } from "./catalogue.ts";
import type { Feature } from "./feature.ts";
import { PRESETS } from "./presets.ts";
import { featureNames } from "./families.ts";
import { rangeOf } from "./ranges.ts";

/** The page, in Markdown; `scripts/feature-reference.mjs` writes it and a test sees that it was written. */
export function featureReference(): string {
  const families = [...new Set(CATALOGUE.map(({ family }) => family))];
  return [
    "# Hand-crafted features",
    "",
    "Generated from the catalogue (`node scripts/feature-reference.mjs`); not to be edited by hand.",
    "",
    `${CATALOGUE.length} features in ${families.length} families, defined by IBSI 1 (reference manual: arXiv 1612.07003; Zwanenburg et al. 2020, doi 10.1148/radiol.2020191145).`,
    "A texture tag goes on with how the matrices are put together: by slice (`2D`), slices merged (`2_5D`) or by volume (`3D`); where matrices have",
    "directions, features are averaged over them (`avg`) or matrices merged first (`comb`): `cm_contrast_3D_comb`. The identifier leads to the definition in the manual.",
    "Every feature has a value or a reason why it has none; a region without any voxel has no value anywhere.",
    "",
    "## Presets",
    "",
    "| preset | features | what it is |",
    "|---|---|---|",
    ...PRESETS.map(({ name, description, settings }) => `| \`${name}\` | ${featureNames(settings).length} | ${description} |`),
    "| `pyradiomics` | 107 | PyRadiomics' classes by its own definitions, under its own names: see [pyradiomics.md](pyradiomics.md) |",
    "",
    ...families.flatMap(familyPage),
  ].join("\n");
}

function familyPage(family: string): string[] {
  const rows = CATALOGUE.filter((row) => row.family === family);
  const [first] = rows;
  return [
    `## ${family[0]!.toUpperCase()}${family.slice(1)}`,
    "",
    ...(first!.aggregations ? [`Aggregations: ${first!.aggregations.map((a) => `\`${a}\``).join(", ")}.`, ""] : []),
    "| tag | IBSI | unit | range | definition | no value where |",
    "|---|---|---|---|---|---|",
    ...rows.map(line),
    "",
  ];
}

function line({ name, ibsiId, unit, formula, undefinedWhen }: Feature): string {
  const [low, high] = rangeOf(name);
  const end = (value: number) => (Math.abs(value) === Infinity ? "" : Number.isInteger(value) ? String(value) : value.toPrecision(3));
  const range = low === -Infinity && high === Infinity ? "any" : high === Infinity ? `from ${end(low)}` : `${end(low)} .. ${end(high)}`;
  const cell = (text: string) => text.replaceAll("|", "\\|");
  return `| \`${name}\` | ${ibsiId} | ${unit} | ${range} | ${cell(formula)} | ${cell(undefinedWhen ?? "")} |`;
}
