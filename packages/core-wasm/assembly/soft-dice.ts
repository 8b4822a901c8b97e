/**
 * Soft Dice loss of a slice's foreground, and its gradient:
 *
 *   p = sum of softmax(z)[c] over c >= 1,   y = 1 where label >= 1,   a = sum of p y,   b = sum of p + sum of y,   D = (2 a + smooth) / (b + smooth)
 *   loss = 1 - D
 *   dlogits[c] = scale * (D - 2 y) / (b + smooth) * softmax(z)[0] * (softmax(z)[c] for c >= 1, -p for c = 0)
 *
 * A label of K or more leaves its pixel out. p is summed from the foreground's shares and never taken as 1 - softmax(z)[0], which loses its digits
 * where a pixel is nearly certain. All sums are in f64. Derived in packages/gpu-unet/docs/gradients.md.
 *
 * @param logits   f32 [K, size]
 * @param labels   u8 [size]
 * @param smooth   above 0
 * @param isAdded  whether the gradient is added to dlogits; else dlogits is overwritten
 * @param dlogits  f32 [K, size]
 * @returns        the loss of the slice, not scaled; 0 where all its pixels are left out
 */
export function softDice(
  logits: usize,
  labels: usize,
  K: i32,
  size: i32,
  smooth: f64,
  scale: f64,
  isAdded: bool,
  dlogits: usize,
): f64 {
  const plane = (<usize>size) << 2;
  if (!isAdded) memory.fill(dlogits, 0, <usize>K * plane);
  let shared: f64 = 0;
  let all: f64 = 0;
  for (let p: usize = 0; p < <usize>size; p++) {
    const label = <i32>load<u8>(labels + p);
    if (label >= K) continue;
    const z = logits + (p << 2);
    const most = largest(z, K, plane);
    const front = foreground(z, K, plane, most);
    const share = front / (front + Math.exp(<f64>load<f32>(z) - most));
    all += share;
    if (label > 0) {
      shared += share;
      all += 1;
    }
  }
  const bottom = all + smooth;
  const overlap = (2 * shared + smooth) / bottom;
  for (let p: usize = 0; p < <usize>size; p++) {
    const label = <i32>load<u8>(labels + p);
    if (label >= K) continue;
    const z = logits + (p << 2);
    const most = largest(z, K, plane);
    const front = foreground(z, K, plane, most);
    const back = Math.exp(<f64>load<f32>(z) - most);
    const sum = front + back;
    const slope = ((scale * (overlap - (label > 0 ? 2 : 0))) / bottom) * (back / sum);
    for (let c = 0; c < K; c++) {
      const at = dlogits + (p << 2) + <usize>c * plane;
      const share = c == 0 ? -front / sum : Math.exp(<f64>load<f32>(z + <usize>c * plane) - most) / sum;
      store<f32>(at, <f32>(<f64>load<f32>(at) + slope * share));
    }
  }
  return 1 - overlap;
}

/** The largest logit of a pixel. */
function largest(z: usize, K: i32, plane: usize): f64 {
  let most: f32 = load<f32>(z);
  for (let c = 1; c < K; c++) most = max(most, load<f32>(z + <usize>c * plane));
  return <f64>most;
}

/** sum of exp(z[c] - most) over the classes c >= 1. */
function foreground(z: usize, K: i32, plane: usize, most: f64): f64 {
  let sum: f64 = 0;
  for (let c = 1; c < K; c++) sum += Math.exp(<f64>load<f32>(z + <usize>c * plane) - most);
  return sum;
}
