/**
 * Groups of columns that all correlate with each other: hierarchical clustering by complete linkage, cut at a distance.
 *
 *   distance = 1 - |r|;  the distance of two groups is that of their two farthest members
 *
 * So within a group every pair has |r| >= threshold. Groups are joined along chains of nearest neighbours, O(n^2).
 *
 * @param r          Pearson's r, row-major [n, n], symmetric
 * @param threshold  0 .. 1
 * @returns          the group of each column, 0, 1, ... in the order of their first columns
 * @see Sorensen 1948; Benzecri 1982 for the chains. R's cutree(hclust(as.dist(1 - abs(r)), "complete"), h = 1 - threshold)
 */
export function completeLinkage(r: Float64Array, n: number, threshold: number): Int32Array {
  const distance = r.map((value) => 1 - Math.abs(value));
  const isActive = new Uint8Array(n).fill(1);
  const group = Int32Array.from({ length: n }, (_, i) => i);
  const chain: number[] = [];
  for (let left = n; left > 1;) {
    if (chain.length === 0) chain.push(isActive.indexOf(1));
    const top = chain.at(-1)!;
    const before = chain.at(-2);
    // The one before wins a tie, so that a chain ends.
    let nearest = before ?? -1;
    let least = before === undefined ? Infinity : distance[top * n + before]!;
    for (let other = 0; other < n; other++) {
      if (other === top || isActive[other] === 0 || !(distance[top * n + other]! < least)) continue;
      nearest = other;
      least = distance[top * n + other]!;
    }
    if (nearest !== before) {
      chain.push(nearest);
      continue;
    }
    // Two nearest neighbours of each other: join them, in `nearest`.
    chain.length -= 2;
    for (let other = 0; other < n; other++) {
      const farther = Math.max(distance[top * n + other]!, distance[nearest * n + other]!);
      distance[nearest * n + other] = farther;
      distance[other * n + nearest] = farther;
    }
    isActive[top] = 0;
    left--;
    // Distances of joins only grow along the tree, so those above the cut may be passed over.
    if (least <= 1 - threshold) for (let i = 0, from = group[top]!, to = group[nearest]!; i < n; i++) if (group[i] === from) group[i] = to;
  }
  const numbers = new Map<number, number>();
  return group.map((label) => {
    if (!numbers.has(label)) numbers.set(label, numbers.size);
    return numbers.get(label)!;
  });
}
