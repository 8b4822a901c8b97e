// Short discrete Fourier transforms, which are the stages of longer ones; see fft.ts. A row is 4 complex numbers: 4 real parts, then 4 imaginary parts.

/** Bytes of one row: a cache line. */
export const ROW: usize = 64;
/** Bytes from the real to the imaginary part of a row. */
export const IMAGINARY: usize = 32;

// @ts-ignore: decorator
@inline
function add(a: v128, b: v128): v128 {
  return f64x2.add(a, b);
}

// @ts-ignore: decorator
@inline
function sub(a: v128, b: v128): v128 {
  return f64x2.sub(a, b);
}

// @ts-ignore: decorator
@inline
function mul(a: v128, b: v128): v128 {
  return f64x2.mul(a, b);
}

/** Real parts of two columns of a row, times the factor at `turn` where the rows are turned. */
// @ts-ignore: decorator
@inline
function real(x: usize, turn: usize, isTurned: bool): v128 {
  const re = v128.load(x);
  if (!isTurned) return re;
  return sub(mul(re, v128.load_splat<f64>(turn)), mul(v128.load(x, IMAGINARY), v128.load_splat<f64>(turn, 8)));
}

/** Imaginary parts of two columns of a row, as `real`. */
// @ts-ignore: decorator
@inline
function imag(x: usize, turn: usize, isTurned: bool): v128 {
  const im = v128.load(x, IMAGINARY);
  if (!isTurned) return im;
  return add(mul(v128.load(x), v128.load_splat<f64>(turn, 8)), mul(im, v128.load_splat<f64>(turn)));
}

/** Stores two columns, times the factor at `w` where there is one. */
// @ts-ignore: decorator
@inline
function put(y: usize, r: v128, i: v128, w: usize, isTwiddled: bool): void {
  if (isTwiddled) {
    const c = v128.load_splat<f64>(w);
    const s = v128.load_splat<f64>(w, 8);
    v128.store(y, sub(mul(r, c), mul(i, s)));
    v128.store(y, add(mul(r, s), mul(i, c)), IMAGINARY);
  } else {
    v128.store(y, r);
    v128.store(y, i, IMAGINARY);
  }
}

/** Radix 2: rows a, b to y and the one `to` bytes on; `w` has the factor of the second, `turns` bytes lie between the factors of a and b. */
// @ts-ignore: decorator
@inline
export function butterfly2(a: usize, b: usize, y: usize, to: usize, w: usize, isTwiddled: bool, turn: usize, turns: usize, isTurned: bool): void {
  for (let t: usize = 0; t < IMAGINARY; t += 16) {
    const ar = real(a + t, turn, isTurned);
    const ai = imag(a + t, turn, isTurned);
    const br = real(b + t, turn + turns, isTurned);
    const bi = imag(b + t, turn + turns, isTurned);
    put(y + t, add(ar, br), add(ai, bi), w, false);
    put(y + to + t, sub(ar, br), sub(ai, bi), w, isTwiddled);
  }
}

/** The three sums of radix 3, each with its place and its factor. */
// @ts-ignore: decorator
@inline
function put3(
  ar: v128, ai: v128, br: v128, bi: v128, cr: v128, ci: v128,
  y0: usize, y1: usize, y2: usize, w0: usize, w1: usize, w2: usize, isFirstTwiddled: bool, isTwiddled: bool,
): void {
  const half = f64x2.splat(0.5);
  const sine = f64x2.splat(0.8660254037844386);
  const sr = add(br, cr);
  const si = add(bi, ci);
  const dr = mul(sine, sub(br, cr));
  const di = mul(sine, sub(bi, ci));
  put(y0, add(ar, sr), add(ai, si), w0, isFirstTwiddled);
  const er = sub(ar, mul(half, sr));
  const ei = sub(ai, mul(half, si));
  put(y1, add(er, di), sub(ei, dr), w1, isTwiddled);
  put(y2, sub(er, di), add(ei, dr), w2, isTwiddled);
}

/** Radix 3, as `butterfly2`; the factors of the second and third row follow each other at `w`. */
// @ts-ignore: decorator
@inline
export function butterfly3(
  a: usize, b: usize, c: usize, y: usize, to: usize, w: usize, isTwiddled: bool, turn: usize, turns: usize, isTurned: bool,
): void {
  for (let t: usize = 0; t < IMAGINARY; t += 16) {
    const ar = real(a + t, turn, isTurned);
    const ai = imag(a + t, turn, isTurned);
    const br = real(b + t, turn + turns, isTurned);
    const bi = imag(b + t, turn + turns, isTurned);
    const cr = real(c + t, turn + 2 * turns, isTurned);
    const ci = imag(c + t, turn + 2 * turns, isTurned);
    put3(ar, ai, br, bi, cr, ci, y + t, y + to + t, y + 2 * to + t, w, w, w + 16, false, isTwiddled);
  }
}

