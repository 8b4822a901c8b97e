// Guards of the models: too few events, empty folds, worse than chance, many of them, a network that was never trained.
import { sampleSize } from "../../learn/validate/sample-size.ts";
import { otherThanTrained } from "../../deep/network-settings.ts";
import type { Finding, GuardInput } from "./finding.ts";

/** Held-out parts in which nobody has the event. */
export function foldsWithoutEvents({ models }: GuardInput): Finding[] {
  return models.flatMap(({ model, result }) => {
    const { predictions } = result.crossValidation;
    const folds = new Set(predictions.flatMap(({ fold }) => (fold === null ? [] : [fold])));
    const empty = [...folds].filter((fold) => !predictions.some((q) => q.fold === fold && q.outcome === 1)).length;
    if (empty === 0 || folds.size === predictions.length) return [];
    return [
      {
        id: "fold-without-events",
        level: "warning",
        found: `${empty} of the ${folds.size} held-out parts of ${model} have no event.`,
        consequence: "In these parts nothing can be said of the sensitivity; the pooled curve rests on the others. Use fewer folds.",
      } as const,
    ];
  });
}

/** Models with few events for their features. */
export function eventsPerFeature({ models }: GuardInput): Finding[] {
  const few = models.flatMap(({ model, task, result }) => {
    const { n, events } = result.crossValidation;
    const size = sampleSize(n, events, Math.max(1, task.names.length));
    return size.eventsPerCandidate < 10 ? [{ model, ...size }] : [];
  });
  const worst = few.reduce<(typeof few)[number] | undefined>(
    (least, next) => (least && least.eventsPerCandidate <= next.eventsPerCandidate ? least : next),
    undefined,
  );
  if (!worst) return [];
  return [
    {
      id: "events-per-feature",
      level: "note",
      found: `${few.length} of ${models.length} models have fewer than 10 events a candidate feature; ${worst.model} has the fewest: ${Math.min(worst.events, worst.n - worst.events)} for ${worst.candidates} features. A regression on as many would need ${worst.patientsNeeded.toLocaleString("en-US")} patients (Riley et al. 2020).`,
      consequence:
        "Which features are selected, and the AUC itself, would change much with other patients. Read the intervals, not the estimates, and do not take a selected feature for a marker.",
    },
  ];
}

/** A network from a seed, or one that does not say what it was trained on. */
export function untrainedNetwork({ isSeeded, training }: GuardInput): Finding[] {
  if (isSeeded)
    return [
      {
        id: "untrained-network",
        level: "note",
        found: "The network of the deep features has seen no image: its weights come from a seed.",
        consequence: "Deep features are random projections of the slices. Results of the deep models say nothing about a trained network.",
      },
    ];
  if (training !== null) return [];
  return [
    {
      id: "untrained-network",
      level: "note",
      found: "The weights of the network do not say what they were trained on.",
      consequence:
        "Whether patients of this study were among its training scans cannot be checked. Say in the paper where the weights come from.",
    },
  ];
}

/** Phases whose slices are not like those that the network was trained on. */
export function networkElsewhere({ study, training }: GuardInput): Finding[] {
  if (!training?.settings) return [];
  const { preprocess, deep, phases } = study;
  const used = new Set(study.models.flatMap(({ features }) => features.filter((block) => block.startsWith("deep."))));
  const others = [...used].flatMap((block) => {
    const { window, percentiles } = phases[block.slice("deep.".length)]!;
    const settings = { preprocess: { ...preprocess, window: window ?? { percentiles: percentiles! } }, inputSize: deep.inputSize };
    return otherThanTrained(training.settings, settings).map((sentence) => `${block}: ${sentence}.`);
  });
  if (others.length === 0) return [];
  return [
    {
      id: "network-elsewhere",
      level: "note",
      found: others.join(" "),
      consequence:
        "What the network has learnt holds for slices like those of its training. Features of other slices may mean little, and say nothing of a network trained for them.",
    },
  ];
}

/** Models that rank the wrong way round. */
export function invertedModels({ models }: GuardInput): Finding[] {
  const worse = models.filter(({ result }) => result.crossValidation.auc.value < 0.5).map(({ model }) => model);
  if (worse.length === 0) return [];
  return [
    {
      id: "inverted-model",
      level: "note",
      found: `The internal AUC of ${worse.join(", ")} is below 0.5.`,
      consequence:
        "On patients it has not seen such a model ranks no better than chance. Its direction was not turned round: that would be choosing with the outcome in sight.",
    },
  ];
}

/** Many comparisons on the same patients. */
export function manyModels({ models }: GuardInput): Finding[] {
  if (models.length < 5) return [];
  return [
    {
      id: "many-models",
      level: "note",
      found: `${models.length} models were compared on the same patients.`,
      consequence: `The best of them is the best by chance in part. P values of single models are not adjusted; of ${models.length} models without information about ${(0.05 * models.length).toFixed(1)} would have P < 0.05.`,
    },
  ];
}
