/** Columns that one transform takes at once: 8 numbers side by side in a row. */
export const COLUMNS: usize = 8;
/** Bytes of one row of 8 columns. */
export const ROW: usize = COLUMNS << 3;

/** Copies one row of 8 columns; the engine's own copy is a call that takes longer than these eight instructions. */
// @ts-ignore: decorator
@inline
export function copyRow(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
  v128.store(to, v128.load(from, 32), 32);
  v128.store(to, v128.load(from, 48), 48);
}

/** Copies row x of a block to row n - x. */
export function mirror(a: usize, n: i32, x: i32, imaginary: usize): void {
  if (x == 0 || 2 * x >= n) return;
  const row = a + <usize>x * ROW;
  const other = a + <usize>(n - x) * ROW;
  copyRow(other, row);
  copyRow(other + imaginary, row + imaginary);
}

// @ts-ignore: decorator
@inline
function at(address: usize): v128 {
  return v128.load(address);
}

/** Stores r + i sqrt(-1) times a twiddle; as it is where the twiddle is 1, as in the whole last stage. */
// @ts-ignore: decorator
@inline
export function put(yr: usize, yi: usize, r: v128, i: v128, wr: v128, wi: v128, isPlain: bool): void {
  if (isPlain) {
    v128.store(yr, r);
    v128.store(yi, i);
  } else {
    v128.store(yr, f64x2.sub(f64x2.mul(r, wr), f64x2.mul(i, wi)));
    v128.store(yi, f64x2.add(f64x2.mul(r, wi), f64x2.mul(i, wr)));
  }
}

/** One stage of radix 2; see `fftColumns`. */
function stage2(xr: usize, xi: usize, yr: usize, yi: usize, m: usize, s: usize, twiddle: usize): void {
  const run = s * ROW;
  for (let p: usize = 0; p < m; p++) {
    const wr = f64x2.splat(load<f64>(twiddle + ((p * s) << 4)));
    const wi = f64x2.splat(load<f64>(twiddle + ((p * s) << 4), 8));
    const isPlain = p == 0;
    const from = p * run;
    const half = m * run;
    const to = p * run * 2;
    for (let t: usize = 0; t < run; t += 16) {
      const ar = at(xr + from + t);
      const ai = at(xi + from + t);
      const br = at(xr + from + half + t);
      const bi = at(xi + from + half + t);
      const dr = f64x2.sub(ar, br);
      const di = f64x2.sub(ai, bi);
      v128.store(yr + to + t, f64x2.add(ar, br));
      v128.store(yi + to + t, f64x2.add(ai, bi));
      put(yr + to + run + t, yi + to + run + t, dr, di, wr, wi, isPlain);
    }
  }
}

/** One stage of radix 3; see `fftColumns`. */
function stage3(xr: usize, xi: usize, yr: usize, yi: usize, m: usize, s: usize, twiddle: usize): void {
  const run = s * ROW;
  const half = f64x2.splat(0.5);
  const sine = f64x2.splat(0.8660254037844386);
  for (let p: usize = 0; p < m; p++) {
    const w1r = f64x2.splat(load<f64>(twiddle + ((p * s) << 4)));
    const w1i = f64x2.splat(load<f64>(twiddle + ((p * s) << 4), 8));
    const w2r = f64x2.splat(load<f64>(twiddle + ((2 * p * s) << 4)));
    const w2i = f64x2.splat(load<f64>(twiddle + ((2 * p * s) << 4), 8));
    const isPlain = p == 0;
    const from = p * run;
    const third = m * run;
    const to = p * run * 3;
    for (let t: usize = 0; t < run; t += 16) {
      const ar = at(xr + from + t);
      const ai = at(xi + from + t);
      const br = at(xr + from + third + t);
      const bi = at(xi + from + third + t);
      const cr = at(xr + from + 2 * third + t);
      const ci = at(xi + from + 2 * third + t);
      const sr = f64x2.add(br, cr);
      const si = f64x2.add(bi, ci);
      const dr = f64x2.mul(sine, f64x2.sub(br, cr));
      const di = f64x2.mul(sine, f64x2.sub(bi, ci));
      const er = f64x2.sub(ar, f64x2.mul(half, sr));
      const ei = f64x2.sub(ai, f64x2.mul(half, si));
      const gr = f64x2.add(er, di);
      const gi = f64x2.sub(ei, dr);
      const hr = f64x2.sub(er, di);
      const hi = f64x2.add(ei, dr);
      v128.store(yr + to + t, f64x2.add(ar, sr));
      v128.store(yi + to + t, f64x2.add(ai, si));
      put(yr + to + run + t, yi + to + run + t, gr, gi, w1r, w1i, isPlain);
      put(yr + to + 2 * run + t, yi + to + 2 * run + t, hr, hi, w2r, w2i, isPlain);
    }
  }
}

