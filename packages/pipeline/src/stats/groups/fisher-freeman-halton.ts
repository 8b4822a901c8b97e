/** Tables as likely as the observed one up to this factor count as equally likely: guards against rounding, as in fisher.ts. */
const EQUALLY_LIKELY = Math.log1p(1e-7);

/** Paths whose log probabilities agree to this are one path when compared with the observed table; their masses are summed exactly. */
const SAME_PATH = 1e-9;

/** Fillings of a column that may be looked at; some ten seconds. */
const MOST_STEPS = 1e7;

/** Different paths kept at one column; about 200 MB. */
const MOST_PATHS = 1e6;

/** A partly filled table: what is left of each row (sorted), and the paths that lead here by their log probability. */
interface Node {
  readonly left: readonly number[];
  readonly paths: Map<number, { readonly logP: number; mass: number }>;
}

/**
 * The exact test of Fisher, Freeman and Halton for a table of any size, two-sided.
 *
 *   p = sum of P(table) over all tables with the observed margins that are no more likely than the observed one
 *   P(table) = prod row(i)! prod column(j)! / ( n! prod table(i,j)! )
 *
 * The tables are a network: columns are filled one after another, and a node is what is left of the rows. P(table) is the product of
 * the probabilities of its columns, each given what the ones before have left, so all completions of a node together have probability 1. A path is
 * settled as soon as even its likeliest completion is as extreme as the observed table (its whole mass counts) or even its least likely one is
 * not (none of it counts). Paths with the same probability are walked once. A table with one row or column left has only itself: p = 1.
 *
 * @param table      counts by row, whole and not negative, all rows of one length
 * @param mostSteps  fillings of a column, times paths, after which the walk is given up
 * @returns          p in (0, 1]; null when the network is too large to be walked (take the chi-square test, and say so)
 * @see Freeman & Halton 1951; Mehta & Patel 1983 for the network. The rule for ties is that of R's fisher.test
 */
export function fisherFreemanHalton(table: readonly (readonly number[])[], mostSteps = MOST_STEPS): number | null {
  const columns = withoutEmpty(table);
  if (columns.length < 2 || columns[0]!.length < 2) return 1;
  const logFactorial = logFactorials(columns.flat().reduce((sum, count) => sum + count, 0));
  const sizes = columns.map((column) => column.reduce((sum, count) => sum + count, 0));
  const walk = createWalk(sizes, logFactorial, mostSteps);

  let observed = 0;
  let left = columns[0]!.map((_, i) => columns.reduce((sum, column) => sum + column[i]!, 0));
  const start: Node = { left: left.toSorted((a, b) => a - b), paths: new Map([[0, { logP: 0, mass: 1 }]]) };
  for (const column of columns) {
    observed += logProbability(left, column, logFactorial);
    left = left.map((count, i) => count - column[i]!);
  }
  const limit = observed + EQUALLY_LIKELY;

  let p = 0;
  let nodes = [start];
  for (let stage = 0; nodes.length > 0; stage++) {
    const next = new Map<string, Node>();
    let paths = 0;
    for (const node of nodes) {
      const range = walk.range(node.left, stage);
      if (!range) return null;
      const open: { logP: number; mass: number }[] = [];
      for (const path of node.paths.values()) {
        if (path.logP + range.most <= limit) p += path.mass;
        else if (path.logP + range.least <= limit) open.push(path);
      }
      if (open.length === 0) continue;
      const possible = walk.eachFilling(node.left, stage, open.length, (after, logP) => {
        const key = after.join();
        let target = next.get(key);
        if (!target) next.set(key, (target = { left: after, paths: new Map() }));
        const share = Math.exp(logP);
        for (const path of open) {
          const sum = path.logP + logP;
          const pathKey = Math.round(sum / SAME_PATH);
          const same = target.paths.get(pathKey);
          if (same) {
            same.mass += path.mass * share;
          } else {
            paths++;
            target.paths.set(pathKey, { logP: sum, mass: path.mass * share });
          }
        }
      });
      if (!possible || paths > MOST_PATHS) return null;
    }
    nodes = [...next.values()];
  }
  return Math.min(1, p);
}

