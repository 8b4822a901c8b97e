// IBSI's published values as a table of claims.
import { readFileSync } from "node:fs";

/** One row of a reference file. The value is kept as text, for the digits that it was published with. */
export interface Reference {
  readonly tag: string;
  readonly value: string;
  readonly tolerance: number;
}

/** The rows of a `reference value;tolerance;tag` file: those with a consensus, and the tags of those without. */
export function readReference(file: string): { agreed: Reference[]; withoutConsensus: string[] } {
  const rows = readFileSync(file, "utf8")
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(";"))
    .filter((cells) => cells.length === 3);
  return {
    agreed: rows
      .filter(([value]) => value !== "")
      .map(([value, tolerance, tag]) => ({ tag: tag!, value: value!, tolerance: Number(tolerance) })),
    withoutConsensus: rows.filter(([value]) => value === "").map(([, , tag]) => tag!),
  };
}

/** Rounds to the digits of a published value: its decimals, or three significant digits where a whole number ends in zeros. */
function toPublishedDigits(value: number, published: string): number {
  const decimals = published.split(".")[1]?.length;
  if (decimals !== undefined) return Number(value.toFixed(decimals));
  return published.endsWith("0") ? Number(value.toPrecision(3)) : Math.round(value);
}

/** Whether a value, rounded as the published one is, lies within its tolerance. */
function isWithin(value: number | null | undefined, { value: published, tolerance }: Reference): boolean {
  if (value === null || value === undefined) return false;
  return Math.abs(toPublishedDigits(value, published) - Number(published)) <= tolerance + 1e-9 * Math.abs(Number(published));
}

/** The values outside their tolerance, with both figures; and for each family how many are within. */
export function compare(
  values: Readonly<Record<string, number | null>>,
  agreed: readonly Reference[],
): { outside: string[]; table: string } {
  const outside = agreed.filter((row) => !isWithin(values[row.tag], row));
  const failed = new Set(outside.map(({ tag }) => tag));
  const families = new Map<string, { within: number; of: number }>();
  for (const { tag } of agreed) {
    const family = tag.startsWith("morph_mask_") ? "image and mask" : (FAMILY_OF[tag.split("_")[0]!] ?? "image and mask");
    const counted = families.get(family) ?? { within: 0, of: 0 };
    families.set(family, { within: counted.within + (failed.has(tag) ? 0 : 1), of: counted.of + 1 });
  }
  return {
    outside: outside.map(({ tag, value, tolerance }) => `${tag}: ${values[tag]} against ${value} +- ${tolerance}`),
    table: [...families]
      .map(([family, { within, of }]) => `${family.padEnd(34)} ${String(within).padStart(4)} of ${String(of).padStart(4)} within tolerance`)
      .join("\n"),
  };
}

const FAMILY_OF: Readonly<Record<string, string>> = {
  morph: "morphology",
  loc: "local intensity",
  stat: "intensity statistics",
  ih: "intensity histogram",
  ivh: "intensity-volume histogram",
  cm: "grey level co-occurrence",
  rlm: "grey level run length",
  szm: "grey level size zone",
  dzm: "grey level distance zone",
  ngt: "neighbourhood grey tone difference",
  ngl: "neighbouring grey level dependence",
};
