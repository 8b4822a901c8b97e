// The inverse of a matrix of three rows by its singular values, to the last bit as ITK has it.

/** Three columns. */
type Columns = [Float64Array, Float64Array, Float64Array];

/**
 * The inverse of a matrix, as rows.
 *
 *   A = U diag(s) V',   inverse = V diag(1/s) U'
 *
 * ITK takes it through LINPACK's dsvdc: Householder's steps to two diagonals, then QR steps until the upper one vanishes. Any other way to the inverse
 * differs in the last bit, and that bit decides on which side of two voxels a place half way between them falls; so the order of sums is dsvdc's.
 *
 * @param columns  of a matrix whose columns are nearly at right angles, none of them 0: the steps of a grid
 * @see Dongarra, Moler, Bunch & Stewart 1979, LINPACK users' guide, chapter 11
 */
export function inverseOf(columns: readonly (readonly number[])[]): number[][] {
  const { u, s, v } = decompose(columns.map((column) => Float64Array.from(column)) as Columns);
  const scaled = v.map((column, k) => column.map((value) => value * (1 / s[k]!)));
  return [0, 1, 2].map((i) => [0, 1, 2].map((j) => scaled[0]![i]! * u[0][j]! + scaled[1]![i]! * u[1][j]! + scaled[2]![i]! * u[2][j]!));
}

const AXES = [0, 1, 2] as const;

function decompose(x: Columns): { u: Columns; s: Float64Array; v: Columns } {
  const s = new Float64Array(3);
  const e = new Float64Array(4);
  const u: Columns = [new Float64Array(3), new Float64Array(3), new Float64Array(3)];
  const v: Columns = [new Float64Array(3), new Float64Array(3), new Float64Array(3)];
  for (const l of [0, 1] as const) {
    s[l] = -reflector(x[l], l);
    for (let j = l + 1; j < 3; j++) {
      reflect(x[l], x[j as 1 | 2], l);
      e[j] = x[j as 1 | 2][l]!;
    }
    u[l].set(x[l].subarray(l), l);
    if (l === 0) e[0] = rowReflector(x, e, v);
  }
  s[2] = x[2][2]!;
  e[1] = x[2][1]!;
  e[2] = 0;
  // The reflections, last one first, are the orthogonal matrices.
  u[2].set([0, 0, 1]);
  for (const l of [1, 0] as const) {
    for (let j = l + 1; j < 3; j++) reflect(u[l], u[j as 1 | 2], l);
    for (let i = 0; i < 3; i++) u[l][i] = i < l ? 0 : -u[l][i]!;
    u[l][l]! += 1;
  }
  for (const l of [2, 1, 0] as const) {
    if (l === 0 && e[0] !== 0) for (const j of [1, 2] as const) reflect(v[0], v[j], 1);
    v[l].fill(0);
    v[l][l] = 1;
  }
  toDiagonal(s, e, u, v);
  return { u, s, v };
}

/** Makes the reflector of a vector from its l-th number on, in place, and gives the length that it reflects to, with the sign of the first. */
function reflector(x: Float64Array, l: number): number {
  const length = norm(x.subarray(l, 3));
  if (length === 0) return 0;
  const signed = x[l]! < 0 ? -length : length;
  const scale = 1 / signed;
  for (let i = l; i < 3; i++) x[i]! *= scale;
  x[l]! += 1;
  return signed;
}

/** Applies a reflector to a vector, from the l-th number on. */
function reflect(by: Float64Array, x: Float64Array, l: number): void {
  if (by[l] === 0) return;
  let sum = 0;
  for (let i = l; i < 3; i++) sum += by[i]! * x[i]!;
  const t = -sum / by[l]!;
  for (let i = l; i < 3; i++) x[i]! += t * by[i]!;
}

/** The one reflection of rows: of the first row beyond its first number, kept in `e` and `v`, and applied to the rows below. */
function rowReflector(x: Columns, e: Float64Array, v: Columns): number {
  const length = -reflector(e, 1);
  if (length !== 0) {
    const work = new Float64Array(3);
    for (const j of [1, 2] as const) for (let i = 1; i < 3; i++) work[i]! += e[j]! * x[j][i]!;
    for (const j of [1, 2] as const) {
      const t = -e[j]! / e[1]!;
      for (let i = 1; i < 3; i++) x[j][i]! += t * work[i]!;
    }
  }
  v[0].set(e.subarray(1, 3), 1);
  return length;
}

/** Far more than three columns at right angles ever take. */
const MOST_STEPS = 100;

