// Sequential minimal optimisation for the C-support-vector machine. No fused operations: every build gives the same bits.
//
// With beta = y * alpha the dual is
//
//   minimise  beta' K beta / 2 - y' beta    subject to  sum beta = 0,  lower <= beta <= upper
//
// where [lower, upper] is [0, C+] for y = +1 and [-C-, 0] for y = -1. Its gradient g = K beta - y is kept up to date; in it
// y itself no longer occurs. A step moves beta[i] up and beta[j] down by the same amount.

/** A quadratic term that is not positive is replaced by this, as in libsvm. */
const TAU: f64 = 1e-12;

/**
 * Solves the dual; the working set is chosen by second-order information.
 *
 *   i = argmin of g over those with beta < upper
 *   j = argmax of (g[j] - g[i])^2 / (K[i,i] + K[j,j] - 2 K[i,j]) over those with beta > lower and g[j] > g[i]
 *   stop when  max of g over beta > lower  -  min of g over beta < upper  <  tolerance
 *
 * @param kernel     f64 [n, n]; n is even: the caller pads with a row whose bounds are both 0
 * @param diagonal   f64 [n], K[t,t]
 * @param lower      f64 [n]
 * @param upper      f64 [n]
 * @param beta       f64 [n], the starting point; the solution
 * @param gradient   f64 [n], K beta - y at the starting point; at the solution
 * @param up         f64 [n], overwritten: 0 where beta < upper, +infinity elsewhere
 * @param down       f64 [n], overwritten: 0 where beta > lower, -infinity elsewhere
 * @returns the number of steps; `limit` when the solution was not reached
 * @see Fan, Chen & Lin 2005, Working set selection using second order information; libsvm's stopping rule
 */
export function solveDual(
  kernel: usize,
  n: i32,
  diagonal: usize,
  lower: usize,
  upper: usize,
  beta: usize,
  gradient: usize,
  up: usize,
  down: usize,
  tolerance: f64,
  limit: i32,
): i32 {
  const bytes = (<usize>n) << 3;
  for (let t: usize = 0; t < bytes; t += 8) markMovable(beta + t, lower + t, upper + t, up + t, down + t);

  // The first step updates the gradient by a move of 0.
  let rowI = kernel;
  let rowJ = kernel;
  let move: f64 = 0;
  let step = 0;
  while (true) {
    // Gradient after the last step, with the smallest that may go up and the largest that may go down.
    const move2 = f64x2.splat(move);
    let lowest = f64x2.splat(Infinity);
    let lowestAt = i64x2.splat(0);
    let highest = f64x2.splat(-Infinity);
    let at = i64x2.splat(0);
    for (let t: usize = 0; t < bytes; t += 16) {
      const g = f64x2.add(v128.load(gradient + t), f64x2.mul(move2, f64x2.sub(v128.load(rowI + t), v128.load(rowJ + t))));
      v128.store(gradient + t, g);
      const rising = f64x2.add(g, v128.load(up + t));
      const isLower = f64x2.lt(rising, lowest);
      lowest = v128.bitselect(rising, lowest, isLower);
      lowestAt = v128.bitselect(at, lowestAt, isLower);
      highest = f64x2.pmax(highest, f64x2.add(g, v128.load(down + t)));
      at = i64x2.add(at, i64x2.splat(16));
    }
    const isSecondLower = f64x2.extract_lane(lowest, 1) < f64x2.extract_lane(lowest, 0);
    const gi = isSecondLower ? f64x2.extract_lane(lowest, 1) : f64x2.extract_lane(lowest, 0);
    const i = isSecondLower ? <usize>i64x2.extract_lane(lowestAt, 1) + 8 : <usize>i64x2.extract_lane(lowestAt, 0);
    const top = max(f64x2.extract_lane(highest, 0), f64x2.extract_lane(highest, 1));
    if (!(top - gi >= tolerance) || step == limit) return step;

    // The partner with the largest gain.
    rowI = kernel + (i >> 3) * bytes;
    const gi2 = f64x2.splat(gi);
    const kii = f64x2.splat(load<f64>(diagonal + i));
    let gain = f64x2.splat(0);
    let gainAt = i64x2.splat(0);
    at = i64x2.splat(0);
    for (let t: usize = 0; t < bytes; t += 16) {
      const rise = f64x2.pmax(f64x2.splat(0), f64x2.add(f64x2.sub(v128.load(gradient + t), gi2), v128.load(down + t)));
      const k = v128.load(rowI + t);
      let curvature = f64x2.sub(f64x2.add(kii, v128.load(diagonal + t)), f64x2.add(k, k));
      curvature = v128.bitselect(curvature, f64x2.splat(TAU), f64x2.gt(curvature, f64x2.splat(0)));
      const candidate = f64x2.div(f64x2.mul(rise, rise), curvature);
      const isLarger = f64x2.gt(candidate, gain);
      gain = v128.bitselect(candidate, gain, isLarger);
      gainAt = v128.bitselect(at, gainAt, isLarger);
      at = i64x2.add(at, i64x2.splat(16));
    }
    const isSecondLarger = f64x2.extract_lane(gain, 1) > f64x2.extract_lane(gain, 0);
    const j = isSecondLarger ? <usize>i64x2.extract_lane(gainAt, 1) + 8 : <usize>i64x2.extract_lane(gainAt, 0);

    // The step to the minimum along this pair, cut off at the bounds.
    rowJ = kernel + (j >> 3) * bytes;
    let curvature = load<f64>(diagonal + i) + load<f64>(diagonal + j) - 2 * load<f64>(rowI + j);
    if (!(curvature > 0)) curvature = TAU;
    const betaI = load<f64>(beta + i);
    const betaJ = load<f64>(beta + j);
    const roomI = load<f64>(upper + i) - betaI;
    const roomJ = betaJ - load<f64>(lower + j);
    move = min((load<f64>(gradient + j) - gi) / curvature, min(roomI, roomJ));
    store<f64>(beta + i, move == roomI ? load<f64>(upper + i) : min(betaI + move, load<f64>(upper + i)));
    store<f64>(beta + j, move == roomJ ? load<f64>(lower + j) : max(betaJ - move, load<f64>(lower + j)));
    markMovable(beta + i, lower + i, upper + i, up + i, down + i);
    markMovable(beta + j, lower + j, upper + j, up + j, down + j);
    step++;
  }
}

/** Notes whether a coefficient may go up, and whether it may go down. */
function markMovable(beta: usize, lower: usize, upper: usize, up: usize, down: usize): void {
  store<f64>(up, load<f64>(beta) < load<f64>(upper) ? 0 : Infinity);
  store<f64>(down, load<f64>(beta) > load<f64>(lower) ? 0 : -Infinity);
}
