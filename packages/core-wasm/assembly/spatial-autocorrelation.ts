import { COLUMNS, ROW, copyRow, fftColumns, mirror } from "./fft-columns";
import { fftPadded } from "./fft-padded";

// @ts-ignore: decorator
@inline
function clearRow(to: usize): void {
  const zero = f64x2.splat(0);
  v128.store(to, zero);
  v128.store(to, zero, 16);
  v128.store(to, zero, 32);
  v128.store(to, zero, 48);
}

/**
 * Transforms along x of a masked volume: d = (intensity - mean) * scale inside the mask, the mask m itself, and d^2; all 0 outside.
 *
 * Columns of 8 neighbouring z go together: d and m as real and imaginary part of one transform, which their symmetry tells apart, and d^2 of one
 * block of 8 with that of the next.
 *
 * @param intensity  f32 [nz, ny, nx]
 * @param mask       u8 [nz, ny, nx]
 * @param n          length of the transforms, even and at least 2 nx
 * @param twiddle    f64 [n, 2]
 * @param from, to   the frequencies wanted, 0 <= from < to <= n / 2 + 1
 * @param g, a, b    f64 [2, n, 8] each, scratch
 * @param out        f64 [3 (d, m, d^2), to - from, 2 (real, imaginary), ny, zp], zp = nz rounded up to 8; overwritten
 */
export function maskedSpectra(
  intensity: usize, mask: usize, nz: i32, ny: i32, nx: i32, mean: f64, scale: f64,
  n: i32, twiddle: usize, from: i32, to: i32, g: usize, a: usize, b: usize, out: usize,
): void {
  const zp = (<usize>nz + 7) & ~7;
  const plane = (<usize>ny * zp) << 3;
  const quantity = <usize>(to - from) * 2 * plane;
  const imaginary = <usize>nx * ROW;
  for (let y = 0; y < ny; y++) {
    for (let z0: usize = 0; z0 < zp; z0 += 2 * COLUMNS) {
      let isAny = false;
      const isPair = z0 + COLUMNS < zp;
      for (let block: usize = 0; block <= usize(isPair); block++) {
        const place = out + ((<usize>y * zp + z0 + block * COLUMNS) << 3);
        memory.fill(g, 0, 2 * imaginary);
        if (gather(intensity, mask, nz, ny, nx, y, <i32>(z0 + block * COLUMNS), mean, scale, g, imaginary)) {
          isAny = true;
          const x = fftPadded(g, g + imaginary, ROW, nx, n, twiddle, a, b);
          tellApart(x, n, from, to, plane, place, place + quantity);
        } else {
          for (let part: usize = 0; part < 2 * quantity; part += plane) clearRow(place + part);
        }
      }
      const place = out + 2 * quantity + ((<usize>y * zp + z0) << 3);
      if (isAny) {
        memory.fill(g, 0, 2 * imaginary);
        gatherSquares(intensity, mask, nz, ny, nx, y, <i32>z0, mean, scale, g);
        if (isPair) gatherSquares(intensity, mask, nz, ny, nx, y, <i32>(z0 + COLUMNS), mean, scale, g + imaginary);
        const x = fftPadded(g, g + imaginary, ROW, nx, n, twiddle, a, b);
        // Without a second block its place is that of the first, which is written after it.
        tellApart(x, n, from, to, plane, place, isPair ? place + ROW : place);
      } else {
        for (let part: usize = 0; part < quantity; part += plane) {
          clearRow(place + part);
          if (isPair) clearRow(place + part + ROW);
        }
      }
    }
  }
}

/**
 * The transforms of two rows of real numbers that went through one as real and imaginary part.
 *
 * @param x              f64 [2, n, 8]
 * @param first, second  where the frequencies from..to-1 go, real parts and imaginary parts each a plane apart; written last and first
 */
function tellApart(x: usize, n: i32, from: i32, to: i32, plane: usize, first: usize, second: usize): void {
  const imaginary = <usize>n * ROW;
  const half = f64x2.splat(0.5);
  let at: usize = 0;
  for (let k = from; k < to; k++, at += 2 * plane) {
    const p = x + <usize>k * ROW;
    const q = x + (k == 0 ? 0 : <usize>(n - k) * ROW);
    for (let t: usize = 0; t < ROW; t += 16) {
      const pr = v128.load(p + t);
      const pi = v128.load(p + imaginary + t);
      const qr = v128.load(q + t);
      const qi = v128.load(q + imaginary + t);
      v128.store(second + at + t, f64x2.mul(half, f64x2.add(pi, qi)));
      v128.store(second + at + plane + t, f64x2.mul(half, f64x2.sub(qr, pr)));
      v128.store(first + at + t, f64x2.mul(half, f64x2.add(pr, qr)));
      v128.store(first + at + plane + t, f64x2.mul(half, f64x2.sub(pi, qi)));
    }
  }
}

