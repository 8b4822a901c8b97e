/** Sorts few keys in place, by insertion over shrinking gaps. */
function sortFew(keys: usize, n: i32): void {
  for (let gap = n > 40 ? n / 3 : 1; gap > 0; gap = gap > 3 ? gap / 3 : gap - 1) {
    for (let k = gap; k < n; k++) {
      const key = load<u32>(keys + ((<usize>k) << 2));
      let hole = k;
      while (hole >= gap) {
        const before = load<u32>(keys + ((<usize>(hole - gap)) << 2));
        if (before <= key) break;
        store<u32>(keys + ((<usize>hole) << 2), before);
        hole -= gap;
      }
      store<u32>(keys + ((<usize>hole) << 2), key);
    }
  }
}

/**
 * Finds the co-occurrences of one direction inside the box around a voxel, both voxels of a pair in the box and in the ROI.
 *
 * @returns the address past the last key
 */
function localPairs(
  levels: usize,
  centre: i32,
  row: i32,
  slice: i32,
  rz: i32,
  ry: i32,
  rx: i32,
  direction: usize,
  ng: u32,
  isSymmetric: bool,
  keys: usize,
): usize {
  const dz = load<i32>(direction);
  const dy = load<i32>(direction, 4);
  const dx = load<i32>(direction, 8);
  const ahead = <usize>((<isize>(dz * slice + dy * row + dx)) << 1);
  const advance: usize = isSymmetric ? 8 : 4;
  const xFirst = -rx + max(0, -dx);
  const xLast = rx - max(0, dx);
  for (let z = -rz + max(0, -dz), zLast = rz - max(0, dz); z <= zLast; z++) {
    for (let y = -ry + max(0, -dy), yLast = ry - max(0, dy); y <= yLast; y++) {
      let at = levels + <usize>((<isize>(centre + z * slice + y * row + xFirst)) << 1);
      for (let x = xFirst; x <= xLast; x++) {
        const i = <u32>load<u16>(at);
        const j = <u32>load<u16>(at + ahead);
        store<u32>(keys, (i - 1) * ng + j - 1);
        store<u32>(keys, (j - 1) * ng + i - 1, 4);
        keys += i != 0 && j != 0 ? advance : 0;
        at += 2;
      }
    }
  }
  return keys;
}

/**
 * Co-occurrence matrices of the box around each of several voxels, as runs of non-empty cells in rising order.
 *
 * @param levels      u16, padded by the radius; 0 is outside the ROI
 * @param centres     i32 [n], indices into levels
 * @param row         voxels from one row to the next
 * @param slice       voxels from one slice to the next
 * @param rz          radius of the box along z; ry and rx along y and x
 * @param directions  i32 [count, 3], (z, y, x)
 * @param isMerged    one matrix of all directions for each voxel, else one for each direction
 * @param keys        u32, room for the pairs of one voxel and 2 more, overwritten
 * @param rows        i32, room for all cells, overwritten: i of each
 * @param columns     i32, the same: j
 * @param counts      f64, the same: how often
 * @param ends        i32 [n or n * count], overwritten: one past the last cell of each matrix
 */
export function glcmLocal(
  levels: usize,
  centres: usize,
  n: i32,
  row: i32,
  slice: i32,
  rz: i32,
  ry: i32,
  rx: i32,
  directions: usize,
  count: i32,
  ng: u32,
  isSymmetric: bool,
  isMerged: bool,
  keys: usize,
  rows: usize,
  columns: usize,
  counts: usize,
  ends: usize,
): void {
  let cells: usize = 0;
  for (let v = 0; v < n; v++) {
    const centre = load<i32>(centres + ((<usize>v) << 2));
    let key = keys;
    for (let d = 0; d < count; d++) {
      key = localPairs(levels, centre, row, slice, rz, ry, rx, directions + <usize>d * 12, ng, isSymmetric, key);
      if (isMerged && d + 1 < count) continue;
      const pairs = <i32>((key - keys) >> 2);
      sortFew(keys, pairs);
      for (let k = 0; k < pairs;) {
        const cell = load<u32>(keys + ((<usize>k) << 2));
        const first = k;
        while (++k < pairs && load<u32>(keys + ((<usize>k) << 2)) == cell) {}
        store<i32>(rows + (cells << 2), <i32>(cell / ng) + 1);
        store<i32>(columns + (cells << 2), <i32>(cell % ng) + 1);
        store<f64>(counts + (cells << 3), <f64>(k - first));
        cells++;
      }
      store<i32>(ends, <i32>cells);
      ends += 4;
      key = keys;
    }
  }
}