/** Walks the columns of a table; both functions answer nothing once the steps are spent. */
function createWalk(sizes: readonly number[], logFactorial: Float64Array, mostSteps: number) {
  let steps = 0;
  const ranges = sizes.map(() => new Map<string, { most: number; least: number }>());

  /** Visits every way to fill column `stage` from what is left of the rows, with the sorted rest and the log probability. */
  function eachFilling(left: readonly number[], stage: number, cost: number, visit: (after: number[], logP: number) => void): boolean {
    const filling = left.map(() => 0);
    // Room below row i: how much the rows from i on can still take.
    const room = left.map((_, i) => left.slice(i).reduce((sum, count) => sum + count, 0));
    const fill = (row: number, rest: number): boolean => {
      if (row === left.length - 1) {
        if ((steps += cost) > mostSteps) return false;
        filling[row] = rest;
        const after = left.map((count, i) => count - filling[i]!).sort((a, b) => a - b);
        visit(after, logProbability(left, filling, logFactorial));
        return true;
      }
      const most = Math.min(left[row]!, rest);
      for (let count = Math.max(0, rest - room[row + 1]!); count <= most; count++) {
        filling[row] = count;
        if (!fill(row + 1, rest - count)) return false;
      }
      return true;
    };
    return fill(0, sizes[stage]!);
  }

  /** Log probabilities of the likeliest and the least likely way to fill the columns from `stage` on. */
  function range(left: readonly number[], stage: number): { most: number; least: number } | null {
    if (stage >= sizes.length - 1) return { most: 0, least: 0 };
    const key = left.join();
    const known = ranges[stage]!.get(key);
    if (known) return known;
    let most = -Infinity;
    let least = Infinity;
    let isWhole = true;
    const possible = eachFilling(left, stage, 1, (after, logP) => {
      const further = isWhole ? range(after, stage + 1) : null;
      if (!further) {
        isWhole = false;
        return;
      }
      most = Math.max(most, logP + further.most);
      least = Math.min(least, logP + further.least);
    });
    if (!possible || !isWhole) return null;
    ranges[stage]!.set(key, { most, least });
    return { most, least };
  }
  return { eachFilling, range };
}

/** Log of the probability that a column drawn from the rows' rests is this one: the multivariate hypergeometric distribution. */
function logProbability(left: readonly number[], column: readonly number[], logFactorial: Float64Array): number {
  let all = 0;
  let drawn = 0;
  let sum = 0;
  for (let i = 0; i < left.length; i++) {
    all += left[i]!;
    drawn += column[i]!;
    sum += logFactorial[left[i]!]! - logFactorial[column[i]!]! - logFactorial[left[i]! - column[i]!]!;
  }
  return sum - (logFactorial[all]! - logFactorial[drawn]! - logFactorial[all - drawn]!);
}

/** The table's columns without empty rows and columns, turned so that a column is short, largest first: few and small nodes. */
function withoutEmpty(table: readonly (readonly number[])[]): number[][] {
  const rows = table.filter((row) => row.some((count) => count > 0));
  const columns = (rows[0] ?? []).map((_, j) => rows.map((row) => row[j]!)).filter((column) => column.some((count) => count > 0));
  const kept = rows.map((_, i) => columns.map((column) => column[i]!));
  const size = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
  return (kept.length <= columns.length ? columns : kept).toSorted((a, b) => size(b) - size(a));
}

/** log k! for k = 0 .. n. */
function logFactorials(n: number): Float64Array {
  const values = new Float64Array(n + 1);
  for (let k = 2; k <= n; k++) values[k] = values[k - 1]! + Math.log(k);
  return values;
}
