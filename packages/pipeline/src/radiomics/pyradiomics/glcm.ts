// PyRadiomics' class glcm: grey level co-occurrence.
import { entropy, EPSILON, type Cells, type PyradiomicsFeature } from "./feature.ts";
import { maximalCorrelation } from "./maximal-correlation.ts";

/** A normalised co-occurrence matrix with what several features share. */
export interface Cooccurrence {
  /** Cells with p(i,j) as their counts. */
  readonly p: Cells;
  readonly ng: number;
  /** Row and column sums, [Ng]. */
  readonly px: Float64Array;
  readonly py: Float64Array;
  readonly meanX: number;
  readonly meanY: number;
  /** Sums of p over |i - j| = k, [Ng], and over i + j = k, [2 Ng + 1]. */
  readonly difference: Float64Array;
  readonly sum: Float64Array;
}

/** @returns null when the matrix is empty */
export function cooccurrenceOf(cells: Cells, ng: number): Cooccurrence | null {
  let total = 0;
  for (let c = 0; c < cells.count.length; c++) total += cells.count[c]!;
  if (total === 0) return null;
  const count = Float64Array.from(cells.count, (n) => n / total);
  const [px, py, difference, sum] = [new Float64Array(ng), new Float64Array(ng), new Float64Array(ng), new Float64Array(2 * ng + 1)];
  for (let c = 0; c < count.length; c++) {
    const [i, j] = [cells.row[c]!, cells.column[c]!];
    px[i - 1]! += count[c]!;
    py[j - 1]! += count[c]!;
    difference[Math.abs(i - j)]! += count[c]!;
    sum[i + j]! += count[c]!;
  }
  const meanOf = (marginal: Float64Array) => marginal.reduce((mean, share, k) => mean + share * (k + 1), 0);
  return {
    p: { row: cells.row, column: cells.column, count },
    ng,
    px,
    py,
    meanX: meanOf(px),
    meanY: meanOf(py),
    difference,
    sum,
  };
}

/** sum over i, j of  p(i,j) term(i,j). */
function expectation({ p }: Cooccurrence, term: (i: number, j: number) => number): number {
  let sum = 0;
  for (let c = 0; c < p.count.length; c++) sum += p.count[c]! * term(p.row[c]!, p.column[c]!);
  return sum;
}

/** sum over k of  p(k) term(k), k from 0. */
function overIndex(shares: Float64Array, term: (k: number) => number): number {
  return shares.reduce((sum, share, k) => (share === 0 ? sum : sum + share * term(k)), 0);
}

/** sum over i, j of  p(i,j) (i + j - meanX - meanY)^power. */
const cluster = (m: Cooccurrence, power: number) => overIndex(m.sum, (k) => (k - m.meanX - m.meanY) ** power);

const jointEntropy = (m: Cooccurrence) => entropy(m.p.count as Float64Array);

const differenceAverage = (m: Cooccurrence) => overIndex(m.difference, (k) => k);

function correlation(m: Cooccurrence): number {
  const spread = (marginal: Float64Array, mean: number) => Math.sqrt(overIndex(marginal, (k) => (k + 1 - mean) ** 2));
  const product = spread(m.px, m.meanX) * spread(m.py, m.meanY);
  return product === 0 ? 1 : expectation(m, (i, j) => (i - m.meanX) * (j - m.meanY)) / product;
}

/** (HXY - HXY1) / max(HX, HY); 0 where both are 0. */
function informationalMeasure1(m: Cooccurrence): number {
  const independent = -expectation(m, (i, j) => Math.log2(m.px[i - 1]! * m.py[j - 1]! + EPSILON));
  const largest = Math.max(entropy(m.px), entropy(m.py));
  return largest === 0 ? 0 : (jointEntropy(m) - independent) / largest;
}

/** sqrt(1 - exp(-2 (HXY2 - HXY))); 0 where rounding makes HXY2 < HXY. */
function informationalMeasure2(m: Cooccurrence): number {
  let independent = 0;
  for (const x of m.px) {
    if (x === 0) continue;
    for (const y of m.py) independent -= x * y * Math.log2(x * y + EPSILON);
  }
  const gain = independent - jointEntropy(m);
  return gain <= 0 ? 0 : Math.sqrt(1 - Math.exp(-2 * gain));
}

