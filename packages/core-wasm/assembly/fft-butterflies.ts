// Short discrete Fourier transforms, which are the stages of longer ones; see fft.ts. A row is 4 complex numbers: 4 real parts, then 4 imaginary parts.
//
//   X[k] = sum over r < R of  x[r] exp(-2 pi i r k / R),   or at odd frequencies   x[r] exp(-2 pi i r (2 k + 1) / 2R)
//
// times a factor for each k. At odd frequencies an odd R takes nothing more than signs: exp(-2 pi i / 2R) is -exp(-2 pi i (R + 1) / 2 / R), so that
// every other x changes its sign and the X come (R + 1) / 2 places on.

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

/** Real parts of two columns. */
// @ts-ignore: decorator
@inline
function re(x: usize): v128 {
  return v128.load(x);
}

/** Imaginary parts of two columns. */
// @ts-ignore: decorator
@inline
function im(x: usize): v128 {
  return v128.load(x, IMAGINARY);
}

/** Real parts of a row that changes its sign at odd frequencies. */
// @ts-ignore: decorator
@inline
function signedRe(x: usize, isOdd: bool): v128 {
  return isOdd ? f64x2.neg(re(x)) : re(x);
}

/** Imaginary parts of a row that changes its sign at odd frequencies. */
// @ts-ignore: decorator
@inline
function signedIm(x: usize, isOdd: bool): v128 {
  return isOdd ? f64x2.neg(im(x)) : im(x);
}

/** Stores both parts. */
// @ts-ignore: decorator
@inline
function keep(x: usize, r: v128, i: v128): void {
  v128.store(x, r);
  v128.store(x, i, IMAGINARY);
}

/**
 * Stores two columns as X[k], times its factor: at `w` lie those of k from 1 on, or from 0 on at odd frequencies.
 *
 * @param to  bytes from one X to the next
 */
// @ts-ignore: decorator
@inline
function put(k: usize, r: v128, i: v128, y: usize, to: usize, w: usize, isTwiddled: bool, isOdd: bool): void {
  const place = y + k * to;
  if (isTwiddled && (isOdd || k > 0)) {
    const factor = w + ((isOdd ? k : k - 1) << 4);
    const c = v128.load_splat<f64>(factor);
    const s = v128.load_splat<f64>(factor, 8);
    keep(place, sub(mul(r, c), mul(i, s)), add(mul(r, s), mul(i, c)));
  } else {
    keep(place, r, i);
  }
}

/** Where the sum of frequency k of an odd radix goes. */
// @ts-ignore: decorator
@inline
function placed(k: usize, radix: usize, isOdd: bool): usize {
  return isOdd ? (k + (radix >> 1)) % radix : k;
}

/** Radix 2: rows a and b to y and the row `to` bytes on; factors at `w` where there are any. */
// @ts-ignore: decorator
@inline
export function butterfly2(a: usize, b: usize, y: usize, to: usize, w: usize, isTwiddled: bool, isOdd: bool): void {
  for (let t: usize = 0; t < IMAGINARY; t += 16) {
    const ar = re(a + t);
    const ai = im(a + t);
    const br = re(b + t);
    const bi = im(b + t);
    if (isOdd) {
      put(0, add(ar, bi), sub(ai, br), y + t, to, w, isTwiddled, true);
      put(1, sub(ar, bi), add(ai, br), y + t, to, w, isTwiddled, true);
    } else {
      put(0, add(ar, br), add(ai, bi), y + t, to, w, isTwiddled, false);
      put(1, sub(ar, br), sub(ai, bi), y + t, to, w, isTwiddled, false);
    }
  }
}

