/**
 * Adam and AdamW: one step of all parameters.
 *
 *   g      = gradient + l2 * parameter                     l2 is Adam's weight decay, 0 for AdamW
 *   mean   = beta1 * mean + new1 * g                       new1 = 1 - beta1 and new2 = 1 - beta2 come from the host, in whose f64 they
 *   square = beta2 * square + new2 * g^2                   lose no digits
 *   parameter = shrink * parameter - stepSize * mean / (sqrt(square) / rootCorrection + epsilon)
 *
 * stepSize = learningRate / (1 - beta1^t), rootCorrection = sqrt(1 - beta2^t) for step t = 1, 2, ...; shrink = 1 - learningRate * decay is
 * AdamW's decoupled weight decay, 1 for Adam.
 *
 * @param count  number of values, a multiple of 4; all arrays are f32 [count], the last three in place
 * @see Kingma & Ba 2015, algorithm 1; Loshchilov & Hutter 2019, algorithm 2
 */
export function adam(
  gradient: usize,
  count: i32,
  beta1: f32,
  beta2: f32,
  new1: f32,
  new2: f32,
  epsilon: f32,
  l2: f32,
  shrink: f32,
  stepSize: f32,
  rootCorrection: f32,
  parameter: usize,
  mean: usize,
  square: usize,
): void {
  for (const end = gradient + (<usize>count << 2); gradient < end; gradient += 16, parameter += 16, mean += 16, square += 16) {
    const p = v128.load(parameter);
    const g = f32x4.add(v128.load(gradient), f32x4.mul(f32x4.splat(l2), p));
    const m = f32x4.add(f32x4.mul(f32x4.splat(beta1), v128.load(mean)), f32x4.mul(f32x4.splat(new1), g));
    const s = f32x4.add(f32x4.mul(f32x4.splat(beta2), v128.load(square)), f32x4.mul(f32x4.splat(new2), f32x4.mul(g, g)));
    v128.store(mean, m);
    v128.store(square, s);
    const root = f32x4.add(f32x4.div(f32x4.sqrt(s), f32x4.splat(rootCorrection)), f32x4.splat(epsilon));
    const step = f32x4.div(f32x4.mul(f32x4.splat(stepSize), m), root);
    v128.store(parameter, f32x4.sub(f32x4.mul(f32x4.splat(shrink), p), step));
  }
}

/** Adds the f32 `b` [count] to `a`; count is a multiple of 4. */
export function addTo(a: usize, b: usize, count: i32): void {
  for (const end = a + (<usize>count << 2); a < end; a += 16, b += 16) v128.store(a, f32x4.add(v128.load(a), v128.load(b)));
}
