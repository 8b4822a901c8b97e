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
