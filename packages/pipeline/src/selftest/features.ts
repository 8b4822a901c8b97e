// The features of the digital phantom beside IBSI's consensus values.
import type { Core } from "@islet/core-wasm";
import { extractFeatures } from "../radiomics/extract.ts";
import { ALL_BY_SLICE, ALL_BY_VOLUME, DEFAULT_CHAIN, type FeatureSelection } from "../radiomics/settings.ts";
import { agreementOf, type Agreement } from "./agreement.ts";
import { digitalPhantom } from "./digital-phantom.ts";
import { PUBLISHED, type PublishedValue } from "./published.ts";

const FAMILIES: Readonly<Record<string, string>> = {
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

/** Every family in every aggregation. */
const EVERYTHING: FeatureSelection = {
  ...ALL_BY_VOLUME,
  glcm: [...ALL_BY_SLICE.glcm, ...ALL_BY_VOLUME.glcm],
  glrlm: [...ALL_BY_SLICE.glrlm, ...ALL_BY_VOLUME.glrlm],
  glszm: [...ALL_BY_SLICE.glszm, ...ALL_BY_VOLUME.glszm],
  gldzm: [...ALL_BY_SLICE.gldzm, ...ALL_BY_VOLUME.gldzm],
  ngtdm: [...ALL_BY_SLICE.ngtdm, ...ALL_BY_VOLUME.ngtdm],
  ngldm: [...ALL_BY_SLICE.ngldm, ...ALL_BY_VOLUME.ngldm],
};

/** Computes every published feature of the digital phantom; one agreement a family. */
export function featureAgreements(core: Core): Agreement[] {
  const { volume, mask } = digitalPhantom();
  const settings = { chain: { ...DEFAULT_CHAIN, discretisation: { kind: "none" } as const }, select: EVERYTHING };
  const { features } = extractFeatures(core, volume, mask, settings);
  return Object.entries(FAMILIES).map(([prefix, family]) => {
    const published = PUBLISHED.filter(({ tag }) => tag.startsWith(`${prefix}_`));
    const checks = published.map((row) => ({
      name: row.tag,
      value: features[row.tag] === undefined || features[row.tag] === null ? null : toPublishedDigits(features[row.tag]!, row),
      expected: Number(row.value),
      tolerance: row.tolerance,
    }));
    return agreementOf(family, "IBSI 1 digital phantom, consensus values", checks);
  });
}

/** Rounds to the digits of a published value: its decimals, or three significant digits where a whole number ends in zeros. */
function toPublishedDigits(value: number, { value: published }: PublishedValue): number {
  const decimals = published.split(".")[1]?.length;
  if (decimals !== undefined) return Number(value.toFixed(decimals));
  return published.endsWith("0") ? Number(value.toPrecision(3)) : Math.round(value);
}
