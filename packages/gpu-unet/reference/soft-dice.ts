// The definition of the soft Dice loss, in f64.

/**
 * Soft Dice loss of the foreground of logits (N,C,size), averaged over the slices, and its gradient. A label of C or more leaves its pixel out.
 *
 *   loss = mean over slices of  1 - (2 * sum of p y + smooth) / (sum of p + sum of y + smooth)
 *
 * with p = sum of softmax(z)[c] over the classes c >= 1, and y = 1 where the label is 1 or more. Derived in docs/gradients.md.
 *
 * @returns  sums (N,2): sum of p y, and sum of p plus sum of y
 */
export function softDice(logits: ArrayLike<number>, labels: ArrayLike<number>, C: number, size: number, smooth: number) {
  const N = labels.length / size;
  const sums = new Float64Array(2 * N);
  const eachPixel = (visit: (n: number, at: number[], softmax: number[], y: number) => void) => {
    for (let pixel = 0; pixel < labels.length; pixel++) {
      if (labels[pixel]! >= C) continue;
      const n = Math.floor(pixel / size);
      const at = Array.from({ length: C }, (_, c) => (n * C + c) * size + (pixel % size));
      const most = Math.max(...at.map((i) => logits[i]!));
      const exponentials = at.map((i) => Math.exp(logits[i]! - most));
      const sum = exponentials.reduce((total, e) => total + e, 0);
      visit(
        n,
        at,
        exponentials.map((e) => e / sum),
        labels[pixel]! > 0 ? 1 : 0,
      );
    }
  };
  const foreground = (softmax: number[]) => softmax.slice(1).reduce((total, q) => total + q, 0);
  eachPixel((n, _at, softmax, y) => {
    const p = foreground(softmax);
    sums[2 * n]! += p * y;
    sums[2 * n + 1]! += p + y;
  });
  const overlap = (n: number) => (2 * sums[2 * n]! + smooth) / (sums[2 * n + 1]! + smooth);
  const dlogits = new Float64Array(logits.length);
  eachPixel((n, at, softmax, y) => {
    const dp = (overlap(n) - 2 * y) / (sums[2 * n + 1]! + smooth) / N;
    at.forEach((i, c) => {
      dlogits[i] = dp * softmax[0]! * (c === 0 ? -foreground(softmax) : softmax[c]!);
    });
  });
  const loss = Array.from({ length: N }, (_, n) => (1 - overlap(n)) / N).reduce((total, share) => total + share, 0);
  return { loss, sums, dlogits };
}