/** Radix 4, as `butterfly3`. */
// @ts-ignore: decorator
@inline
export function butterfly4(
  a: usize, b: usize, c: usize, d: usize, y: usize, to: usize, w: usize, isTwiddled: bool, turn: usize, turns: usize, isTurned: bool,
): void {
  for (let t: usize = 0; t < IMAGINARY; t += 16) {
    const ar = real(a + t, turn, isTurned);
    const ai = imag(a + t, turn, isTurned);
    const cr = real(c + t, turn + 2 * turns, isTurned);
    const ci = imag(c + t, turn + 2 * turns, isTurned);
    const er = add(ar, cr);
    const ei = add(ai, ci);
    const fr = sub(ar, cr);
    const fi = sub(ai, ci);
    const br = real(b + t, turn + turns, isTurned);
    const bi = imag(b + t, turn + turns, isTurned);
    const dr = real(d + t, turn + 3 * turns, isTurned);
    const di = imag(d + t, turn + 3 * turns, isTurned);
    const gr = add(br, dr);
    const gi = add(bi, di);
    const hr = sub(br, dr);
    const hi = sub(bi, di);
    put(y + t, add(er, gr), add(ei, gi), w, false);
    put(y + to + t, add(fr, hi), sub(fi, hr), w, isTwiddled);
    put(y + 2 * to + t, sub(er, gr), sub(ei, gi), w + 16, isTwiddled);
    put(y + 3 * to + t, sub(fr, hi), add(fi, hr), w + 32, isTwiddled);
  }
}

/** Radix 5, as `butterfly3`. */
// @ts-ignore: decorator
@inline
export function butterfly5(
  a: usize, b: usize, c: usize, d: usize, e: usize, y: usize, to: usize, w: usize, isTwiddled: bool,
  turn: usize, turns: usize, isTurned: bool,
): void {
  const c1 = f64x2.splat(0.30901699437494745);
  const c2 = f64x2.splat(-0.8090169943749475);
  const s1 = f64x2.splat(0.9510565162951535);
  const s2 = f64x2.splat(0.5877852522924731);
  for (let t: usize = 0; t < IMAGINARY; t += 16) {
    const ar = real(a + t, turn, isTurned);
    const ai = imag(a + t, turn, isTurned);
    const br = real(b + t, turn + turns, isTurned);
    const bi = imag(b + t, turn + turns, isTurned);
    const er = real(e + t, turn + 4 * turns, isTurned);
    const ei = imag(e + t, turn + 4 * turns, isTurned);
    const u1r = add(br, er);
    const u1i = add(bi, ei);
    const v1r = sub(br, er);
    const v1i = sub(bi, ei);
    const cr = real(c + t, turn + 2 * turns, isTurned);
    const ci = imag(c + t, turn + 2 * turns, isTurned);
    const dr = real(d + t, turn + 3 * turns, isTurned);
    const di = imag(d + t, turn + 3 * turns, isTurned);
    const u2r = add(cr, dr);
    const u2i = add(ci, di);
    const v2r = sub(cr, dr);
    const v2i = sub(ci, di);
    put(y + t, add(ar, add(u1r, u2r)), add(ai, add(u1i, u2i)), w, false);
    const p1r = add(ar, add(mul(c1, u1r), mul(c2, u2r)));
    const p1i = add(ai, add(mul(c1, u1i), mul(c2, u2i)));
    const q1r = add(mul(s1, v1r), mul(s2, v2r));
    const q1i = add(mul(s1, v1i), mul(s2, v2i));
    put(y + to + t, add(p1r, q1i), sub(p1i, q1r), w, isTwiddled);
    put(y + 4 * to + t, sub(p1r, q1i), add(p1i, q1r), w + 48, isTwiddled);
    const p2r = add(ar, add(mul(c2, u1r), mul(c1, u2r)));
    const p2i = add(ai, add(mul(c2, u1i), mul(c1, u2i)));
    const q2r = sub(mul(s2, v1r), mul(s1, v2r));
    const q2i = sub(mul(s2, v1i), mul(s1, v2i));
    put(y + 2 * to + t, add(p2r, q2i), sub(p2i, q2r), w + 16, isTwiddled);
    put(y + 3 * to + t, sub(p2r, q2i), add(p2i, q2r), w + 32, isTwiddled);
  }
}

/** Radix 6 as two of radix 3, whose inputs are sums and differences of rows three apart; as `butterfly3`. */
// @ts-ignore: decorator
@inline
export function butterfly6(
  a: usize, b: usize, c: usize, d: usize, e: usize, f: usize, y: usize, to: usize, w: usize, isTwiddled: bool,
  turn: usize, turns: usize, isTurned: bool,
): void {
  for (let t: usize = 0; t < IMAGINARY; t += 16) {
    const ar = real(a + t, turn, isTurned);
    const ai = imag(a + t, turn, isTurned);
    const dr = real(d + t, turn + 3 * turns, isTurned);
    const di = imag(d + t, turn + 3 * turns, isTurned);
    const cr = real(c + t, turn + 2 * turns, isTurned);
    const ci = imag(c + t, turn + 2 * turns, isTurned);
    const fr = real(f + t, turn + 5 * turns, isTurned);
    const fi = imag(f + t, turn + 5 * turns, isTurned);
    const er = real(e + t, turn + 4 * turns, isTurned);
    const ei = imag(e + t, turn + 4 * turns, isTurned);
    const br = real(b + t, turn + turns, isTurned);
    const bi = imag(b + t, turn + turns, isTurned);
    put3(
      add(ar, dr), add(ai, di), add(cr, fr), add(ci, fi), add(er, br), add(ei, bi),
      y + t, y + 4 * to + t, y + 2 * to + t, w, w + 48, w + 16, false, isTwiddled,
    );
    put3(
      sub(ar, dr), sub(ai, di), sub(cr, fr), sub(ci, fi), sub(er, br), sub(ei, bi),
      y + 3 * to + t, y + to + t, y + 5 * to + t, w + 32, w, w + 64, isTwiddled, isTwiddled,
    );
  }
}

