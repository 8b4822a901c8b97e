// The definition of the loss, in f64.

/**
 * Weighted cross-entropy of logits (N,C,size), summed over the pixels, and its gradient. A label of C or more leaves its pixel out.
 *
 *   loss = sum of weight[k] * (log(sum over c of exp(z[c])) - z[k]),   dlogits[c] = weight[k] * (softmax(z)[c] - (1 where c = k))
 */
export function crossEntropy(logits: ArrayLike<number>, labels: ArrayLike<number>, weight: readonly number[], size: number) {
  const C = weight.length;
  const dlogits = new Float64Array(logits.length);
  let loss = 0;
  for (let pixel = 0; pixel < labels.length; pixel++) {
    const label = labels[pixel]!;
    if (label >= C) continue;
    const at = Array.from({ length: C }, (_, c) => (Math.floor(pixel / size) * C + c) * size + (pixel % size));
    const most = Math.max(...at.map((i) => logits[i]!));
    const exponentials = at.map((i) => Math.exp(logits[i]! - most));
    const sum = exponentials.reduce((total, e) => total + e, 0);
    loss += weight[label]! * (Math.log(sum) + most - logits[at[label]!]!);
    at.forEach((i, c) => {
      dlogits[i] = weight[label]! * (exponentials[c]! / sum - (c === label ? 1 : 0));
    });
  }
  return { loss, dlogits };
}
