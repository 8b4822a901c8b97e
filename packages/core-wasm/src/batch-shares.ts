// How the slices of a batch are summed, so that the sum has the same bits however many workers share it.
//
// A batch is halved, each half is halved again, and so on down to single slices; sums go up the same tree. A worker that takes a whole branch
// sums it as one worker alone would have.

/** Where a range of slices is cut: the first part is the larger one where they differ. */
export function middleOf(from: number, to: number): number {
  return from + Math.ceil((to - from) / 2);
}

/**
 * The branches of a batch, at least as many as there are workers and a power of two, in order; branches of a small batch may be empty.
 *
 * @returns [from, to) for each
 */
export function batchShares(count: number, workers: number): [from: number, to: number][] {
  let shares: [number, number][] = [[0, count]];
  while (shares.length < workers) {
    shares = shares.flatMap(([from, to]): [number, number][] => [
      [from, middleOf(from, to)],
      [middleOf(from, to), to],
    ]);
  }
  return shares;
}

/** What a worker gives for its slices. */
export interface GradientSum {
  /** The gradients of all parameters, one after the other in the order of their table. */
  readonly gradient: Float32Array;
  /** Their part in the loss of the step. */
  readonly loss: number;
}

/** Adds the sums of all branches of `batchShares`, in their order; `null` stands for an empty branch. The first of each pair is overwritten. */
export function addShares(shares: readonly (GradientSum | null)[]): GradientSum {
  let sums = [...shares];
  while (sums.length > 1) {
    sums = Array.from({ length: sums.length / 2 }, (_, i) => add(sums[2 * i]!, sums[2 * i + 1]!));
  }
  return sums[0]!;
}

function add(a: GradientSum | null, b: GradientSum | null): GradientSum | null {
  if (!a || !b) return a ?? b;
  // A sum of two f32 in f64, rounded to f32, is the f32 sum.
  for (let i = 0; i < a.gradient.length; i++) a.gradient[i]! += b.gradient[i]!;
  return { gradient: a.gradient, loss: a.loss + b.loss };
}
