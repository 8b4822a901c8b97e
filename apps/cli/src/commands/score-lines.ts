// A model and a score as lines for a person.
import type { BundleDescription, Score } from "@islet/pipeline";
import { columns, pairs } from "../output.ts";

/** What a model is and what it asks for. */
export function descriptionLines(bundle: BundleDescription): string[] {
  const { phases, tables, clinical, findings, training, performance, network, versions } = bundle;
  const windowOf = ({ window: w, percentiles: p }: BundleDescription["phases"][number]) =>
    w ? `window ${w.level}, ${w.width} HU` : `percentiles ${p!.join(" to ")}`;
  const needs = phases.map(
    (phase) => `${phase.name} (${windowOf(phase)}): image${phase.needs.rough ? ", roi" : ""}${phase.needs.mask ? ", mask" : ""}`,
  );
  const named = (variables: BundleDescription["clinical"]) =>
    variables.map(({ name, kind, levels }) => (kind === "number" ? name : `${name} (${levels.join(" | ")})`)).join(", ");
  const results = performance.map(({ cohort, n, events, auc, lo, hi }) => {
    const interval = lo === null || hi === null ? "" : ` (${lo.toFixed(2)} to ${hi.toFixed(2)})`;
    return `${cohort} AUC ${auc === null ? "-" : auc.toFixed(2)}${interval}, ${n} patients, ${counted(events)}`;
  });
  return [
    `${bundle.model}, of ${bundle.study}`,
    ...pairs([
      ...needs.map((text) => ["phase", text] as const),
      ...tables.map(({ name, columns: of }) => ["features", `${name}: ${of.length} columns`] as const),
      ...(clinical.length > 0 ? [["clinical", named(clinical)] as const] : []),
      ...(findings.length > 0 ? [["findings", named(findings)] as const] : []),
      ...(bundle.batch ? [["batch", `${bundle.batch.column} (${bundle.batch.known.join(" | ")})`] as const] : []),
      [
        "learnt from",
        `${training.n} patients, ${counted(training.events)}${training.horizonMonths === null ? "" : ` within ${training.horizonMonths} months`}; ${bundle.folds} fold models`,
      ],
      ...results.map((text) => ["result", text] as const),
      ["threshold", `${bundle.threshold.toPrecision(6)} (${bundle.thresholdRule}); at or above it is high risk`],
      ...(network
        ? [
            [
              "network",
              `${network.description}; ${network.weights === "elsewhere" ? `not in the bundle, needs --weights (${network.file})` : network.weights}`,
            ] as const,
          ]
        : []),
      ["made with", `Islet ${versions.islet}, ${versions.backend}, ${versions.simd} SIMD`],
      ["SHA-256", bundle.sha256],
    ]),
    ...bundle.warnings.map((warning) => `! ${warning}`),
    bundle.notice,
  ];
}

function counted(events: number): string {
  return `${events} event${events === 1 ? "" : "s"}`;
}

/** A score for a person. */
export function scoreLines(score: Score): string[] {
  const { risk, group, threshold, percentile, percentileAmong, neighbours, shift, contributions, riskByFold } = score;
  const events = neighbours.filter(({ outcome }) => outcome === 1).length;
  const signed = (value: number) => `${value < 0 ? "" : "+"}${value.toFixed(3)}`;
  const shown = contributions.features.slice(0, 5);
  return [
    `risk ${risk.toFixed(3)}: ${group} (threshold ${threshold.toFixed(3)}; model ${score.model}, fold models ${Math.min(...riskByFold).toFixed(3)} to ${Math.max(...riskByFold).toFixed(3)})`,
    `higher than ${Math.floor(percentile)}% of the ${percentileAmong}`,
    `of the ${neighbours.length} most similar training patients ${events} had the event; they are ${neighbours.map(({ distance }) => distance.toFixed(2)).join(", ")} standard deviations away`,
    `distance to the training patients: at percentile ${Math.floor(shift.percentile)} of theirs to one another`,
    `the average training patient has ${contributions.baseline.toFixed(3)}; ${contributions.groups.map(({ of, contribution }) => `${of} ${signed(contribution)}`).join(", ")}`,
    ...columns([
      ["feature", "value", "SDs from the mean", "part of the risk"],
      ...shown.map(({ name, value, z, contribution }) => [
        name,
        value === null ? null : value.toPrecision(4),
        z.toFixed(2),
        signed(contribution),
      ]),
    ]),
  ];
}
