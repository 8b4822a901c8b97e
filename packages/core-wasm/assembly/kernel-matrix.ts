// Inner products of rows, and the Gaussian kernel made of them. No fused operations: every build gives the same bits.

/** Inner products of two rows of `a` with two rows of `b`, stored at out[i, j], out[i, j+1], out[i+1, j], out[i+1, j+1]. */
function twoByTwo(a: usize, b: usize, rowBytes: usize, out: usize, outBytes: usize): void {
  let s00 = f64x2.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  for (let t: usize = 0; t < rowBytes; t += 16) {
    const a0 = v128.load(a + t);
    const a1 = v128.load(a + rowBytes + t);
    const b0 = v128.load(b + t);
    const b1 = v128.load(b + rowBytes + t);
    s00 = f64x2.add(s00, f64x2.mul(a0, b0));
    s01 = f64x2.add(s01, f64x2.mul(a0, b1));
    s10 = f64x2.add(s10, f64x2.mul(a1, b0));
    s11 = f64x2.add(s11, f64x2.mul(a1, b1));
  }
  v128.store(out, f64x2.add(v128.shuffle<f64>(s00, s01, 0, 2), v128.shuffle<f64>(s00, s01, 1, 3)));
  v128.store(out + outBytes, f64x2.add(v128.shuffle<f64>(s10, s11, 0, 2), v128.shuffle<f64>(s10, s11, 1, 3)));
}

/**
 * Inner products of every row of a with every row of b.
 *
 *   out[i, j] = sum over t of  a[i, t] * b[j, t]
 *
 * @param a    f64 [rows, d]; rows, columns and d are even: the caller pads with zeros
 * @param b    f64 [columns, d]
 * @param out  f64 [rows, columns]
 */
export function innerProducts(a: usize, rows: i32, b: usize, columns: i32, d: i32, out: usize): void {
  const rowBytes = (<usize>d) << 3;
  const outBytes = (<usize>columns) << 3;
  for (let i: usize = 0; i < <usize>rows; i += 2) {
    for (let j: usize = 0; j < <usize>columns; j += 2) {
      twoByTwo(a + i * rowBytes, b + j * rowBytes, rowBytes, out + i * outBytes + (j << 3), outBytes);
    }
  }
}

/** The inner product of each row with itself: out[i] = |a[i]|^2, summed in the order of `innerProducts`. */
export function squaredNorms(a: usize, rows: i32, d: i32, out: usize): void {
  const rowBytes = (<usize>d) << 3;
  for (let i: usize = 0; i < <usize>rows; i++) {
    const row = a + i * rowBytes;
    let sum = f64x2.splat(0);
    for (let t: usize = 0; t < rowBytes; t += 16) {
      const value = v128.load(row + t);
      sum = f64x2.add(sum, f64x2.mul(value, value));
    }
    store<f64>(out + (i << 3), f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
  }
}

/**
 * The Gaussian kernel from inner products.
 *
 *   kernel[i, j] = exp(-gamma * max(0, |a[i]|^2 + |b[j]|^2 - 2 product[i, j]))
 *
 * @param product  f64 [rows, columns]
 * @param kernel   f64 [rows, columns]; may be the same memory
 */
export function gaussianKernel(product: usize, rows: i32, columns: i32, normA: usize, normB: usize, gamma: f64, kernel: usize): void {
  for (let i: usize = 0; i < <usize>rows; i++) {
    const a = load<f64>(normA + (i << 3));
    for (let j: usize = 0; j < <usize>columns; j++) {
      const at = (i * <usize>columns + j) << 3;
      const distance = a + load<f64>(normB + (j << 3)) - 2 * load<f64>(product + at);
      store<f64>(kernel + at, Math.exp(-gamma * max(0, distance)));
    }
  }
}

/**
 * Decision values: weighted sums of kernel values less the bias.
 *
 *   out[i] = sum over j of  kernel[row[i], column[j]] * coef[j]  -  rho
 *
 * @param kernel   f64 [.., stride]
 * @param row      i32 [rows]
 * @param column   i32 [columns]
 */
export function decisionValues(
  kernel: usize,
  stride: i32,
  row: usize,
  rows: i32,
  column: usize,
  columns: i32,
  coef: usize,
  rho: f64,
  out: usize,
): void {
  for (let i: usize = 0; i < <usize>rows; i++) {
    const values = kernel + ((<usize>load<i32>(row + (i << 2)) * <usize>stride) << 3);
    let sum: f64 = 0;
    for (let j: usize = 0; j < <usize>columns; j++) {
      sum += load<f64>(values + ((<usize>load<i32>(column + (j << 2))) << 3)) * load<f64>(coef + (j << 3));
    }
    store<f64>(out + (i << 3), sum - rho);
  }
}

/** Part of a matrix: out[i, j] = kernel[index[i], index[j]], with rows of `outStride` numbers. */
export function gatherSquare(kernel: usize, stride: i32, index: usize, n: i32, out: usize, outStride: i32): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const from = kernel + ((<usize>load<i32>(index + (i << 2)) * <usize>stride) << 3);
    const to = out + ((i * <usize>outStride) << 3);
    for (let j: usize = 0; j < <usize>n; j++) store<f64>(to + (j << 3), load<f64>(from + ((<usize>load<i32>(index + (j << 2))) << 3)));
  }
}

/** Rounds f64 values to the nearest f32, in place; `count` is even. */
export function roundToSingle(values: usize, count: i32): void {
  const end = values + ((<usize>count) << 3);
  for (let p = values; p < end; p += 16) v128.store(p, f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(v128.load(p))));
}