/** The three sums of radix 3, of which the first goes to place k0, the second to k1, and the third to k2. */
// @ts-ignore: decorator
@inline
function put3(
  ar: v128, ai: v128, br: v128, bi: v128, cr: v128, ci: v128, k0: usize, k1: usize, k2: usize,
  y: usize, to: usize, w: usize, isTwiddled: bool, isOdd: bool,
): void {
  const half = f64x2.splat(0.5);
  const sine = f64x2.splat(0.8660254037844386);
  const sr = add(br, cr);
  const si = add(bi, ci);
  const dr = mul(sine, sub(br, cr));
  const di = mul(sine, sub(bi, ci));
  put(k0, add(ar, sr), add(ai, si), y, to, w, isTwiddled, isOdd);
  const er = sub(ar, mul(half, sr));
  const ei = sub(ai, mul(half, si));
  put(k1, add(er, di), sub(ei, dr), y, to, w, isTwiddled, isOdd);
  put(k2, sub(er, di), add(ei, dr), y, to, w, isTwiddled, isOdd);
}

/** Radix 3, as `butterfly2`. */
// @ts-ignore: decorator
@inline
export function butterfly3(a: usize, b: usize, c: usize, y: usize, to: usize, w: usize, isTwiddled: bool, isOdd: bool): void {
  for (let t: usize = 0; t < IMAGINARY; t += 16) {
    put3(
      re(a + t), im(a + t), signedRe(b + t, isOdd), signedIm(b + t, isOdd), re(c + t), im(c + t),
      placed(0, 3, isOdd), placed(1, 3, isOdd), placed(2, 3, isOdd), y + t, to, w, isTwiddled, isOdd,
    );
  }
}

/** Radix 4, as `butterfly2`. */
// @ts-ignore: decorator
@inline
export function butterfly4(a: usize, b: usize, c: usize, d: usize, y: usize, to: usize, w: usize, isTwiddled: bool, isOdd: bool): void {
  const root = f64x2.splat(0.7071067811865476);
  for (let t: usize = 0; t < IMAGINARY; t += 16) {
    const ar = re(a + t);
    const ai = im(a + t);
    const cr = re(c + t);
    const ci = im(c + t);
    const er = isOdd ? add(ar, ci) : add(ar, cr);
    const ei = isOdd ? sub(ai, cr) : add(ai, ci);
    const fr = isOdd ? sub(ar, ci) : sub(ar, cr);
    const fi = isOdd ? add(ai, cr) : sub(ai, ci);
    const b0 = re(b + t);
    const b1 = im(b + t);
    const d0 = re(d + t);
    const d1 = im(d + t);
    // At odd frequencies b is turned by an eighth and d by three eighths.
    const br = isOdd ? mul(root, add(b0, b1)) : b0;
    const bi = isOdd ? mul(root, sub(b1, b0)) : b1;
    const dr = isOdd ? mul(root, sub(d1, d0)) : d0;
    const di = isOdd ? f64x2.neg(mul(root, add(d0, d1))) : d1;
    const gr = add(br, dr);
    const gi = add(bi, di);
    const hr = sub(br, dr);
    const hi = sub(bi, di);
    put(0, add(er, gr), add(ei, gi), y + t, to, w, isTwiddled, isOdd);
    put(1, add(fr, hi), sub(fi, hr), y + t, to, w, isTwiddled, isOdd);
    put(2, sub(er, gr), sub(ei, gi), y + t, to, w, isTwiddled, isOdd);
    put(3, sub(fr, hi), add(fi, hr), y + t, to, w, isTwiddled, isOdd);
  }
}