/** The features of the class; p(i,j) is symmetric by default, mx and my are its mean row and column. */
export const GLCM: readonly PyradiomicsFeature<Cooccurrence>[] = [
  { name: "Autocorrelation", formula: "sum p(i,j) i j", compute: (m) => expectation(m, (i, j) => i * j) },
  { name: "ClusterProminence", formula: "sum p(i,j) (i + j - mx - my)^4", compute: (m) => cluster(m, 4) },
  { name: "ClusterShade", formula: "sum p(i,j) (i + j - mx - my)^3", compute: (m) => cluster(m, 3) },
  { name: "ClusterTendency", formula: "sum p(i,j) (i + j - mx - my)^2", compute: (m) => cluster(m, 2) },
  { name: "Contrast", formula: "sum p(i,j) (i - j)^2", compute: (m) => overIndex(m.difference, (k) => k * k) },
  { name: "Correlation", formula: "sum p(i,j) (i - mx)(j - my) / (sx sy); 1 where sx sy = 0", compute: correlation },
  { name: "DifferenceAverage", formula: "sum p(|i - j| = k) k", compute: differenceAverage },
  { name: "DifferenceEntropy", formula: "- sum p(|i - j| = k) log2 p", compute: (m) => entropy(m.difference) },
  {
    name: "DifferenceVariance",
    formula: "sum p(|i - j| = k) (k - difference average)^2",
    compute: (m) => overIndex(m.difference, (k) => (k - differenceAverage(m)) ** 2),
  },
  { name: "Id", formula: "sum p(|i - j| = k) / (1 + k)", compute: (m) => overIndex(m.difference, (k) => 1 / (1 + k)) },
  { name: "Idm", formula: "sum p(|i - j| = k) / (1 + k^2)", compute: (m) => overIndex(m.difference, (k) => 1 / (1 + k * k)) },
  {
    name: "Idmn",
    formula: "sum p(|i - j| = k) / (1 + k^2 / Ng^2)",
    compute: (m) => overIndex(m.difference, (k) => 1 / (1 + (k / m.ng) ** 2)),
  },
  { name: "Idn", formula: "sum p(|i - j| = k) / (1 + k / Ng)", compute: (m) => overIndex(m.difference, (k) => 1 / (1 + k / m.ng)) },
  { name: "Imc1", formula: "(HXY - HXY1) / max(HX, HY); 0 where both are 0", compute: informationalMeasure1 },
  { name: "Imc2", formula: "sqrt(1 - exp(-2 (HXY2 - HXY)))", compute: informationalMeasure2 },
  {
    name: "InverseVariance",
    formula: "sum over k >= 1 of  p(|i - j| = k) / k^2",
    compute: (m) => overIndex(m.difference, (k) => (k === 0 ? 0 : 1 / (k * k))),
  },
  { name: "JointAverage", formula: "mx", compute: (m) => m.meanX },
  { name: "JointEnergy", formula: "sum p(i,j)^2", compute: ({ p }) => (p.count as Float64Array).reduce((sum, v) => sum + v * v, 0) },
  { name: "JointEntropy", formula: "- sum p(i,j) log2 p(i,j)", compute: jointEntropy },
  {
    name: "MCC",
    formula: "second singular value of p(i,j) / sqrt(px(i) py(j)); 1 for one grey level",
    compute: ({ p, px, py }) => maximalCorrelation(p, px, py),
  },
  {
    name: "MaximumProbability",
    formula: "max p(i,j)",
    compute: ({ p }) => (p.count as Float64Array).reduce((most, v) => Math.max(most, v), 0),
  },
  { name: "SumAverage", formula: "sum p(i + j = k) k", compute: (m) => overIndex(m.sum, (k) => k) },
  { name: "SumEntropy", formula: "- sum p(i + j = k) log2 p", compute: (m) => entropy(m.sum) },
  { name: "SumSquares", formula: "sum p(i,j) (i - mx)^2", compute: (m) => overIndex(m.px, (k) => (k + 1 - m.meanX) ** 2) },
];
