import { ConfigError } from "../errors.ts";
import { shuffled, type Random } from "../random.ts";

/**
 * Deals rows into stratified folds: each class is shuffled and dealt out in turn, so folds differ by at most one case and one control.
 *
 * The second class is dealt on from where the first stopped, which keeps the folds' sizes within one of each other.
 *
 * @param outcome  1 = event, 0 = none
 * @param folds    at most the size of the smaller class, so that every fold has both
 * @param random   the stream the shuffles are drawn from
 * @returns        the fold 0 .. folds-1 of each row
 */
export function stratifiedFolds(outcome: ArrayLike<number>, folds: number, random: Random): Uint8Array {
  const fold = new Uint8Array(outcome.length);
  let next = 0;
  for (const wanted of [1, 0]) {
    const rows = Array.from(outcome, (_, i) => i).filter((i) => outcome[i] === wanted);
    for (const i of shuffled(random, rows)) fold[i] = next++ % folds;
  }
  return fold;
}

/** Members of the smaller class. */
export function smallerClass(outcome: ArrayLike<number>): number {
  let events = 0;
  for (let i = 0; i < outcome.length; i++) if (outcome[i] === 1) events++;
  return Math.min(events, outcome.length - events);
}

/**
 * The number of outer folds: the number asked for, but no more than the smaller class has members.
 *
 * Each training part must keep two members of the smaller class, or the inner cross-validation has nothing to split.
 *
 * @param asked  2 .. 255
 * @throws ConfigError when the smaller class is too small for any cross-validation, or for so few folds
 */
export function outerFoldCount(outcome: ArrayLike<number>, asked: number): number {
  if (!Number.isInteger(asked) || asked < 2 || asked > 255) {
    throw new ConfigError("folds", `expected a whole number from 2 to 255, found ${asked}; 10 is usual`);
  }
  const members = smallerClass(outcome);
  const folds = Math.min(asked, members);
  if (members < 3 || members - Math.ceil(members / folds) < 2) {
    throw new ConfigError(
      "outcome",
      `${asked} folds need at least 3 patients of each outcome, and 2 outside every fold, but the smaller class has ${members} of ${outcome.length}; add patients or ask for more folds`,
    );
  }
  return folds;
}

/** The number of inner folds of a training part: the number asked for, but no more than its smaller class has members. */
export function innerFoldCount(outcome: ArrayLike<number>, asked: number): number {
  return Math.min(asked, smallerClass(outcome));
}