/** Radix 5, as `butterfly2`. */
// @ts-ignore: decorator
@inline
export function butterfly5(
  a: usize, b: usize, c: usize, d: usize, e: usize, y: usize, to: usize, w: usize, isTwiddled: bool, isOdd: bool,
): void {
  const c1 = f64x2.splat(0.30901699437494745);
  const c2 = f64x2.splat(-0.8090169943749475);
  const s1 = f64x2.splat(0.9510565162951535);
  const s2 = f64x2.splat(0.5877852522924731);
  for (let t: usize = 0; t < IMAGINARY; t += 16) {
    const br = signedRe(b + t, isOdd);
    const bi = signedIm(b + t, isOdd);
    const er = re(e + t);
    const ei = im(e + t);
    const u1r = add(br, er);
    const u1i = add(bi, ei);
    const v1r = sub(br, er);
    const v1i = sub(bi, ei);
    const cr = re(c + t);
    const ci = im(c + t);
    const dr = signedRe(d + t, isOdd);
    const di = signedIm(d + t, isOdd);
    const u2r = add(cr, dr);
    const u2i = add(ci, di);
    const v2r = sub(cr, dr);
    const v2i = sub(ci, di);
    const ar = re(a + t);
    const ai = im(a + t);
    put(placed(0, 5, isOdd), add(ar, add(u1r, u2r)), add(ai, add(u1i, u2i)), y + t, to, w, isTwiddled, isOdd);
    const p1r = add(ar, add(mul(c1, u1r), mul(c2, u2r)));
    const p1i = add(ai, add(mul(c1, u1i), mul(c2, u2i)));
    const q1r = add(mul(s1, v1r), mul(s2, v2r));
    const q1i = add(mul(s1, v1i), mul(s2, v2i));
    put(placed(1, 5, isOdd), add(p1r, q1i), sub(p1i, q1r), y + t, to, w, isTwiddled, isOdd);
    put(placed(4, 5, isOdd), sub(p1r, q1i), add(p1i, q1r), y + t, to, w, isTwiddled, isOdd);
    const p2r = add(ar, add(mul(c2, u1r), mul(c1, u2r)));
    const p2i = add(ai, add(mul(c2, u1i), mul(c1, u2i)));
    const q2r = sub(mul(s2, v1r), mul(s1, v2r));
    const q2i = sub(mul(s2, v1i), mul(s1, v2i));
    put(placed(2, 5, isOdd), add(p2r, q2i), sub(p2i, q2r), y + t, to, w, isTwiddled, isOdd);
    put(placed(3, 5, isOdd), sub(p2r, q2i), add(p2i, q2r), y + t, to, w, isTwiddled, isOdd);
  }
}

/** Radix 6 as two of radix 3, whose inputs are sums and differences of rows three apart; as `butterfly2`. */
// @ts-ignore: decorator
@inline
export function butterfly6(
  a: usize, b: usize, c: usize, d: usize, e: usize, f: usize, y: usize, to: usize, w: usize, isTwiddled: bool, isOdd: bool,
): void {
  for (let t: usize = 0; t < IMAGINARY; t += 16) {
    const ar = re(a + t);
    const ai = im(a + t);
    const dr = re(d + t);
    const di = im(d + t);
    const cr = signedRe(c + t, isOdd);
    const ci = signedIm(c + t, isOdd);
    const fr = re(f + t);
    const fi = im(f + t);
    const er = re(e + t);
    const ei = im(e + t);
    const br = re(b + t);
    const bi = im(b + t);
    if (isOdd) {
      // Here rows three apart are a quarter of a turn apart.
      put3(
        add(ar, di), sub(ai, dr), sub(cr, fi), add(ci, fr), sub(er, bi), add(ei, br), 4, 2, 0, y + t, to, w, isTwiddled, true,
      );
      put3(
        sub(ar, di), add(ai, dr), add(cr, fi), sub(ci, fr), add(er, bi), sub(ei, br), 1, 5, 3, y + t, to, w, isTwiddled, true,
      );
    } else {
      put3(
        add(ar, dr), add(ai, di), add(cr, fr), add(ci, fi), add(er, br), add(ei, bi), 0, 4, 2, y + t, to, w, isTwiddled, false,
      );
      put3(
        sub(ar, dr), sub(ai, di), sub(cr, fr), sub(ci, fi), sub(er, br), sub(ei, bi), 3, 1, 5, y + t, to, w, isTwiddled, false,
      );
    }
  }
}

