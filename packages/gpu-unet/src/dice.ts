// From logits to labels, and how well labels agree.

/**
 * The class of each pixel: the one with the largest logit, the lower of equal ones.
 *
 * @param logits   (N, classes, size), size = H * W
 * @returns        (N, size)
 */
export function labelsOf(logits: Float32Array, classes: number, size: number): Uint8Array {
  const labels = new Uint8Array(logits.length / classes);
  for (let pixel = 0; pixel < labels.length; pixel++) {
    const first = Math.floor(pixel / size) * classes * size + (pixel % size);
    let best = 0;
    for (let c = 1; c < classes; c++) if (logits[first + c * size]! > logits[first + best * size]!) best = c;
    labels[pixel] = best;
  }
  return labels;
}

/**
 * Dice coefficient of one class in two label arrays, 0 to 1.
 *
 *   DSC = 2 |A and B| / (|A| + |B|),   A and B the pixels with that label
 *
 * @returns NaN where neither array has the label
 * @see Dice 1945, Measures of the amount of ecologic association between species
 */
export function diceScore(predicted: ArrayLike<number>, truth: ArrayLike<number>, label = 1): number {
  let [both, sum] = [0, 0];
  for (let i = 0; i < truth.length; i++) {
    const [a, b] = [predicted[i] === label, truth[i] === label];
    sum += Number(a) + Number(b);
    both += Number(a && b);
  }
  return (2 * both) / sum;
}
