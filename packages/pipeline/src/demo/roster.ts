// Who is in the demo cohort, and what its table says of them. SYNTHETIC: dealt from printed marginals, no patient stands behind a row.
import { ConfigError } from "../errors.ts";
import { randomFor, randomNormal, shuffled, type Random } from "../random.ts";
import { apportion, deal, quantiles } from "./deal.ts";
import { CATEGORIES, EXTERNAL_SEX, NUMBERS, type CategoryMarginal } from "./marginals.ts";

/** What a demo cohort is made from. */
export interface DemoSettings {
  readonly seed: number;
  /** How many patients in both hospitals together, 8 or more; 74 as in the paper. */
  readonly patients: number;
  /** How much the recurrence shows in images and findings: 0 = not at all, 1 = the default. The findings' own effects stop growing at 1. */
  readonly signal: number;
}

/** The names of the clinical variables and findings with levels. */
type CategoryName = (typeof CATEGORIES)[number]["name"];
/** The names of the numbers. */
type NumberName = keyof typeof NUMBERS;

/** A generated patient but for the images. */
export interface DemoPatient {
  /** Says SYNTHETIC, since ids are what every table shows. */
  readonly id: string;
  readonly cohort: "internal" | "external";
  /** 1 = recurrence within 60 months. */
  readonly outcome: 0 | 1;
  /** Months to the recurrence, or to the last follow-up. */
  readonly months: number;
  readonly categories: Readonly<Record<CategoryName, string>>;
  readonly numbers: Readonly<Record<NumberName, number>>;
  /** Whether the table leaves the symptom out. */
  readonly symptomMissing: boolean;
}

/** The paper's cohort: patients and recurrences of each hospital. */
const PAPER = { internal: { n: 56, events: 10 }, external: { n: 18, events: 9 }, externalWithoutSymptom: 4 };

/** A cross-validation needs some events, however small the cohort. */
const FEWEST_EVENTS = 4;

/** Cohorts smaller than this have too few of anything. */
const FEWEST_PATIENTS = 8;

/** The paper's horizon, months. */
const HORIZON_MONTHS = 60;

/** How strongly the numbers of one lesion go together. */
const TOGETHER = 0.75;

/**
 * The patients of a demo cohort, internal ones first, by rising id.
 *
 * With 74 patients and signal 1 each hospital has the paper's numbers of patients and recurrences, and the internal table its counts to the patient
 * (`marginals.ts`); other sizes keep the proportions, with at least 4 recurrences in the internal cohort.
 *
 * @throws ConfigError for fewer than 8 patients, or a negative signal
 */
export function demoRoster({ seed, patients, signal }: DemoSettings): DemoPatient[] {
  if (!Number.isSafeInteger(patients) || patients < FEWEST_PATIENTS)
    throw new ConfigError("demo cohort", `expected ${FEWEST_PATIENTS} patients or more; got ${patients}`);
  if (!(signal >= 0)) throw new ConfigError("demo cohort", `expected a signal of 0 (none) or more, 1 by default; got ${signal}`);
  const [inside, outside] = apportion([PAPER.internal.n, PAPER.external.n], patients) as [number, number];
  const events = Math.max(Math.round((inside * PAPER.internal.events) / PAPER.internal.n), Math.min(FEWEST_EVENTS, Math.floor(inside / 2)));
  const internal = hospital(randomFor(seed, "demo", "internal"), "internal", inside, events, Math.min(1, signal));
  const external = hospital(randomFor(seed, "demo", "external"), "external", outside, Math.round(outside / 2), Math.min(1, signal));
  return [...internal, ...external];
}

function hospital(random: Random, cohort: DemoPatient["cohort"], n: number, events: number, signal: number): DemoPatient[] {
  const outcomes = shuffled(
    random,
    Array.from({ length: n }, (_, i): 0 | 1 => (i < events ? 1 : 0)),
  );
  const sizes = [n - events, events];

  const levels = (marginal: CategoryMarginal): string[] => {
    const names = Object.keys(marginal.counts);
    const decks = sizes.map((size, g) =>
      apportion(
        names.map((name) => marginal.counts[name]![g]!),
        size,
      ).flatMap((count, level) => Array.from({ length: count }, () => level)),
    );
    return deal(random, outcomes, decks, signal).map((level) => names[level]!);
  };
  const categories = CATEGORIES.map(
    (marginal) => [marginal.name, levels(cohort === "external" && marginal.name === "sex" ? EXTERNAL_SEX : marginal)] as const,
  );

  // What a lesion takes up in one phase it tends to take up in the others.
  const uptake = outcomes.map(() => randomNormal(random));
  const numbers = Object.entries(NUMBERS).map(([name, spreads]) => {
    const share = name.startsWith("ct_ratio") ? TOGETHER : 0;
    const keys = uptake.map((z) => share * z + Math.sqrt(1 - share ** 2) * randomNormal(random));
    const decks = spreads.map((spread, g) => quantiles(spread, sizes[g]!));
    return [name as NumberName, deal(random, outcomes, decks, signal, keys)] as const;
  });

  const missing = cohort === "external" ? Math.round((n * PAPER.externalWithoutSymptom) / PAPER.external.n) : 0;
  const withoutSymptom = new Set(
    shuffled(
      random,
      outcomes.map((_, i) => i),
    ).slice(0, missing),
  );
  const months = outcomes.map((outcome) => followUp(random, outcome));
  const width = Math.max(2, String(n).length);
  const at = <Name extends string, T>(columns: readonly (readonly [Name, readonly T[]])[], i: number) =>
    Object.fromEntries(columns.map(([name, values]) => [name, values[i]!])) as Record<Name, T>;
  return outcomes.map((outcome, i) => ({
    id: `SYNTHETIC-${cohort === "internal" ? "I" : "E"}-${String(i + 1).padStart(width, "0")}`,
    cohort,
    outcome,
    months: months[i]!,
    categories: at(categories, i),
    numbers: at(numbers, i),
    symptomMissing: withoutSymptom.has(i),
  }));
}

/**
 * Follow-up in months, to one decimal.
 *
 * A recurrence comes 3 to 60 months after surgery, sooner rather than later. Of the others seven in ten are seen beyond the horizon (up to 120 months), and
 * three in ten are censored between 12 and 60 months.
 */
function followUp(random: Random, outcome: 0 | 1): number {
  const u = random();
  const beyond = random() < 0.7;
  const months = outcome ? 3 + (HORIZON_MONTHS - 3.1) * u ** 1.3 : beyond ? HORIZON_MONTHS + 0.1 + 60 * u : 12 + 47 * u;
  return Math.round(months * 10) / 10;
}