/** Radix 7, as `butterfly2`. */
// @ts-ignore: decorator
@inline
export function butterfly7(
  a: usize, b: usize, c: usize, d: usize, e: usize, f: usize, g: usize, y: usize, to: usize, w: usize, isTwiddled: bool, isOdd: bool,
): void {
  const c1 = f64x2.splat(0.6234898018587335);
  const c2 = f64x2.splat(-0.2225209339563144);
  const c3 = f64x2.splat(-0.9009688679024191);
  const s1 = f64x2.splat(0.7818314824680298);
  const s2 = f64x2.splat(0.9749279121818236);
  const s3 = f64x2.splat(0.4338837391175581);
  for (let t: usize = 0; t < IMAGINARY; t += 16) {
    const br = signedRe(b + t, isOdd);
    const bi = signedIm(b + t, isOdd);
    const gr = re(g + t);
    const gi = im(g + t);
    const u1r = add(br, gr);
    const u1i = add(bi, gi);
    const v1r = sub(br, gr);
    const v1i = sub(bi, gi);
    const cr = re(c + t);
    const ci = im(c + t);
    const fr = signedRe(f + t, isOdd);
    const fi = signedIm(f + t, isOdd);
    const u2r = add(cr, fr);
    const u2i = add(ci, fi);
    const v2r = sub(cr, fr);
    const v2i = sub(ci, fi);
    const dr = signedRe(d + t, isOdd);
    const di = signedIm(d + t, isOdd);
    const er = re(e + t);
    const ei = im(e + t);
    const u3r = add(dr, er);
    const u3i = add(di, ei);
    const v3r = sub(dr, er);
    const v3i = sub(di, ei);
    const ar = re(a + t);
    const ai = im(a + t);
    put(placed(0, 7, isOdd), add(add(ar, u1r), add(u2r, u3r)), add(add(ai, u1i), add(u2i, u3i)), y + t, to, w, isTwiddled, isOdd);
    const p1r = add(add(ar, mul(c1, u1r)), add(mul(c2, u2r), mul(c3, u3r)));
    const p1i = add(add(ai, mul(c1, u1i)), add(mul(c2, u2i), mul(c3, u3i)));
    const q1r = add(mul(s1, v1r), add(mul(s2, v2r), mul(s3, v3r)));
    const q1i = add(mul(s1, v1i), add(mul(s2, v2i), mul(s3, v3i)));
    put(placed(1, 7, isOdd), add(p1r, q1i), sub(p1i, q1r), y + t, to, w, isTwiddled, isOdd);
    put(placed(6, 7, isOdd), sub(p1r, q1i), add(p1i, q1r), y + t, to, w, isTwiddled, isOdd);
    const p2r = add(add(ar, mul(c2, u1r)), add(mul(c3, u2r), mul(c1, u3r)));
    const p2i = add(add(ai, mul(c2, u1i)), add(mul(c3, u2i), mul(c1, u3i)));
    const q2r = sub(mul(s2, v1r), add(mul(s3, v2r), mul(s1, v3r)));
    const q2i = sub(mul(s2, v1i), add(mul(s3, v2i), mul(s1, v3i)));
    put(placed(2, 7, isOdd), add(p2r, q2i), sub(p2i, q2r), y + t, to, w, isTwiddled, isOdd);
    put(placed(5, 7, isOdd), sub(p2r, q2i), add(p2i, q2r), y + t, to, w, isTwiddled, isOdd);
    const p3r = add(add(ar, mul(c3, u1r)), add(mul(c1, u2r), mul(c2, u3r)));
    const p3i = add(add(ai, mul(c3, u1i)), add(mul(c1, u2i), mul(c2, u3i)));
    const q3r = add(sub(mul(s3, v1r), mul(s1, v2r)), mul(s2, v3r));
    const q3i = add(sub(mul(s3, v1i), mul(s1, v2i)), mul(s2, v3i));
    put(placed(3, 7, isOdd), add(p3r, q3i), sub(p3i, q3r), y + t, to, w, isTwiddled, isOdd);
    put(placed(4, 7, isOdd), sub(p3r, q3i), add(p3i, q3r), y + t, to, w, isTwiddled, isOdd);
  }
}
