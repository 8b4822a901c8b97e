// Probabilities from decision values.
import { ShapeError } from "./errors.ts";

/** P(y = +1 | f) = 1 / (1 + exp(a f + b)). */
export interface Platt {
  readonly a: number;
  readonly b: number;
}

/** P(y = +1) for a decision value, 0 .. 1; it rises with f when a < 0. */
export function plattProbability(decision: number, { a, b }: Platt): number {
  const z = a * decision + b;
  return z >= 0 ? Math.exp(-z) / (1 + Math.exp(-z)) : 1 / (1 + Math.exp(z));
}

/** log(1 + exp(z)) without overflow. */
const softplus = (z: number) => (z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z)));

/**
 * Platt scaling: the sigmoid that fits decision values to their labels.
 *
 *   minimise over a, b   - sum of  t log p + (1 - t) log(1 - p),   p = 1 / (1 + exp(a f + b))
 *   t = (N+ + 1) / (N+ + 2) for y = +1,  1 / (N- + 2) for y = -1
 *
 * by Newton's method with backtracking. Use decision values of rows that the machine was not trained on.
 *
 * @param decision  decision values, finite
 * @param y         -1 or +1 for each
 * @returns a and b; with decision values that are all equal, a and b give every row the mean of t
 * @throws ShapeError for arrays that do not fit
 * @see Lin, Lin & Weng 2007, A note on Platt's probabilistic outputs. They stop at a gradient of 1e-5; we go on until a step no longer improves it.
 */
export function plattScaling(decision: Float64Array, y: Int8Array): Platt {
  if (decision.length !== y.length) throw new ShapeError(`plattScaling: ${decision.length} decision values came with ${y.length} labels`);
  if (!decision.every(Number.isFinite)) throw new ShapeError("plattScaling: decision holds a value that is not finite");
  const positives = y.filter((label) => label === 1).length;
  const negatives = y.length - positives;
  const target = Float64Array.from(y, (label) => (label === 1 ? (positives + 1) / (positives + 2) : 1 / (negatives + 2)));
  const loss = (a: number, b: number) => decision.reduce((sum, f, i) => sum + softplus(a * f + b) - (1 - target[i]!) * (a * f + b), 0);

  let a = 0;
  let b = Math.log((negatives + 1) / (positives + 1));
  let current = loss(a, b);
  // Newton's method needs fewer than 20 steps; 100 is the limit of the paper.
  for (let round = 0; round < 100; round++) {
    const { da, db, slope } = newtonStep(decision, target, a, b);
    let scale = 1;
    let next = loss(a + da, b + db);
    while (!(next < current + 1e-4 * scale * slope) && scale > 1e-10) {
      scale /= 2;
      next = loss(a + scale * da, b + scale * db);
    }
    if (!(next < current)) break;
    a += scale * da;
    b += scale * db;
    current = next;
  }
  return { a, b };
}

/** The Newton direction at (a, b), and the change of the loss along it. */
function newtonStep(decision: Float64Array, target: Float64Array, a: number, b: number): { da: number; db: number; slope: number } {
  // The ridge keeps the Hessian invertible when all decision values are equal.
  let [haa, hab, hbb, ga, gb] = [1e-12, 0, 1e-12, 0, 0];
  decision.forEach((f, i) => {
    const p = plattProbability(f, { a, b });
    const h = p * (1 - p);
    const g = target[i]! - p;
    haa += f * f * h;
    hab += f * h;
    hbb += h;
    ga += f * g;
    gb += g;
  });
  const determinant = haa * hbb - hab * hab;
  const da = -(hbb * ga - hab * gb) / determinant;
  const db = -(haa * gb - hab * ga) / determinant;
  return { da, db, slope: ga * da + gb * db };
}
