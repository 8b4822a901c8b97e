// K-means by its definition, and by trying every partition.

/** Sum of squared distances of the points [n, d] to the means of their clusters. */
export function inertiaOf(points: ArrayLike<number>, n: number, d: number, assignment: ArrayLike<number>, k: number): number {
  const centres = centresOf(points, n, d, assignment, k);
  let total = 0;
  for (let i = 0; i < n; i++) for (let t = 0; t < d; t++) total += (points[i * d + t]! - centres[assignment[i]! * d + t]!) ** 2;
  return total;
}

/** The mean of each cluster, [k, d]. */
export function centresOf(points: ArrayLike<number>, n: number, d: number, assignment: ArrayLike<number>, k: number): Float64Array {
  const centres = new Float64Array(k * d);
  for (let c = 0; c < k; c++) {
    const members = Array.from({ length: n }, (_, i) => i).filter((i) => assignment[i] === c);
    for (let t = 0; t < d; t++) centres[c * d + t] = members.reduce((sum, i) => sum + points[i * d + t]!, 0) / members.length;
  }
  return centres;
}

/** The cluster whose centre is nearest, for each point; the first of several. */
export function nearest(points: ArrayLike<number>, n: number, d: number, centres: ArrayLike<number>, k: number): number[] {
  return Array.from({ length: n }, (_, i) => {
    const distances = Array.from({ length: k }, (_unused, c) => {
      let sum = 0;
      for (let t = 0; t < d; t++) sum += (points[i * d + t]! - centres[c * d + t]!) ** 2;
      return sum;
    });
    return distances.indexOf(Math.min(...distances));
  });
}

/** The smallest inertia over all partitions of the points into two clusters (2^(n-1) of them). */
export function bestInertiaOfTwo(points: ArrayLike<number>, n: number, d: number): number {
  let best = Infinity;
  for (let code = 1; code < 2 ** (n - 1); code++) {
    const assignment = Array.from({ length: n }, (_, i) => (code >> i) & 1);
    best = Math.min(best, inertiaOf(points, n, d, assignment, 2));
  }
  return best;
}
