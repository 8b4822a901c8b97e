/**
 * Sums of spheres around the voxels of a row, by chords along x.
 *
 *   out[x] = sum over chords of  running[x + to] - running[x + from]
 *
 * @param running  f64, running sums along x; the address is that of x = 0
 * @param chords   i32 [n, 2]: from and to of each chord, as offsets in numbers
 * @param n        number of chords
 * @param count    number of voxels; running is read up to 7 numbers beyond what they need
 * @param out      f64 [count rounded up to 8], overwritten
 */
export function sphereSums(running: usize, chords: usize, n: i32, count: i32, out: usize): void {
  for (let x = 0; x < count; x += 8) {
    const at = running + (<usize>x << 3);
    let a = f64x2.splat(0);
    let b = f64x2.splat(0);
    let c = f64x2.splat(0);
    let d = f64x2.splat(0);
    for (let k = 0; k < n; k++) {
      const chord = chords + (<usize>k << 3);
      const from = at + (load<i32>(chord) << 3);
      const to = at + (load<i32>(chord, 4) << 3);
      a = f64x2.add(a, f64x2.sub(v128.load(to), v128.load(from)));
      b = f64x2.add(b, f64x2.sub(v128.load(to, 16), v128.load(from, 16)));
      c = f64x2.add(c, f64x2.sub(v128.load(to, 32), v128.load(from, 32)));
      d = f64x2.add(d, f64x2.sub(v128.load(to, 48), v128.load(from, 48)));
    }
    const place = out + (<usize>x << 3);
    v128.store(place, a);
    v128.store(place, b, 16);
    v128.store(place, c, 32);
    v128.store(place, d, 48);
  }
}

/**
 * Running sums of rows of voxels, which go on before and after a row: `margin` zeros and one more, the sums of the first 1 .. nx voxels, and `margin`
 * times the last.
 *
 * @param values  f32 [rows, nx]
 * @param out     f64 [rows, nx + 1 + 2 margin], overwritten
 */
export function runningSums(values: usize, rows: i32, nx: i32, margin: i32, out: usize): void {
  let to = out;
  let from = values;
  for (let row = 0; row < rows; row++) {
    memory.fill(to, 0, <usize>(margin + 1) << 3);
    to += <usize>(margin + 1) << 3;
    let sum: f64 = 0;
    for (const end = from + (<usize>nx << 2); from < end; from += 4, to += 8) {
      sum += <f64>load<f32>(from);
      store<f64>(to, sum);
    }
    for (const end = to + (<usize>margin << 3); to < end; to += 8) store<f64>(to, sum);
  }
}

/**
 * Where rows of a mask have voxels.
 *
 * @param mask  u8 [rows, nx]
 * @param out   i32 [rows, 3]: the first voxel inside, the last, and how many; nx, -1 and 0 where there is none. Overwritten
 */
export function rowSpans(mask: usize, rows: i32, nx: i32, out: usize): void {
  for (let row = 0; row < rows; row++) {
    const m = mask + <usize>row * <usize>nx;
    let first = nx;
    let last = -1;
    let count = 0;
    const blocks = nx & ~15;
    for (let x = 0; x < blocks; x += 16) {
      const inside = i8x16.bitmask(i8x16.ne(v128.load(m + <usize>x), i8x16.splat(0)));
      if (inside == 0) continue;
      if (count == 0) first = x + ctz(inside);
      last = x + 31 - clz(inside);
      count += popcnt(inside);
    }
    for (let x = blocks; x < nx; x++) {
      if (load<u8>(m + <usize>x) == 0) continue;
      if (count == 0) first = x;
      last = x;
      count++;
    }
    const place = out + <usize>row * 12;
    store<i32>(place, first);
    store<i32>(place, last, 4);
    store<i32>(place, count, 8);
  }
}