/** QR steps, until the numbers above the diagonal are lost beside those on it; then singular values, falling. */
function toDiagonal(s: Float64Array, e: Float64Array, u: Columns, v: Columns): void {
  for (let m = 2, steps = 0; m >= 0 && steps < MOST_STEPS; steps++) {
    let l = m;
    while (l > 0) {
      const beside = Math.abs(s[l - 1]!) + Math.abs(s[l]!);
      if (beside + Math.abs(e[l - 1]!) === beside) {
        e[l - 1] = 0;
        break;
      }
      l--;
    }
    if (l < m) step(s, e, u, v, l, m);
    else settle(s, u, v, m--);
  }
}

/** One QR step on the block from l to m. */
function step(s: Float64Array, e: Float64Array, u: Columns, v: Columns, l: number, m: number): void {
  const scale = Math.max(Math.abs(s[m]!), Math.abs(s[m - 1]!), Math.abs(e[m - 1]!), Math.abs(s[l]!), Math.abs(e[l]!));
  const [last, before, above, first, beside] = [s[m]! / scale, s[m - 1]! / scale, e[m - 1]! / scale, s[l]! / scale, e[l]! / scale];
  const b = ((before + last) * (before - last) + above * above) / 2;
  const c = last * above * (last * above);
  let shift = 0;
  if (b !== 0 || c !== 0) {
    shift = Math.sqrt(b * b + c);
    shift = c / (b + (b < 0 ? -shift : shift));
  }
  let f = (first + last) * (first - last) + shift;
  let g = first * beside;
  for (let k = l; k < m; k++) {
    const right = rotation(f, g);
    if (k !== l) e[k - 1] = right.r;
    f = right.c * s[k]! + right.s * e[k]!;
    e[k] = right.c * e[k]! - right.s * s[k]!;
    g = right.s * s[k + 1]!;
    s[k + 1] = right.c * s[k + 1]!;
    rotate(v[k as 0 | 1], v[(k + 1) as 1 | 2], right);
    const left = rotation(f, g);
    s[k] = left.r;
    f = left.c * e[k]! + left.s * s[k + 1]!;
    s[k + 1] = -left.s * e[k]! + left.c * s[k + 1]!;
    g = left.s * e[k + 1]!;
    e[k + 1] = left.c * e[k + 1]!;
    rotate(u[k as 0 | 1], u[(k + 1) as 1 | 2], left);
  }
  e[m - 1] = f;
}

/** A singular value that stands alone is made positive and put in its place among those that were found. */
function settle(s: Float64Array, u: Columns, v: Columns, m: number): void {
  if (s[m]! < 0) {
    s[m] = -s[m]!;
    for (const i of AXES) v[m as 0][i]! *= -1;
  }
  for (let k = m; k < 2 && s[k]! < s[k + 1]!; k++) {
    [s[k], s[k + 1]] = [s[k + 1]!, s[k]!];
    for (const columns of [u, v]) [columns[k as 0], columns[(k + 1) as 1]] = [columns[(k + 1) as 1], columns[k as 0]];
  }
}

interface Rotation {
  readonly r: number;
  readonly c: number;
  readonly s: number;
}

/** The rotation that turns (a, b) to (r, 0), r with the sign of the larger. */
function rotation(a: number, b: number): Rotation {
  const scale = Math.abs(a) + Math.abs(b);
  if (scale === 0) return { r: 0, c: 1, s: 0 };
  const length = scale * Math.sqrt((a / scale) * (a / scale) + (b / scale) * (b / scale));
  const r = (Math.abs(a) > Math.abs(b) ? a : b) < 0 ? -length : length;
  return { r, c: a / r, s: b / r };
}

function rotate(a: Float64Array, b: Float64Array, { c, s }: Rotation): void {
  for (const i of AXES) {
    const turned = c * a[i]! + s * b[i]!;
    b[i] = c * b[i]! - s * a[i]!;
    a[i] = turned;
  }
}

/** A length without overflow: the largest number is taken out as the numbers come. */
function norm(x: Float64Array): number {
  if (x.length === 1) return Math.abs(x[0]!);
  let [scale, sum] = [0, 1];
  for (const value of x) {
    if (value === 0) continue;
    const size = Math.abs(value);
    if (scale < size) {
      sum = 1 + sum * ((scale / size) * (scale / size));
      scale = size;
    } else sum += (size / scale) * (size / scale);
  }
  return scale * Math.sqrt(sum);
}
