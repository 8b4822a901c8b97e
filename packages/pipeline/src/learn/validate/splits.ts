// Which rows are learnt from and which are held out: folds, leave-one-out, bootstrap.
import { ConfigError } from "../../errors.ts";
import { randomFor, randomInt, type Random } from "../../random.ts";
import type { StreamOf } from "../fold-model.ts";
import { leaveOneOut, outerFoldCount, requireMembers, stratifiedFolds } from "./folds.ts";
import type { LearnSettings } from "../settings.ts";

/** One training part and what it leaves out. */
export interface Split {
  /** 0 .. in the order of fitting, within its repeat. */
  readonly fold: number;
  /** 0 unless folds are drawn several times. */
  readonly repeat: number;
  /** Rows to learn from; of a bootstrap, some of them several times. */
  readonly train: readonly number[];
  /** Rows held out. */
  readonly test: readonly number[];
  readonly stream: StreamOf;
}

/** A bootstrap sample needs two different members of each class; so many draws without them mean that there are hardly any. */
const MAX_DRAWS = 1000;

/**
 * The splits of a validation, in the order of fitting.
 *
 * Their random choices depend on the seed, the use and the number of the split; the first repeat's are those of a single one.
 *
 * @param outcome  1 = event, 0 = none
 * @param groups   the group of each row, or none
 * @throws ConfigError where a class has too few members (or groups) to be split so
 */
export function splitsOf(
  { validation, folds, repeats, resamples }: Pick<LearnSettings, "validation" | "folds" | "repeats" | "resamples">,
  outcome: Uint8Array,
  groups: readonly string[] | undefined,
  seed: number,
): Split[] {
  const rows = Array.from(outcome, (_, i) => i);
  const streamOf =
    (fold: number, repeat: number): StreamOf =>
    (use) =>
      randomFor(seed, "learn", use, fold, ...(repeat > 0 ? [repeat] : []));
  const byFold = (fold: ArrayLike<number>, count: number, repeat: number): Split[] =>
    Array.from({ length: count }, (_, k) => ({
      fold: k,
      repeat,
      train: rows.filter((i) => fold[i] !== k),
      test: rows.filter((i) => fold[i] === k),
      stream: streamOf(k, repeat),
    }));
  if (validation === "leave-one-out") {
    requireMembers(outcome, groups);
    const { fold, folds: count } = leaveOneOut(outcome.length, groups);
    return byFold(fold, count, 0);
  }
  if (validation === "bootstrap") {
    requireMembers(outcome, groups);
    return Array.from({ length: resamples }, (_, k) => {
      const train = resample(outcome, groups, randomFor(seed, "learn", "bootstrap", k));
      const drawn = new Set(train);
      return { fold: k, repeat: 0, train, test: rows.filter((i) => !drawn.has(i)), stream: streamOf(k, 0) };
    });
  }
  const count = outerFoldCount(outcome, folds, groups);
  return Array.from({ length: repeats }, (_, r) => {
    const random = r === 0 ? randomFor(seed, "learn", "folds") : randomFor(seed, "learn", "folds", r);
    return byFold(stratifiedFolds(outcome, count, random, groups), count, r);
  }).flat();
}

/**
 * Rows drawn with replacement: as many of each class as there are, or as many whole groups as there are. Drawn again until each class has two different members (or groups)
 * and somebody is left out.
 */
function resample(outcome: Uint8Array, groups: readonly string[] | undefined, random: Random): number[] {
  const all = Array.from(outcome, (_, i) => i);
  const members = new Map<string, number[]>();
  for (const i of all) {
    const name = groups ? groups[i]! : String(i);
    members.set(name, [...(members.get(name) ?? []), i]);
  }
  const units = [...members.values()];
  const pools = groups ? [units] : [1, 0].map((wanted) => units.filter(([i]) => outcome[i!] === wanted));
  for (let draw = 0; draw < MAX_DRAWS; draw++) {
    const drawn = pools.flatMap((pool) => pool.map(() => pool[randomInt(random, pool.length)]!));
    const different = [...new Set(drawn)];
    const suffices = [0, 1].every((wanted) => different.filter((rows) => rows.some((i) => outcome[i] === wanted)).length >= 2);
    if (suffices && different.length < units.length) return drawn.flat().sort((a, b) => a - b);
  }
  throw new ConfigError(
    "outcome",
    "hardly any bootstrap sample has two different members of each class; use leave-one-out, or add patients",
  );
}
