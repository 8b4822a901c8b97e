// The C-support-vector machine by its definition, in plain f64 loops: kernel, a slow solver, decision values, optimality.

type Kernel =
  | { readonly kind: "linear" }
  | { readonly kind: "rbf"; readonly gamma: number }
  | { readonly kind: "poly"; readonly gamma: number; readonly degree: number; readonly coef0: number };

/**
 * What a machine is trained on: minimise over alpha
 *
 *   sum alpha_s alpha_t y_s y_t K(s,t) / 2 - sum alpha,   sum y alpha = 0,   0 <= alpha_t <= cost(y_t)
 */
export interface Problem {
  readonly rows: readonly Float64Array[];
  readonly y: Int8Array;
  readonly kernel: Kernel;
  /** C times the weight of the label's class. */
  readonly cost: (label: number) => number;
  /** What training does with a kernel value: Math.fround, as libsvm does, or nothing. */
  readonly rounding: (value: number) => number;
}

/** A solution of the dual, and the bias. */
export interface Solution {
  readonly alpha: Float64Array;
  readonly rho: number;
}

/** K(a, b) of two rows of features: a . b, exp(-gamma |a - b|^2), or (gamma a . b + coef0)^degree. */
function kernelOf(kernel: Kernel, a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let t = 0; t < a.length; t++) sum += kernel.kind === "rbf" ? (a[t]! - b[t]!) ** 2 : a[t]! * b[t]!;
  if (kernel.kind === "rbf") return Math.exp(-kernel.gamma * sum);
  return kernel.kind === "linear" ? sum : (kernel.gamma * sum + kernel.coef0) ** kernel.degree;
}

/** The rows of a row-major [n, d] array. */
export function rowsOf(x: Float64Array, d: number): Float64Array[] {
  return Array.from({ length: x.length / d }, (_, i) => x.subarray(i * d, (i + 1) * d));
}

/** Whether alpha_t y_t can grow, or shrink, within 0 <= alpha_t <= cost. */
const canGrow = (y: number, alpha: number, cost: number) => (y === 1 ? alpha < cost : alpha > 0);
const canShrink = (y: number, alpha: number, cost: number) => (y === 1 ? alpha > 0 : alpha < cost);

/** The values of `gradient` over the rows that can grow, and over those that can shrink. */
function movable({ y, cost }: Problem, alpha: Float64Array, gradient: Float64Array): { growing: number[]; shrinking: number[] } {
  const all = Array.from(gradient);
  return {
    growing: all.filter((_, t) => canGrow(y[t]!, alpha[t]!, cost(y[t]!))),
    shrinking: all.filter((_, t) => canShrink(y[t]!, alpha[t]!, cost(y[t]!))),
  };
}

/**
 * The maximal-violating-pair solver: of all pairs it moves the two rows that violate optimality most, until none does by `tolerance`.
 * `gradient` is y_t times the dual's gradient, sum over s of alpha_s y_s K(s,t) - y_t.
 *
 * @see Keerthi et al. 2001, Improvements to Platt's SMO algorithm
 */
