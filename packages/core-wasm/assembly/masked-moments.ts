/** The four bytes at an address as lanes of 32 bits, all ones where they are not zero. */
// @ts-ignore: decorator
@inline
export function inside4(mask: usize): v128 {
  const bytes = v128.load_zero<u32>(mask);
  return i32x4.ne(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes)), i32x4.splat(0));
}

/**
 * Of the voxels inside a mask: how many there are in each row, their sum, and the lowest and highest of them.
 *
 * @param intensity  f32 [rows, nx]
 * @param mask       u8 [rows, nx]
 * @param counts     u32 [rows], overwritten
 * @param out        f64 [3]: sum, lowest, highest; overwritten
 */
export function maskedMoments(intensity: usize, mask: usize, rows: i32, nx: i32, counts: usize, out: usize): void {
  let total: f64 = 0;
  let low = f32x4.splat(f32.POSITIVE_INFINITY);
  let high = f32x4.splat(f32.NEGATIVE_INFINITY);
  for (let row = 0; row < rows; row++) {
    const m = mask + <usize>row * <usize>nx;
    const v = intensity + ((<usize>row * <usize>nx) << 2);
    let count = i32x4.splat(0);
    let a = f64x2.splat(0);
    let b = f64x2.splat(0);
    let x: usize = 0;
    for (; x + 4 <= <usize>nx; x += 4) {
      const at = inside4(m + x);
      if (!v128.any_true(at)) continue;
      const value = v128.load(v + (x << 2));
      count = i32x4.sub(count, at);
      low = f32x4.pmin(low, v128.bitselect(value, low, at));
      high = f32x4.pmax(high, v128.bitselect(value, high, at));
      const kept = v128.and(value, at);
      a = f64x2.add(a, f64x2.promote_low_f32x4(kept));
      b = f64x2.add(b, f64x2.promote_low_f32x4(v128.shuffle<u64>(kept, kept, 1, 0)));
    }
    const pair = f64x2.add(a, b);
    let sum = f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
    let n = i32x4.extract_lane(count, 0) + i32x4.extract_lane(count, 1) + i32x4.extract_lane(count, 2) + i32x4.extract_lane(count, 3);
    for (; x < <usize>nx; x++) {
      if (load<u8>(m + x) == 0) continue;
      const value = load<f32>(v + (x << 2));
      n++;
      sum += <f64>value;
      low = f32x4.pmin(low, f32x4.splat(value));
      high = f32x4.pmax(high, f32x4.splat(value));
    }
    store<u32>(counts + (<usize>row << 2), n);
    total += sum;
  }
  store<f64>(out, total);
  store<f64>(
    out,
    <f64>min(min(f32x4.extract_lane(low, 0), f32x4.extract_lane(low, 1)), min(f32x4.extract_lane(low, 2), f32x4.extract_lane(low, 3))), 8,
  );
  store<f64>(
    out,
    <f64>max(max(f32x4.extract_lane(high, 0), f32x4.extract_lane(high, 1)), max(f32x4.extract_lane(high, 2), f32x4.extract_lane(high, 3))), 16,
  );
}

/** The sum of squared differences from `mean` of the voxels inside; rows where `counts` of `maskedMoments` is 0 are not looked at. */
export function maskedSquares(intensity: usize, mask: usize, rows: i32, nx: i32, counts: usize, mean: f64): f64 {
  const centre = f64x2.splat(mean);
  let total: f64 = 0;
  for (let row = 0; row < rows; row++) {
    if (load<u32>(counts + (<usize>row << 2)) == 0) continue;
    const m = mask + <usize>row * <usize>nx;
    const v = intensity + ((<usize>row * <usize>nx) << 2);
    let a = f64x2.splat(0);
    let b = f64x2.splat(0);
    let x: usize = 0;
    for (; x + 4 <= <usize>nx; x += 4) {
      const at = inside4(m + x);
      if (!v128.any_true(at)) continue;
      const value = v128.load(v + (x << 2));
      const c = v128.and(f64x2.sub(f64x2.promote_low_f32x4(value), centre), i64x2.extend_low_i32x4_s(at));
      const d = v128.and(
        f64x2.sub(f64x2.promote_low_f32x4(v128.shuffle<u64>(value, value, 1, 0)), centre), i64x2.extend_high_i32x4_s(at),
      );
      a = f64x2.add(a, f64x2.mul(c, c));
      b = f64x2.add(b, f64x2.mul(d, d));
    }
    const pair = f64x2.add(a, b);
    let sum = f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
    for (; x < <usize>nx; x++) {
      if (load<u8>(m + x) == 0) continue;
      const d = <f64>load<f32>(v + (x << 2)) - mean;
      sum += d * d;
    }
    total += sum;
  }
  return total;
}