/** One stage of radix 4; see `fftColumns`. */
function stage4(xr: usize, xi: usize, yr: usize, yi: usize, m: usize, s: usize, twiddle: usize): void {
  const run = s * ROW;
  for (let p: usize = 0; p < m; p++) {
    const w1r = f64x2.splat(load<f64>(twiddle + ((p * s) << 4)));
    const w1i = f64x2.splat(load<f64>(twiddle + ((p * s) << 4), 8));
    const w2r = f64x2.splat(load<f64>(twiddle + ((2 * p * s) << 4)));
    const w2i = f64x2.splat(load<f64>(twiddle + ((2 * p * s) << 4), 8));
    const w3r = f64x2.splat(load<f64>(twiddle + ((3 * p * s) << 4)));
    const w3i = f64x2.splat(load<f64>(twiddle + ((3 * p * s) << 4), 8));
    const isPlain = p == 0;
    const from = p * run;
    const quarter = m * run;
    const to = p * run * 4;
    for (let t: usize = 0; t < run; t += 16) {
      const ar = at(xr + from + t);
      const ai = at(xi + from + t);
      const br = at(xr + from + quarter + t);
      const bi = at(xi + from + quarter + t);
      const cr = at(xr + from + 2 * quarter + t);
      const ci = at(xi + from + 2 * quarter + t);
      const dr = at(xr + from + 3 * quarter + t);
      const di = at(xi + from + 3 * quarter + t);
      const er = f64x2.add(ar, cr);
      const ei = f64x2.add(ai, ci);
      const fr = f64x2.sub(ar, cr);
      const fi = f64x2.sub(ai, ci);
      const gr = f64x2.add(br, dr);
      const gi = f64x2.add(bi, di);
      const hr = f64x2.sub(br, dr);
      const hi = f64x2.sub(bi, di);
      v128.store(yr + to + t, f64x2.add(er, gr));
      v128.store(yi + to + t, f64x2.add(ei, gi));
      const kr = f64x2.add(fr, hi);
      const ki = f64x2.sub(fi, hr);
      put(yr + to + run + t, yi + to + run + t, kr, ki, w1r, w1i, isPlain);
      const lr = f64x2.sub(er, gr);
      const li = f64x2.sub(ei, gi);
      put(yr + to + 2 * run + t, yi + to + 2 * run + t, lr, li, w2r, w2i, isPlain);
      const nr = f64x2.sub(fr, hi);
      const ni = f64x2.add(fi, hr);
      put(yr + to + 3 * run + t, yi + to + 3 * run + t, nr, ni, w3r, w3i, isPlain);
    }
  }
}

