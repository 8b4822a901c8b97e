// The head, a 1x1 convolution, and the losses above it, in f64. Planes hold `size` pixels.

/** logits[k,p] = bias[k] + sum over c of weight[k,c] * x[c,p]. */
export function head(x: ArrayLike<number>, weight: ArrayLike<number>, bias: ArrayLike<number>, size: number): Float64Array {
  const C = x.length / size;
  return Float64Array.from({ length: bias.length * size }, (_, i) => {
    const k = Math.floor(i / size);
    let sum = bias[k]!;
    for (let c = 0; c < C; c++) sum += weight[k * C + c]! * x[c * size + (i % size)]!;
    return sum;
  });
}

/** The gradients of x and weight from that of the logits. */
export function headBackward(
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  dlogits: ArrayLike<number>,
  size: number,
): { dx: Float64Array; dweight: Float64Array } {
  const [C, K] = [x.length / size, dlogits.length / size];
  const [dx, dweight] = [new Float64Array(x.length), new Float64Array(weight.length)];
  for (let k = 0; k < K; k++) {
    for (let c = 0; c < C; c++) {
      for (let p = 0; p < size; p++) {
        dx[c * size + p]! += weight[k * C + c]! * dlogits[k * size + p]!;
        dweight[k * C + c]! += x[c * size + p]! * dlogits[k * size + p]!;
      }
    }
  }
  return { dx, dweight };
}

/**
 * Weighted cross-entropy, summed over the pixels, and its gradient. A label that is no class leaves its pixel out.
 *
 *   loss = sum of weight[k] * (log(sum over c of exp(z[c])) - z[k]),   dlogits[c] = weight[k] * (softmax(z)[c] - (1 where c = k))
 */
export function crossEntropy(logits: ArrayLike<number>, labels: ArrayLike<number>, weight: readonly number[]) {
  const [K, size] = [weight.length, labels.length];
  const dlogits = new Float64Array(logits.length);
  let loss = 0;
  for (let p = 0; p < size; p++) {
    const label = labels[p]!;
    if (label >= K) continue;
    const z = Array.from({ length: K }, (_, c) => logits[c * size + p]!);
    const most = Math.max(...z);
    const exponentials = z.map((v) => Math.exp(v - most));
    const sum = exponentials.reduce((total, e) => total + e, 0);
    loss += weight[label]! * (Math.log(sum) + most - z[label]!);
    exponentials.forEach((e, c) => (dlogits[c * size + p] = weight[label]! * (e / sum - (c === label ? 1 : 0))));
  }
  return { loss, dlogits };
}

/**
 * Soft Dice loss of a slice's foreground, all classes but the first, and its gradient. A label that is no class leaves its pixel out.
 *
 *   loss = 1 - D,   D = (2 * sum of p y + smooth) / (sum of p + sum of y + smooth),   p = 1 - softmax(z)[0],   y = 1 where label >= 1
 *   dp = (D - 2 y) / (sum of p + sum of y + smooth),   dlogits[c] = dp * softmax(z)[0] * (softmax(z)[c], or -p for c = 0)
 */
export function softDice(logits: ArrayLike<number>, labels: ArrayLike<number>, K: number, smooth: number) {
  const size = labels.length;
  const pixels = Array.from({ length: size }, (_, p) => {
    const powers = Array.from({ length: K }, (__, c) => Math.exp(logits[c * size + p]!));
    const sum = powers.reduce((total, e) => total + e, 0);
    return { isUsed: labels[p]! < K, y: labels[p]! > 0 ? 1 : 0, softmax: powers.map((e) => e / sum) };
  });
  const used = pixels.filter(({ isUsed }) => isUsed);
  const p = (softmax: readonly number[]) => softmax.slice(1).reduce((total, q) => total + q, 0);
  const shared = used.reduce((sum, { y, softmax }) => sum + y * p(softmax), 0);
  const all = used.reduce((sum, { y, softmax }) => sum + y + p(softmax), 0);
  const D = (2 * shared + smooth) / (all + smooth);
  const dlogits = Float64Array.from({ length: K * size }, (_, i) => {
    const { isUsed, y, softmax } = pixels[i % size]!;
    const c = Math.floor(i / size);
    const dp = (D - 2 * y) / (all + smooth);
    return isUsed ? dp * softmax[0]! * (c === 0 ? -p(softmax) : softmax[c]!) : 0;
  });
  return { loss: 1 - D, dlogits };
}
