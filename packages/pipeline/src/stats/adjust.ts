/**
 * Holm's adjustment of p-values for several tests: rejecting where it is <= alpha makes one false rejection or more with probability alpha at most.
 *
 *   sorted upwards:  adjusted(i) = max over j <= i of  min(1, (m - j + 1) * p(j))
 *
 * @param p  p-values in any order; NaN (no test) stays NaN and does not count in m
 * @see Holm 1979. R's p.adjust(method = "holm")
 */
export function holm(p: readonly number[]): number[] {
  return adjusted(p, (order, m) => {
    let highest = 0;
    return order.map(([value], i) => (highest = Math.max(highest, Math.min(1, (m - i) * value))));
  });
}

/**
 * Benjamini and Hochberg's adjustment: where it is <= q, at most a share q of the rejections is false on average (independent or positively dependent tests).
 *
 *   sorted upwards:  adjusted(i) = min over j >= i of  min(1, m / j * p(j))
 *
 * @param p  p-values in any order; NaN (no test) stays NaN and does not count in m
 * @see Benjamini & Hochberg 1995. R's p.adjust(method = "BH")
 */
export function benjaminiHochberg(p: readonly number[]): number[] {
  return adjusted(p, (order, m) => {
    let lowest = 1;
    return order
      .toReversed()
      .map(([value], k) => (lowest = Math.min(lowest, (m / (m - k)) * value)))
      .reverse();
  });
}

/** Adjusts the p-values that are numbers, sorted upwards, and puts them back in their places. */
function adjusted(
  p: readonly number[],
  rule: (order: readonly (readonly [value: number, place: number])[], m: number) => number[],
): number[] {
  const order = p
    .map((value, place) => [value, place] as const)
    .filter(([value]) => !Number.isNaN(value))
    .sort(([a], [b]) => a - b);
  const result = p.map(() => Number.NaN);
  for (const [i, value] of rule(order, order.length).entries()) result[order[i]![1]] = value;
  return result;
}
