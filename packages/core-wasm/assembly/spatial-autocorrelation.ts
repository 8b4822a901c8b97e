import { COLUMNS, ROW, fftColumns } from "./fft-columns";

/** Copies one row of 8 columns; the engine's own copy is a call that takes longer than these eight instructions. */
// @ts-ignore: decorator
@inline
function copyRow(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
  v128.store(to, v128.load(from, 32), 32);
  v128.store(to, v128.load(from, 48), 48);
}

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
 * Columns of 8 neighbouring z go together; d and m as real and imaginary part of one transform, which their symmetry tells apart.
 *
 * @param intensity  f32 [nz, ny, nx]
 * @param mask       u8 [nz, ny, nx]
 * @param n          length of the transforms, at least nx
 * @param twiddle    f64 [n, 2]
 * @param from, to   the frequencies wanted, 0 <= from < to <= n / 2 + 1
 * @param a, b       f64 [2, n, 8], scratch
 * @param out        f64 [3 (d, m, d^2), to - from, 2 (real, imaginary), ny, zp], zp = nz rounded up to 8; overwritten
 */
export function maskedSpectra(
  intensity: usize, mask: usize, nz: i32, ny: i32, nx: i32, mean: f64, scale: f64,
  n: i32, twiddle: usize, from: i32, to: i32, a: usize, b: usize, out: usize,
): void {
  const zp = (<usize>nz + 7) & ~7;
  const plane = (<usize>ny * zp) << 3;
  const quantity = <usize>(to - from) * 2 * plane;
  const imaginary = <usize>n * ROW;
  const half = f64x2.splat(0.5);
  for (let y = 0; y < ny; y++) {
    for (let z0: usize = 0; z0 < zp; z0 += COLUMNS) {
      const place = out + ((<usize>y * zp + z0) << 3);
      if (!gather(intensity, mask, nz, ny, nx, y, <i32>z0, mean, scale, n, a, false)) {
        for (let part: usize = 0; part < 3 * quantity; part += plane) clearRow(place + part);
        continue;
      }
      const x = fftColumns(a, b, n, twiddle);
      for (let k = from; k < to; k++) {
        const p = x + <usize>k * ROW;
        const q = x + (k == 0 ? 0 : <usize>(n - k) * ROW);
        const d = place + <usize>(k - from) * 2 * plane;
        const m = d + quantity;
        for (let t: usize = 0; t < ROW; t += 16) {
          const pr = v128.load(p + t);
          const pi = v128.load(p + imaginary + t);
          const qr = v128.load(q + t);
          const qi = v128.load(q + imaginary + t);
          v128.store(d + t, f64x2.mul(half, f64x2.add(pr, qr)));
          v128.store(d + plane + t, f64x2.mul(half, f64x2.sub(pi, qi)));
          v128.store(m + t, f64x2.mul(half, f64x2.add(pi, qi)));
          v128.store(m + plane + t, f64x2.mul(half, f64x2.sub(qr, pr)));
        }
      }
      gather(intensity, mask, nz, ny, nx, y, <i32>z0, mean, scale, n, a, true);
      const square = fftColumns(a, b, n, twiddle);
      for (let k = from; k < to; k++) {
        const s = place + 2 * quantity + <usize>(k - from) * 2 * plane;
        copyRow(s, square + <usize>k * ROW);
        copyRow(s + plane, square + imaginary + <usize>k * ROW);
      }
    }
  }
}

/** Fills a block of 8 rows along x: d and the mask, or d^2 and nothing. Whether any voxel is inside. */
function gather(
  intensity: usize, mask: usize, nz: i32, ny: i32, nx: i32, y: i32, z0: i32, mean: f64, scale: f64, n: i32, a: usize, isSquare: bool,
): bool {
  memory.fill(a, 0, <usize>n * ROW * 2);
  const imaginary = <usize>n * ROW;
  let isAny = false;
  for (let c = 0; c < <i32>COLUMNS && z0 + c < nz; c++) {
    const row = (<usize>(z0 + c) * <usize>ny + <usize>y) * <usize>nx;
    for (let x: usize = 0; x < <usize>nx; x++) {
      if (load<u8>(mask + row + x) == 0) continue;
      isAny = true;
      const d = (<f64>load<f32>(intensity + ((row + x) << 2)) - mean) * scale;
      const place = a + x * ROW + (<usize>c << 3);
      store<f64>(place, isSquare ? d * d : d);
      if (!isSquare) store<f64>(place + imaginary, 1);
    }
  }
  return isAny;
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

/** Copies row x of a block to row n - x. */
function mirror(a: usize, n: i32, x: i32, imaginary: usize): void {
  if (x == 0 || 2 * x >= n) return;
  const row = a + <usize>x * ROW;
  const other = a + <usize>(n - x) * ROW;
  copyRow(other, row);
  copyRow(other + imaginary, row + imaginary);
}

/**
 * The spectrum of the weights on one plane of kx: what is left to do along y and z.
 *
 * @param w     f64 [hy + 1, hp]: one plane of `weightSpectra`
 * @param my, mz  lengths of the transforms along y and z, 2 hy and 2 hz
 * @param t     f64 [hp, yp], scratch, yp = hy + 1 rounded up to 16
 * @param out   f64 [hz + 1, yp]
 */
export function weightPlane(
  w: usize, my: i32, mz: i32, twiddleY: usize, twiddleZ: usize, a: usize, b: usize, t: usize, out: usize,
): void {
  const hy = my / 2;
  const hz = mz / 2;
  const hp = (<usize>hz + 16) & ~15;
  const yp = (<usize>hy + 16) & ~15;
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
      const row = out + (z * yp + y0 << 3);
      copyRow(row, x + z * ROW);
      copyRow(row + ROW, x + imaginary + z * ROW);
    }
  }
}

