/**
 * Weighted cross-entropy of a slice's logits, and its gradient:
 *
 *   loss = sum over p of w[k] * (log(sum over c of exp(z[c] - m)) - (z[k] - m)),   k = label[p], z = logits[:,p], m = max of z
 *   dlogits[c,p] = scale * w[k] * (softmax(z)[c] - (1 where c = k))
 *
 * A label of K or more leaves its pixel out. softmax(z)[k] - 1 is minus the sum of the other classes' shares, which keeps its digits when
 * a pixel is nearly certain.
 *
 * @param logits   f32 [K, size]
 * @param labels   u8 [size]
 * @param weight   f64 [K], the classes' weights
 * @param dlogits  f32 [K, size], overwritten
 * @returns        the loss of the slice, not scaled, summed in f64
 */
export function crossEntropy(logits: usize, labels: usize, K: i32, size: i32, weight: usize, scale: f64, dlogits: usize): f64 {
  const plane = (<usize>size) << 2;
  let loss: f64 = 0;
  for (let p: usize = 0; p < <usize>size; p++) {
    const k = <i32>load<u8>(labels + p);
    const z = logits + (p << 2);
    const d = dlogits + (p << 2);
    if (k >= K) {
      for (let c = 0; c < K; c++) store<f32>(d + <usize>c * plane, 0);
      continue;
    }
    let most: f32 = load<f32>(z);
    for (let c = 1; c < K; c++) most = max(most, load<f32>(z + <usize>c * plane));
    let others: f64 = 0;
    for (let c = 0; c < K; c++) {
      if (c != k) others += Math.exp(<f64>load<f32>(z + <usize>c * plane) - <f64>most);
    }
    const own = <f64>load<f32>(z + <usize>k * plane) - <f64>most;
    const sum = others + Math.exp(own);
    const w = load<f64>(weight + (<usize>k << 3));
    loss += w * (Math.log(sum) - own);
    const factor = (scale * w) / sum;
    for (let c = 0; c < K; c++) {
      const at = <usize>c * plane;
      store<f32>(d + at, <f32>(c == k ? -factor * others : factor * Math.exp(<f64>load<f32>(z + at) - <f64>most)));
    }
  }
  return loss;
}
