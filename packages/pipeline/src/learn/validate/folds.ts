import { ConfigError } from "../../errors.ts";
import { shuffled, type Random } from "../../random.ts";

/**
 * Deals rows into stratified folds: each class is shuffled and dealt out in turn, so folds differ by at most one case and one control.
 *
 * The second class is dealt on from where the first stopped, which keeps the folds' sizes within one of each other.
 *
 * Rows of one group stay together. Then whole groups are dealt, in a random order but those with the most events first: a group goes to the fold with the fewest
 * events if it has any, and otherwise to the one with the fewest rows without. Folds are then as even as the groups allow.
 *
 * @param outcome  1 = event, 0 = none
 * @param folds    at most the size of the smaller class, so that every fold has both
 * @param random   the stream the shuffles are drawn from
 * @param groups   the group of each row; without it every row is its own
 * @returns        the fold 0 .. folds-1 of each row
 */
export function stratifiedFolds(outcome: ArrayLike<number>, folds: number, random: Random, groups?: readonly string[]): Uint8Array {
  if (groups) return groupedFolds(outcome, folds, random, groups);
  const fold = new Uint8Array(outcome.length);
  let next = 0;
  for (const wanted of [1, 0]) {
    const rows = Array.from(outcome, (_, i) => i).filter((i) => outcome[i] === wanted);
    for (const i of shuffled(random, rows)) fold[i] = next++ % folds;
  }
  return fold;
}

function groupedFolds(outcome: ArrayLike<number>, folds: number, random: Random, groups: readonly string[]): Uint8Array {
  const rowsOf = new Map<string, number[]>();
  for (const [i, group] of groups.entries()) rowsOf.set(group, [...(rowsOf.get(group) ?? []), i]);
  const eventsOf = (rows: readonly number[]) => rows.filter((i) => outcome[i] === 1).length;
  const order = shuffled(random, [...rowsOf.values()]).sort((a, b) => eventsOf(b) - eventsOf(a) || b.length - a.length);
  const events = Array.from({ length: folds }, () => 0);
  const others = Array.from({ length: folds }, () => 0);
  const fold = new Uint8Array(outcome.length);
  for (const rows of order) {
    const own = eventsOf(rows);
    const [first, second] = own > 0 ? [events, others] : [others, events];
    let best = 0;
    for (let k = 1; k < folds; k++) if (first[k]! < first[best]! || (first[k] === first[best] && second[k]! < second[best]!)) best = k;
    for (const i of rows) fold[i] = best;
    events[best]! += own;
    others[best]! += rows.length - own;
  }
  return fold;
}

/** Every row, or every group of rows, a fold of its own: leave-one-out. */
export function leaveOneOut(n: number, groups?: readonly string[]): { readonly fold: Int32Array; readonly folds: number } {
  const number = new Map<string, number>();
  const fold = Int32Array.from({ length: n }, (_, i) => {
    const name = groups ? groups[i]! : String(i);
    if (!number.has(name)) number.set(name, number.size);
    return number.get(name)!;
  });
  return { fold, folds: number.size };
}

/** Members of the smaller class; where rows come in groups, the groups that have a member of it. */
export function smallerClass(outcome: ArrayLike<number>, groups?: readonly string[]): number {
  const members = [0, 1].map((wanted) => {
    const rows = Array.from(outcome, (_, i) => i).filter((i) => outcome[i] === wanted);
    return groups ? new Set(rows.map((i) => groups[i])).size : rows.length;
  });
  return Math.min(members[0]!, members[1]!);
}

/**
 * The number of outer folds: the number asked for, but no more than the smaller class has members.
 *
 * Each training part must keep two members of the smaller class, or the inner cross-validation has nothing to split.
 *
 * @param asked   2 .. 255
 * @param groups  as in `stratifiedFolds`: then groups are the members
 * @throws ConfigError when the smaller class is too small for any cross-validation, or for so few folds
 */
export function outerFoldCount(outcome: ArrayLike<number>, asked: number, groups?: readonly string[]): number {
  if (!Number.isInteger(asked) || asked < 2 || asked > 255) {
    throw new ConfigError("folds", `expected a whole number from 2 to 255, found ${asked}; 10 is usual`);
  }
  requireMembers(outcome, groups);
  const members = smallerClass(outcome, groups);
  const folds = Math.min(asked, members);
  if (members - Math.ceil(members / folds) < 2) {
    throw new ConfigError(
      "folds",
      `the smaller class has ${members} of ${outcome.length}, and ${asked} folds leave fewer than 2 of them to learn from; ask for more folds`,
    );
  }
  return folds;
}

/**
 * Refuses an outcome of which too few are left to learn from when some are held out.
 *
 * @throws ConfigError when one class has fewer than 3 members (or groups)
 */
export function requireMembers(outcome: ArrayLike<number>, groups?: readonly string[]): void {
  const members = smallerClass(outcome, groups);
  if (members >= 3) return;
  const unit = groups ? "groups" : "patients";
  throw new ConfigError(
    "outcome",
    members === 0
      ? `the smaller class has 0 of ${outcome.length}: every row has the same outcome, and a model needs both; check the column`
      : `the smaller class has ${members} of ${outcome.length}${groups ? " (counted in groups)" : ""}; cross-validation needs at least 3 ${unit} of each outcome, so add ${unit} of that class`,
  );
}

/** The number of inner folds of a training part: the number asked for, but no more than its smaller class has members. */
export function innerFoldCount(outcome: ArrayLike<number>, asked: number, groups?: readonly string[]): number {
  return Math.min(asked, smallerClass(outcome, groups));
}