export function train(problem: Problem, tolerance: number): Solution {
  const { rows, y, kernel, cost, rounding } = problem;
  const K = rows.map((a) => rows.map((b) => rounding(kernelOf(kernel, a, b))));
  const alpha = new Float64Array(y.length);
  const gradient = Float64Array.from(y, (label) => -label);
  for (;;) {
    let [i, j] = [-1, -1];
    for (let t = 0; t < y.length; t++) {
      if (canGrow(y[t]!, alpha[t]!, cost(y[t]!)) && (i < 0 || gradient[t]! < gradient[i]!)) i = t;
      if (canShrink(y[t]!, alpha[t]!, cost(y[t]!)) && (j < 0 || gradient[t]! > gradient[j]!)) j = t;
    }
    if (gradient[j]! - gradient[i]! < tolerance) break;
    const roomI = y[i] === 1 ? cost(1) - alpha[i]! : alpha[i]!;
    const roomJ = y[j] === 1 ? alpha[j]! : cost(-1) - alpha[j]!;
    const curvature = K[i]![i]! + K[j]![j]! - 2 * K[i]![j]!;
    const move = Math.min(roomI, roomJ, curvature > 0 ? (gradient[j]! - gradient[i]!) / curvature : Infinity);
    alpha[i] = move === roomI ? (y[i] === 1 ? cost(1) : 0) : alpha[i]! + y[i]! * move;
    alpha[j] = move === roomJ ? (y[j] === 1 ? 0 : cost(-1)) : alpha[j]! - y[j]! * move;
    for (let t = 0; t < y.length; t++) gradient[t]! += move * (K[t]![i]! - K[t]![j]!);
  }
  return { alpha, rho: biasOf(problem, alpha, gradient) };
}

/** The mean gradient over 0 < alpha < cost, or the middle of its bounds when no alpha is more than 1e-9 of the cost from 0 and from the cost. */
function biasOf(problem: Problem, alpha: Float64Array, gradient: Float64Array): number {
  const snapped = alpha.map((value, t) => {
    const cost = problem.cost(problem.y[t]!);
    return value < 1e-9 * cost ? 0 : value > (1 - 1e-9) * cost ? cost : value;
  });
  const free = [...gradient].filter((_, t) => snapped[t]! > 0 && snapped[t]! < problem.cost(problem.y[t]!));
  if (free.length > 0) return free.reduce((sum, g) => sum + g, 0) / free.length;
  const { growing, shrinking } = movable(problem, snapped, gradient);
  return (Math.max(...shrinking) + Math.min(...growing)) / 2;
}

/** decision(q) = sum over rows of alpha y K(row, q) - rho, for each query row. */
export function decide({ rows, y, kernel }: Problem, { alpha, rho }: Solution, queries: readonly Float64Array[]): Float64Array {
  return Float64Array.from(queries, (q) => rows.reduce((sum, row, s) => sum + alpha[s]! * y[s]! * kernelOf(kernel, row, q), 0) - rho);
}

/** How far a solution is from optimal: each number is 0 for the exact one. */
export interface Optimality {
  /** |sum of y alpha|. */
  readonly balance: number;
  /** Largest excess of an alpha beyond 0 .. cost. */
  readonly outside: number;
  /** Largest gradient that may shrink less the smallest that may grow. */
  readonly gap: number;
  /** Primal less dual objective, for each unit of cost: at most the gap. */
  readonly duality: number;
}

/** Checks a solution against the definition of the problem. */
export function optimality(problem: Problem, { alpha, rho }: Solution): Optimality {
  const { rows, y, kernel, cost, rounding } = problem;
  const decision = rows.map((a) => rows.reduce((sum, b, s) => sum + alpha[s]! * y[s]! * rounding(kernelOf(kernel, a, b)), 0));
  const gradient = Float64Array.from(decision, (value, t) => value - y[t]!);
  const { growing, shrinking } = movable(problem, alpha, gradient);
  const total = (term: (t: number) => number) => decision.reduce((sum, _, t) => sum + term(t), 0);
  const squaredNorm = total((t) => alpha[t]! * y[t]! * decision[t]!);
  const primal = squaredNorm / 2 + total((t) => cost(y[t]!) * Math.max(0, 1 - y[t]! * (decision[t]! - rho)));
  const dual = total((t) => alpha[t]!) - squaredNorm / 2;
  return {
    balance: Math.abs(total((t) => alpha[t]! * y[t]!)),
    outside: Math.max(...Array.from(alpha, (value, t) => Math.max(-value, value - cost(y[t]!)))),
    gap: Math.max(...shrinking) - Math.min(...growing),
    duality: Math.abs(primal - dual) / total((t) => cost(y[t]!)),
  };
}