/** One stage of radix 5; see `fftColumns`. */
function stage5(xr: usize, xi: usize, yr: usize, yi: usize, m: usize, s: usize, twiddle: usize): void {
  const run = s * ROW;
  const c1 = f64x2.splat(0.30901699437494745);
  const c2 = f64x2.splat(-0.8090169943749475);
  const s1 = f64x2.splat(0.9510565162951535);
  const s2 = f64x2.splat(0.5877852522924731);
  for (let p: usize = 0; p < m; p++) {
    const w1r = f64x2.splat(load<f64>(twiddle + ((p * s) << 4)));
    const w1i = f64x2.splat(load<f64>(twiddle + ((p * s) << 4), 8));
    const w2r = f64x2.splat(load<f64>(twiddle + ((2 * p * s) << 4)));
    const w2i = f64x2.splat(load<f64>(twiddle + ((2 * p * s) << 4), 8));
    const w3r = f64x2.splat(load<f64>(twiddle + ((3 * p * s) << 4)));
    const w3i = f64x2.splat(load<f64>(twiddle + ((3 * p * s) << 4), 8));
    const w4r = f64x2.splat(load<f64>(twiddle + ((4 * p * s) << 4)));
    const w4i = f64x2.splat(load<f64>(twiddle + ((4 * p * s) << 4), 8));
    const isPlain = p == 0;
    const from = p * run;
    const fifth = m * run;
    const to = p * run * 5;
    for (let t: usize = 0; t < run; t += 16) {
      const ar = at(xr + from + t);
      const ai = at(xi + from + t);
      const br = at(xr + from + fifth + t);
      const bi = at(xi + from + fifth + t);
      const cr = at(xr + from + 2 * fifth + t);
      const ci = at(xi + from + 2 * fifth + t);
      const dr = at(xr + from + 3 * fifth + t);
      const di = at(xi + from + 3 * fifth + t);
      const er = at(xr + from + 4 * fifth + t);
      const ei = at(xi + from + 4 * fifth + t);
      const u1r = f64x2.add(br, er);
      const u1i = f64x2.add(bi, ei);
      const v1r = f64x2.sub(br, er);
      const v1i = f64x2.sub(bi, ei);
      const u2r = f64x2.add(cr, dr);
      const u2i = f64x2.add(ci, di);
      const v2r = f64x2.sub(cr, dr);
      const v2i = f64x2.sub(ci, di);
      const p1r = f64x2.add(ar, f64x2.add(f64x2.mul(c1, u1r), f64x2.mul(c2, u2r)));
      const p1i = f64x2.add(ai, f64x2.add(f64x2.mul(c1, u1i), f64x2.mul(c2, u2i)));
      const p2r = f64x2.add(ar, f64x2.add(f64x2.mul(c2, u1r), f64x2.mul(c1, u2r)));
      const p2i = f64x2.add(ai, f64x2.add(f64x2.mul(c2, u1i), f64x2.mul(c1, u2i)));
      const q1r = f64x2.add(f64x2.mul(s1, v1r), f64x2.mul(s2, v2r));
      const q1i = f64x2.add(f64x2.mul(s1, v1i), f64x2.mul(s2, v2i));
      const q2r = f64x2.sub(f64x2.mul(s2, v1r), f64x2.mul(s1, v2r));
      const q2i = f64x2.sub(f64x2.mul(s2, v1i), f64x2.mul(s1, v2i));
      v128.store(yr + to + t, f64x2.add(ar, f64x2.add(u1r, u2r)));
      v128.store(yi + to + t, f64x2.add(ai, f64x2.add(u1i, u2i)));
      put(yr + to + run + t, yi + to + run + t, f64x2.add(p1r, q1i), f64x2.sub(p1i, q1r), w1r, w1i, isPlain);
      put(yr + to + 2 * run + t, yi + to + 2 * run + t, f64x2.add(p2r, q2i), f64x2.sub(p2i, q2r), w2r, w2i, isPlain);
      put(yr + to + 3 * run + t, yi + to + 3 * run + t, f64x2.sub(p2r, q2i), f64x2.add(p2i, q2r), w3r, w3i, isPlain);
      put(yr + to + 4 * run + t, yi + to + 4 * run + t, f64x2.sub(p1r, q1i), f64x2.add(p1i, q1r), w4r, w4i, isPlain);
    }
  }
}

/**
 * Discrete Fourier transforms of 8 columns side by side.
 *
 *   X[k] = sum over j of  x[j] exp(-2 pi i j k / n)
 *
 * Stockham's stages of radix 5, 4, 3 and 2, which need no reordering; each reads one buffer and writes the other.
 *
 * @param a        f64 [2, n, 8]: real parts, then imaginary parts; overwritten
 * @param b        f64 [2, n, 8], scratch
 * @param n        5-smooth length
 * @param twiddle  f64 [n, 2]: cos and -sin of 2 pi t / n
 * @returns the buffer, a or b, that holds the result in the same layout
 */
export function fftColumns(a: usize, b: usize, n: i32, twiddle: usize): usize {
  return stages(a, b, n, n, 1, twiddle);
}

/**
 * The stages of a transform that are left after some.
 *
 * @param a, b       f64 [2, n, 8]: what the stages so far have left in `a`, and scratch; both overwritten
 * @param remaining  n / done
 * @param done       the product of the radices so far
 * @returns the buffer, a or b, that holds the result
 */
export function stages(a: usize, b: usize, n: i32, remaining: usize, done: usize, twiddle: usize): usize {
  const imaginary = <usize>n * ROW;
  let x = a;
  let y = b;
  let left = remaining;
  let s = done;
  while (left > 1) {
    let radix: usize = 2;
    if (left % 4 == 0) radix = 4;
    else if (left % 5 == 0) radix = 5;
    else if (left % 3 == 0) radix = 3;
    const m = left / radix;
    if (radix == 4) stage4(x, x + imaginary, y, y + imaginary, m, s, twiddle);
    else if (radix == 5) stage5(x, x + imaginary, y, y + imaginary, m, s, twiddle);
    else if (radix == 3) stage3(x, x + imaginary, y, y + imaginary, m, s, twiddle);
    else stage2(x, x + imaginary, y, y + imaginary, m, s, twiddle);
    left = m;
    s *= radix;
    const swap = x;
    x = y;
    y = swap;
  }
  return x;
}