/** Fills a block of 8 rows along x, zeros on entry, with d and, `imaginary` bytes on, the mask. Whether any voxel is inside. */
function gather(
  intensity: usize, mask: usize, nz: i32, ny: i32, nx: i32, y: i32, z0: i32, mean: f64, scale: f64, g: usize, imaginary: usize,
): bool {
  let isAny = false;
  for (let c = 0; c < <i32>COLUMNS && z0 + c < nz; c++) {
    const row = (<usize>(z0 + c) * <usize>ny + <usize>y) * <usize>nx;
    for (let x: usize = 0; x < <usize>nx; x++) {
      if (load<u8>(mask + row + x) == 0) continue;
      isAny = true;
      const place = g + x * ROW + (<usize>c << 3);
      store<f64>(place, (<f64>load<f32>(intensity + ((row + x) << 2)) - mean) * scale);
      store<f64>(place + imaginary, 1);
    }
  }
  return isAny;
}

/** Fills a block of 8 rows along x, zeros on entry, with d^2. */
function gatherSquares(
  intensity: usize, mask: usize, nz: i32, ny: i32, nx: i32, y: i32, z0: i32, mean: f64, scale: f64, g: usize,
): void {
  for (let c = 0; c < <i32>COLUMNS && z0 + c < nz; c++) {
    const row = (<usize>(z0 + c) * <usize>ny + <usize>y) * <usize>nx;
    for (let x: usize = 0; x < <usize>nx; x++) {
      if (load<u8>(mask + row + x) == 0) continue;
      const d = (<f64>load<f32>(intensity + ((row + x) << 2)) - mean) * scale;
      store<f64>(g + x * ROW + (<usize>c << 3), d * d);
    }
  }
}

/**
 * Transforms along x of the weights 1 / distance of all lags, even in each axis; 0 for no lag. Only lags of y and z from 0 on.
 *
 * @param n         length of the transforms; lag n / 2 is the largest
 * @param hy, hz    largest lags along y and z
 * @param sz, sy, sx  spacing
 * @param out       f64 [to - from, hy + 1, hp], hp = hz + 1 rounded up to 16
 */
export function weightSpectra(
  n: i32, hy: i32, hz: i32, sz: f64, sy: f64, sx: f64, twiddle: usize, from: i32, to: i32, a: usize, b: usize, out: usize,
): void {
  const hp = (<usize>hz + 16) & ~15;
  const imaginary = <usize>n * ROW;
  for (let y = 0; y <= hy; y++) {
    for (let z0: usize = 0; z0 < hp; z0 += 16) {
      for (let x = 0; x <= n / 2; x++) {
        const across = (<f64>x * sx) * (<f64>x * sx) + (<f64>y * sy) * (<f64>y * sy);
        const row = a + <usize>x * ROW;
        for (let c: usize = 0; c < 16; c++) {
          const dz = <f64>(z0 + c) * sz;
          const squared = across + dz * dz;
          store<f64>(row + ((c & 7) << 3) + (c < 8 ? 0 : imaginary), squared == 0 ? 0 : 1 / sqrt(squared));
        }
        mirror(a, n, x, imaginary);
      }
      const spectrum = fftColumns(a, b, n, twiddle);
      for (let k = from; k < to; k++) {
        const place = out + ((<usize>(k - from) * <usize>(hy + 1) + <usize>y) * hp + z0 << 3);
        copyRow(place, spectrum + <usize>k * ROW);
        copyRow(place + ROW, spectrum + imaginary + <usize>k * ROW);
      }
    }
  }
}

/**
 * The spectrum of the weights on one plane of kx: what is left to do along y and z.
 *
 * @param w     f64 [hy + 1, hp]: one plane of `weightSpectra`
 * @param my, mz  lengths of the transforms along y and z, 2 hy and 2 hz
 * @param t     f64 [hp, yp], scratch, yp = hy + 1 rounded up to 16
 * @param out   f64 [hz + 1, wp], wp = my rounded up to 16: all of the my frequencies
 */
