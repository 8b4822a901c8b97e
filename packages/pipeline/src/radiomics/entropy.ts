// Entropies, in bits.

/** log2 of 0..4095, because most counts are small whole numbers and a logarithm costs ten times a look-up. */
const LOG2 = Float64Array.from({ length: 4096 }, (_, n) => Math.log2(n));

/**
 * Entropy of a distribution given by counts, in bits.
 *
 *   - sum p log2 p,   p = count / total, where 0 log2 0 = 0
 *
 * @param counts  at least 0; whole numbers or not
 * @param total   their sum, above 0
 * @returns 0 .. log2 of the number of counts; 0 where one count is the total
 */
export function entropyOfCounts(counts: Float64Array, total: number): number {
  const all = Math.log2(total);
  let sum = 0;
  for (let k = 0; k < counts.length; k++) {
    const n = counts[k]!;
    if (n === 0) continue;
    sum += n * (all - (n < 4096 && Math.trunc(n) === n ? LOG2[n]! : Math.log2(n)));
  }
  return sum / total;
}