/** Transforms one quantity of one plane along y, and leaves it with z slow and y fast: f64 [2, nz, yp], yp = my rounded up to 8. */
function alongY(plane: usize, imaginaryPlane: usize, ny: i32, nz: i32, my: i32, twiddle: usize, a: usize, b: usize, t: usize): void {
  const zp = (<usize>nz + 7) & ~7;
  const yp = (<usize>my + 7) & ~7;
  const imaginary = <usize>my * ROW;
  const imaginaryT = (<usize>nz * yp) << 3;
  for (let z0: usize = 0; z0 < zp; z0 += COLUMNS) {
    load8(plane + (z0 << 3), zp, ny, my, a);
    load8(imaginaryPlane + (z0 << 3), zp, ny, my, a + imaginary);
    const x = fftColumns(a, b, my, twiddle);
    for (let c: usize = 0; c < COLUMNS && z0 + c < <usize>nz; c++) {
      const row = t + ((z0 + c) * yp << 3);
      const column = x + (c << 3);
      for (let y: usize = 0; y < <usize>my; y++) {
        store<f64>(row + (y << 3), load<f64>(column + y * ROW));
        store<f64>(row + imaginaryT + (y << 3), load<f64>(column + imaginary + y * ROW));
      }
    }
  }
}

/** Loads rows of 8 columns out of rows of `stride` numbers, and zeros after them. */
function load8(source: usize, stride: usize, rows: i32, n: i32, a: usize): void {
  for (let r: usize = 0; r < <usize>rows; r++) copyRow(a + r * ROW, source + (r * stride << 3));
  memory.fill(a + <usize>rows * ROW, 0, <usize>(n - rows) * ROW);
}

/**
 * Adds one plane of kx to the three sums  sum over k of  W |D|^2,  W |M|^2  and  W Re(conj(S) M).
 *
 * @param d, m, s   f64 [2, ny, zp]: one plane each of `maskedSpectra`
 * @param weight    f64 [mz / 2 + 1, ...] of `weightPlane`
 * @param my, mz    lengths of the transforms
 * @param times     how often the plane counts: 2 where kx stands for -kx too
 * @param a         f64 [6, 2, max(my, mz), 8], scratch
 * @param t         f64 [3, 2, nz, yp], scratch, yp = my rounded up to 8
 * @param out       f64 [3], added to
 */
export function addPlane(
  d: usize, m: usize, s: usize, weight: usize, ny: i32, nz: i32, my: i32, mz: i32,
  twiddleY: usize, twiddleZ: usize, times: f64, a: usize, t: usize, out: usize,
): void {
  const buffer = <usize>max(my, mz) * ROW * 2;
  const yp = (<usize>my + 7) & ~7;
  const plane = (<usize>ny * ((<usize>nz + 7) & ~7)) << 3;
  const part = (<usize>nz * yp) << 3;
  alongY(d, d + plane, ny, nz, my, twiddleY, a, a + buffer, t);
  alongY(m, m + plane, ny, nz, my, twiddleY, a, a + buffer, t + 2 * part);
  alongY(s, s + plane, ny, nz, my, twiddleY, a, a + buffer, t + 4 * part);
  const wp = (<usize>(my / 2) + 16) & ~15;
  const imaginary = <usize>mz * ROW;
  let dd: f64 = 0;
  let mm: f64 = 0;
  let sm: f64 = 0;
  for (let y0: usize = 0; y0 < yp; y0 += COLUMNS) {
    const xd = alongZ(t, part, yp, y0, nz, mz, twiddleZ, a, a + buffer);
    const xm = alongZ(t + 2 * part, part, yp, y0, nz, mz, twiddleZ, a + 2 * buffer, a + 3 * buffer);
    const xs = alongZ(t + 4 * part, part, yp, y0, nz, mz, twiddleZ, a + 4 * buffer, a + 5 * buffer);
    for (let z = 0; z < mz; z++) {
      const row = weight + (<usize>min(z, mz - z) * wp << 3);
      for (let c: usize = 0; c < COLUMNS && y0 + c < <usize>my; c++) {
        const y = y0 + c;
        const w = load<f64>(row + (min(y, <usize>my - y) << 3));
        const at = <usize>z * ROW + (c << 3);
        const dr = load<f64>(xd + at);
        const di = load<f64>(xd + imaginary + at);
        const mr = load<f64>(xm + at);
        const mi = load<f64>(xm + imaginary + at);
        dd += w * (dr * dr + di * di);
        mm += w * (mr * mr + mi * mi);
        sm += w * (load<f64>(xs + at) * mr + load<f64>(xs + imaginary + at) * mi);
      }
    }
  }
  store<f64>(out, load<f64>(out) + times * dd);
  store<f64>(out, load<f64>(out, 8) + times * mm, 8);
  store<f64>(out, load<f64>(out, 16) + times * sm, 16);
}

/** Transforms 8 neighbouring ky of a plane along z; the buffer with the result. */
function alongZ(t: usize, part: usize, yp: usize, y0: usize, nz: i32, mz: i32, twiddle: usize, a: usize, b: usize): usize {
  load8(t + (y0 << 3), yp, nz, mz, a);
  load8(t + part + (y0 << 3), yp, nz, mz, a + <usize>mz * ROW);
  return fftColumns(a, b, mz, twiddle);
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