export function weightPlane(
  w: usize, my: i32, mz: i32, twiddleY: usize, twiddleZ: usize, a: usize, b: usize, t: usize, out: usize,
): void {
  const hy = my / 2;
  const hz = mz / 2;
  const hp = (<usize>hz + 16) & ~15;
  const yp = (<usize>hy + 16) & ~15;
  const wp = (<usize>my + 15) & ~15;
  for (let z0: usize = 0; z0 < hp; z0 += 16) {
    const imaginary = <usize>my * ROW;
    for (let y = 0; y <= hy; y++) {
      const row = w + (<usize>y * hp + z0 << 3);
      copyRow(a + <usize>y * ROW, row);
      copyRow(a + imaginary + <usize>y * ROW, row + ROW);
      mirror(a, my, y, imaginary);
    }
    const x = fftColumns(a, b, my, twiddleY);
    for (let c: usize = 0; c < 16; c++) {
      const column = x + ((c & 7) << 3) + (c < 8 ? 0 : imaginary);
      for (let y: usize = 0; y <= <usize>hy; y++) store<f64>(t + ((z0 + c) * yp + y << 3), load<f64>(column + y * ROW));
      // Two columns share a transform, so that what is not a number here would spoil the other.
      for (let y = <usize>hy + 1; y < yp; y++) store<f64>(t + ((z0 + c) * yp + y << 3), 0);
    }
  }
  for (let y0: usize = 0; y0 < yp; y0 += 16) {
    const imaginary = <usize>mz * ROW;
    for (let z = 0; z <= hz; z++) {
      const row = t + (<usize>z * yp + y0 << 3);
      copyRow(a + <usize>z * ROW, row);
      copyRow(a + imaginary + <usize>z * ROW, row + ROW);
      mirror(a, mz, z, imaginary);
    }
    const x = fftColumns(a, b, mz, twiddleZ);
    for (let z: usize = 0; z <= <usize>hz; z++) {
      const row = out + (z * wp + y0 << 3);
      copyRow(row, x + z * ROW);
      copyRow(row + ROW, x + imaginary + z * ROW);
    }
  }
  for (let z: usize = 0; z <= <usize>hz; z++) {
    const row = out + (z * wp << 3);
    for (let y: usize = 1; y < <usize>hy; y++) store<f64>(row + (<usize>my - y << 3), load<f64>(row + (y << 3)));
  }
}

/** Transforms one quantity of one plane along y, and leaves it with z slow and y fast: f64 [2, zp, yp], yp = my rounded up to 8. */
function alongY(plane: usize, imaginaryPlane: usize, ny: i32, nz: i32, my: i32, twiddle: usize, a: usize, b: usize, t: usize): void {
  const zp = (<usize>nz + 7) & ~7;
  const yp = (<usize>my + 7) & ~7;
  const part = (zp * yp) << 3;
  for (let z0: usize = 0; z0 < zp; z0 += COLUMNS) {
    const x = fftPadded(plane + (z0 << 3), imaginaryPlane + (z0 << 3), zp << 3, ny, my, twiddle, a, b);
    const to = t + ((z0 * yp) << 3);
    turn(x, my, to, yp);
    turn(x + <usize>my * ROW, my, to + part, yp);
  }
}

/** Writes 8 columns of n numbers as 8 rows of `stride` numbers, two by two; n is even. */
function turn(x: usize, n: i32, to: usize, stride: usize): void {
  const next = stride << 3;
  for (let c: usize = 0; c < COLUMNS; c += 2) {
    const row = to + c * next;
    const column = x + (c << 3);
    for (let y: usize = 0; y < <usize>n; y += 2) {
      const p = v128.load(column + y * ROW);
      const q = v128.load(column + y * ROW + ROW);
      v128.store(row + (y << 3), v128.shuffle<f64>(p, q, 0, 2));
      v128.store(row + next + (y << 3), v128.shuffle<f64>(p, q, 1, 3));
    }
  }
}

/**
 * Adds one plane of kx to the three sums  sum over k of  W |D|^2,  W |M|^2  and  W Re(conj(S) M).
 *
 * @param d, m, s   f64 [2, ny, zp]: one plane each of `maskedSpectra`
 * @param weight    f64 [mz / 2 + 1, ...] of `weightPlane`
 * @param my, mz    lengths of the transforms
 * @param times     how often the plane counts: 2 where kx stands for -kx too
 * @param a         f64 [6, 2, max(my, mz), 8], scratch
 * @param t         f64 [3, 2, zp, yp], scratch, yp = my rounded up to 8
 * @param out       f64 [3], added to
 */
