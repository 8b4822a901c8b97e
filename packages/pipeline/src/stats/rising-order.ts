// Sorting once what many statistics walk through.

/**
 * Positions of values by rising value; equal values keep their order.
 *
 * Radix sort over the upper 32 bits of a double, 16 at a time, then a comparison sort of the few values that share them, so 100 000 times sort in a
 * few passes. -0 counts as 0; NaN is not allowed.
 */
export function risingOrder(values: ArrayLike<number>): Uint32Array {
  const n = values.length;
  let order = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  if (n < 256) return order.sort((a, b) => compare(values[a]!, values[b]!) || a - b);
  const exact = new Float64Array(n);
  // adding 0 turns -0 into 0
  for (let i = 0; i < n; i++) exact[i] = values[i]! + 0;
  const bits = new Uint32Array(exact.buffer);
  const high = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;
  let keys = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const word = bits[2 * i + high]!;
    keys[i] = word >>> 31 === 1 ? ~word : word | 0x80000000;
  }
  let nextOrder = new Uint32Array(n);
  let nextKeys = new Uint32Array(n);
  const starts = new Uint32Array(65537);
  for (const shift of [0, 16]) {
    starts.fill(0);
    for (let i = 0; i < n; i++) starts[((keys[i]! >>> shift) & 0xffff) + 1]!++;
    for (let digit = 0; digit < 65536; digit++) starts[digit + 1]! += starts[digit]!;
    for (let i = 0; i < n; i++) {
      const key = keys[i]!;
      const place = starts[(key >>> shift) & 0xffff]!++;
      nextOrder[place] = order[i]!;
      nextKeys[place] = key;
    }
    [order, nextOrder, keys, nextKeys] = [nextOrder, order, nextKeys, keys];
  }
  for (let first = 0, end = 0; first < n; first = end) {
    let isSorted = true;
    for (end = first + 1; end < n && keys[end] === keys[first]; end++) {
      if (exact[order[end]!]! < exact[order[end - 1]!]!) isSorted = false;
    }
    if (!isSorted) order.subarray(first, end).sort((a, b) => exact[a]! - exact[b]! || a - b);
  }
  return order;
}

/** Which of two values is the lower; unlike their difference right for two infinities. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
