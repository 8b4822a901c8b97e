/** Tables as likely as the observed one up to this factor count as equally likely: guards against rounding, as in R. */
const EQUALLY_LIKELY = 1 + 1e-7;

/**
 * Fisher's exact test of a 2 x 2 table, two-sided.
 *
 *              yes  no
 *   group 1     a    b
 *   group 2     c    d
 *
 * With all margins fixed, a is hypergeometric; p is the sum of the probabilities of all tables that are no more likely than the observed one.
 * A table with an empty row or column has only itself: p = 1.
 *
 * @param a,b,c,d  counts, whole and not negative
 * @returns        p in (0, 1]
 * @see Fisher 1935; the two-sided rule and its factor 1 + 1e-7 are those of R's fisher.test
 */
export function fisherTest(a: number, b: number, c: number, d: number): number {
  const yes = a + c;
  const lowest = Math.max(0, a + b - (b + d));
  const highest = Math.min(a + b, yes);
  // Probabilities relative to the observed table, by the ratio of neighbours: P(k) / P(k-1) = (row - k + 1)(yes - k + 1) / (k (rest + k)).
  const row = a + b;
  const rest = b + d - row;
  const ratio = (k: number) => ((row - k + 1) * (yes - k + 1)) / (k * (rest + k));
  let all = 1;
  let asExtreme = 1;
  const add = (relative: number) => {
    all += relative;
    if (relative <= EQUALLY_LIKELY) asExtreme += relative;
  };
  let up = 1;
  for (let k = a + 1; k <= highest; k++) add((up *= ratio(k)));
  let down = 1;
  for (let k = a; k > lowest; k--) add((down /= ratio(k)));
  return asExtreme / all;
}