/** Radix 7, as `butterfly3`. */
// @ts-ignore: decorator
@inline
export function butterfly7(
  a: usize, b: usize, c: usize, d: usize, e: usize, f: usize, g: usize, y: usize, to: usize, w: usize, isTwiddled: bool,
  turn: usize, turns: usize, isTurned: bool,
): void {
  const c1 = f64x2.splat(0.6234898018587335);
  const c2 = f64x2.splat(-0.2225209339563144);
  const c3 = f64x2.splat(-0.9009688679024191);
  const s1 = f64x2.splat(0.7818314824680298);
  const s2 = f64x2.splat(0.9749279121818236);
  const s3 = f64x2.splat(0.4338837391175581);
  for (let t: usize = 0; t < IMAGINARY; t += 16) {
    const br = real(b + t, turn + turns, isTurned);
    const bi = imag(b + t, turn + turns, isTurned);
    const gr = real(g + t, turn + 6 * turns, isTurned);
    const gi = imag(g + t, turn + 6 * turns, isTurned);
    const u1r = add(br, gr);
    const u1i = add(bi, gi);
    const v1r = sub(br, gr);
    const v1i = sub(bi, gi);
    const cr = real(c + t, turn + 2 * turns, isTurned);
    const ci = imag(c + t, turn + 2 * turns, isTurned);
    const fr = real(f + t, turn + 5 * turns, isTurned);
    const fi = imag(f + t, turn + 5 * turns, isTurned);
    const u2r = add(cr, fr);
    const u2i = add(ci, fi);
    const v2r = sub(cr, fr);
    const v2i = sub(ci, fi);
    const dr = real(d + t, turn + 3 * turns, isTurned);
    const di = imag(d + t, turn + 3 * turns, isTurned);
    const er = real(e + t, turn + 4 * turns, isTurned);
    const ei = imag(e + t, turn + 4 * turns, isTurned);
    const u3r = add(dr, er);
    const u3i = add(di, ei);
    const v3r = sub(dr, er);
    const v3i = sub(di, ei);
    const ar = real(a + t, turn, isTurned);
    const ai = imag(a + t, turn, isTurned);
    put(y + t, add(add(ar, u1r), add(u2r, u3r)), add(add(ai, u1i), add(u2i, u3i)), w, false);
    const p1r = add(add(ar, mul(c1, u1r)), add(mul(c2, u2r), mul(c3, u3r)));
    const p1i = add(add(ai, mul(c1, u1i)), add(mul(c2, u2i), mul(c3, u3i)));
    const q1r = add(mul(s1, v1r), add(mul(s2, v2r), mul(s3, v3r)));
    const q1i = add(mul(s1, v1i), add(mul(s2, v2i), mul(s3, v3i)));
    put(y + to + t, add(p1r, q1i), sub(p1i, q1r), w, isTwiddled);
    put(y + 6 * to + t, sub(p1r, q1i), add(p1i, q1r), w + 80, isTwiddled);
    const p2r = add(add(ar, mul(c2, u1r)), add(mul(c3, u2r), mul(c1, u3r)));
    const p2i = add(add(ai, mul(c2, u1i)), add(mul(c3, u2i), mul(c1, u3i)));
    const q2r = sub(mul(s2, v1r), add(mul(s3, v2r), mul(s1, v3r)));
    const q2i = sub(mul(s2, v1i), add(mul(s3, v2i), mul(s1, v3i)));
    put(y + 2 * to + t, add(p2r, q2i), sub(p2i, q2r), w + 16, isTwiddled);
    put(y + 5 * to + t, sub(p2r, q2i), add(p2i, q2r), w + 64, isTwiddled);
    const p3r = add(add(ar, mul(c3, u1r)), add(mul(c1, u2r), mul(c2, u3r)));
    const p3i = add(add(ai, mul(c3, u1i)), add(mul(c1, u2i), mul(c2, u3i)));
    const q3r = add(sub(mul(s3, v1r), mul(s1, v2r)), mul(s2, v3r));
    const q3i = add(sub(mul(s3, v1i), mul(s1, v2i)), mul(s2, v3i));
    put(y + 3 * to + t, add(p3r, q3i), sub(p3i, q3r), w + 32, isTwiddled);
    put(y + 4 * to + t, sub(p3r, q3i), add(p3i, q3r), w + 48, isTwiddled);
  }
}