export function addPlane(
  d: usize, m: usize, s: usize, weight: usize, ny: i32, nz: i32, my: i32, mz: i32,
  twiddleY: usize, twiddleZ: usize, times: f64, a: usize, t: usize, out: usize,
): void {
  const buffer = <usize>max(my, mz) * ROW * 2;
  const zp = (<usize>nz + 7) & ~7;
  const yp = (<usize>my + 7) & ~7;
  const plane = (<usize>ny * zp) << 3;
  const part = (zp * yp) << 3;
  alongY(d, d + plane, ny, nz, my, twiddleY, a, a + buffer, t);
  alongY(m, m + plane, ny, nz, my, twiddleY, a, a + buffer, t + 2 * part);
  alongY(s, s + plane, ny, nz, my, twiddleY, a, a + buffer, t + 4 * part);
  const wp = (<usize>my + 15) & ~15;
  const imaginary = <usize>mz * ROW;
  let dd = f64x2.splat(0);
  let mm = f64x2.splat(0);
  let sm = f64x2.splat(0);
  for (let y0: usize = 0; y0 < yp; y0 += COLUMNS) {
    const from = t + (y0 << 3);
    const xd = fftPadded(from, from + part, yp << 3, nz, mz, twiddleZ, a, a + buffer);
    const xm = fftPadded(from + 2 * part, from + 3 * part, yp << 3, nz, mz, twiddleZ, a + 2 * buffer, a + 3 * buffer);
    const xs = fftPadded(from + 4 * part, from + 5 * part, yp << 3, nz, mz, twiddleZ, a + 4 * buffer, a + 5 * buffer);
    // my is even: what is left of the last columns are pairs.
    const columns = min(COLUMNS, <usize>my - y0) << 3;
    for (let z = 0; z < mz; z++) {
      const row = weight + ((<usize>min(z, mz - z) * wp + y0) << 3);
      const at = <usize>z * ROW;
      for (let c: usize = 0; c < columns; c += 16) {
        const w = v128.load(row + c);
        const dr = v128.load(xd + at + c);
        const di = v128.load(xd + imaginary + at + c);
        const mr = v128.load(xm + at + c);
        const mi = v128.load(xm + imaginary + at + c);
        const sr = v128.load(xs + at + c);
        const si = v128.load(xs + imaginary + at + c);
        dd = f64x2.add(dd, f64x2.mul(w, f64x2.add(f64x2.mul(dr, dr), f64x2.mul(di, di))));
        mm = f64x2.add(mm, f64x2.mul(w, f64x2.add(f64x2.mul(mr, mr), f64x2.mul(mi, mi))));
        sm = f64x2.add(sm, f64x2.mul(w, f64x2.add(f64x2.mul(sr, mr), f64x2.mul(si, mi))));
      }
    }
  }
  addBoth(out, times, dd);
  addBoth(out + 8, times, mm);
  addBoth(out + 16, times, sm);
}

function addBoth(out: usize, times: f64, pair: v128): void {
  store<f64>(out, load<f64>(out) + times * (f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1)));
}

/**
 * The same three sums by every pair of voxels: sum over i != j of  d_i d_j / r,  1 / r  and  d_i^2 / r,  r the distance of i and j.
 *
 * @param p    f64 [4, n]: z, y, x in mm and d of each voxel
 * @param out  f64 [3], overwritten
 */
export function pairSums(p: usize, n: i32, out: usize): void {
  const stride = <usize>n << 3;
  let dd: f64 = 0;
  let mm: f64 = 0;
  let sm: f64 = 0;
  for (let i = 1; i < n; i++) {
    const at = p + (<usize>i << 3);
    const z = f64x2.splat(load<f64>(at));
    const y = f64x2.splat(load<f64>(at + stride));
    const x = f64x2.splat(load<f64>(at + 2 * stride));
    let w1 = f64x2.splat(0);
    let wd = f64x2.splat(0);
    let ws = f64x2.splat(0);
    for (let j = 0; j < i; j += 2) {
      const other = p + (<usize>j << 3);
      let w = inverseDistance(other, stride, z, y, x);
      // The last of an odd number of pairs comes with voxel i itself, which is no pair.
      if (j + 1 == i) w = f64x2.replace_lane(w, 1, 0);
      const d = v128.load(other + 3 * stride);
      const weighted = f64x2.mul(w, d);
      w1 = f64x2.add(w1, w);
      wd = f64x2.add(wd, weighted);
      ws = f64x2.add(ws, f64x2.mul(weighted, d));
    }
    const d = load<f64>(at + 3 * stride);
    const potential = f64x2.extract_lane(w1, 0) + f64x2.extract_lane(w1, 1);
    dd += 2 * d * (f64x2.extract_lane(wd, 0) + f64x2.extract_lane(wd, 1));
    mm += 2 * potential;
    sm += d * d * potential + f64x2.extract_lane(ws, 0) + f64x2.extract_lane(ws, 1);
  }
  store<f64>(out, dd);
  store<f64>(out, mm, 8);
  store<f64>(out, sm, 16);
}

// @ts-ignore: decorator
@inline
function inverseDistance(p: usize, stride: usize, z: v128, y: v128, x: v128): v128 {
  const dz = f64x2.sub(v128.load(p), z);
  const dy = f64x2.sub(v128.load(p + stride), y);
  const dx = f64x2.sub(v128.load(p + 2 * stride), x);
  const squared = f64x2.add(f64x2.mul(dz, dz), f64x2.add(f64x2.mul(dy, dy), f64x2.mul(dx, dx)));
  return f64x2.div(f64x2.splat(1), f64x2.sqrt(squared));
}
