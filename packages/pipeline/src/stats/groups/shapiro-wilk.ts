import { ShapeError } from "../../errors.ts";
import { normalQuantile, normalUpperTail } from "../distributions.ts";

/** Result of the Shapiro-Wilk test. */
export interface ShapiroWilk {
  /** W, 0 .. 1; near 1 for a normal sample. NaN when all values are equal. */
  readonly w: number;
  /** P of a smaller W from a normal sample; NaN when all values are equal. */
  readonly p: number;
}

// Royston's polynomials, coefficients from the constant term upwards (AS R94).
/** Largest weight, in 1/sqrt(n), for n > 3. */
const LAST_WEIGHT = [0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056];
/** Second largest weight, in 1/sqrt(n), for n > 5. */
const SECOND_WEIGHT = [0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633];
/** 4 <= n <= 11, in n: the gamma, mean and log deviation of -log(gamma - log(1 - W)). */
const SMALL_GAMMA = [-2.273, 0.459];
const SMALL_MEAN = [0.544, -0.39978, 0.025054, -6.714e-4];
const SMALL_LOG_SD = [1.3822, -0.77857, 0.062767, -0.0020322];
/** n >= 12, in log n: the mean and log deviation of log(1 - W). */
const LARGE_MEAN = [-1.5861, -0.31082, -0.083751, 0.0038915];
const LARGE_LOG_SD = [-0.4803, -0.082676, 0.0030302];

/**
 * The Shapiro-Wilk test of normality for samples of a given size.
 *
 *   W = ( sum a_i x_(i) )^2 / sum (x_i - mean)^2
 *
 * with x_(i) the sorted sample and a Royston's approximation to the best weights. The weights depend on n alone, so the test of many
 * columns is made once and used for all.
 *
 * @param n  3 .. 5000, the range Royston fitted
 * @returns  the test of a sample of n finite values in any order; it leaves the sample untouched
 * @throws ShapeError when n is out of range
 * @see Royston 1995, Remark AS R94 (Applied Statistics 44); Shapiro & Wilk 1965. R's shapiro.test in f64
 */
export function shapiroWilkFor(n: number): (sample: Float64Array) => ShapiroWilk {
  if (n < 3 || n > 5000) throw new ShapeError(`shapiroWilk: a sample has ${n} values, 3 to 5000 are possible`);
  const a = weights(n);
  const sorted = new Float64Array(n);
  return (sample) => {
    sorted.set(sample);
    sorted.sort();
    const range = sorted[n - 1]! - sorted[0]!;
    if (!(range > 0)) return { w: NaN, p: NaN };
    const complement = oneMinusW(sorted, a, range);
    return { w: 1 - complement, p: pValue(complement, n) };
  };
}

/** Royston's weights of the sorted sample: antisymmetric, of length 1. */
function weights(n: number): Float64Array {
  const a = new Float64Array(n);
  if (n === 3) {
    a[0] = -Math.SQRT1_2;
    a[2] = Math.SQRT1_2;
    return a;
  }
  let squares = 0;
  for (let i = 0; i < n; i++) {
    a[i] = normalQuantile((i + 1 - 0.375) / (n + 0.25));
    squares += a[i]! ** 2;
  }
  const u = 1 / Math.sqrt(n);
  const [m1, m2] = [a[n - 1]!, a[n - 2]!];
  const last = polynomial(LAST_WEIGHT, u) + m1 / Math.sqrt(squares);
  const second = polynomial(SECOND_WEIGHT, u) + m2 / Math.sqrt(squares);
  const fixed = n > 5 ? 2 : 1;
  const left = n > 5 ? squares - 2 * m1 ** 2 - 2 * m2 ** 2 : squares - 2 * m1 ** 2;
  const room = n > 5 ? 1 - 2 * last ** 2 - 2 * second ** 2 : 1 - 2 * last ** 2;
  const scale = Math.sqrt(left / room);
  for (let i = fixed; i < n - fixed; i++) a[i]! /= scale;
  a[n - 1] = last;
  a[0] = -last;
  if (n > 5) {
    a[n - 2] = second;
    a[1] = -second;
  }
  return a;
}

/**
 * 1 - W as (|x| - a.x)(|x| + a.x) / |x|^2 with x centred and a of length |a|: keeps its digits when W is near 1.
 */
function oneMinusW(sorted: Float64Array, a: Float64Array, range: number): number {
  const n = sorted.length;
  let mean = 0;
  for (const value of sorted) mean += value / range / n;
  let weightSquares = 0;
  let squares = 0;
  let product = 0;
  for (let i = 0; i < n; i++) {
    const x = sorted[i]! / range - mean;
    weightSquares += a[i]! ** 2;
    squares += x * x;
    product += a[i]! * x;
  }
  const length = Math.sqrt(weightSquares * squares);
  return ((length - product) * (length + product)) / (weightSquares * squares);
}

/** P of a smaller W in normal samples: exact for n = 3, Royston's normal approximation of a transformed 1 - W otherwise. */
function pValue(oneMinus: number, n: number): number {
  if (n === 3) {
    const p = (6 / Math.PI) * (Math.asin(Math.sqrt(1 - oneMinus)) - Math.asin(Math.sqrt(0.75)));
    return Math.max(0, p);
  }
  let y = Math.log(oneMinus);
  const logN = Math.log(n);
  if (n <= 11) {
    const gamma = polynomial(SMALL_GAMMA, n);
    if (y >= gamma) return 0;
    y = -Math.log(gamma - y);
    return normalUpperTail((y - polynomial(SMALL_MEAN, n)) / Math.exp(polynomial(SMALL_LOG_SD, n)));
  }
  return normalUpperTail((y - polynomial(LARGE_MEAN, logN)) / Math.exp(polynomial(LARGE_LOG_SD, logN)));
}

function polynomial(coefficients: readonly number[], x: number): number {
  let value = 0;
  for (let k = coefficients.length - 1; k >= 0; k--) value = value * x + coefficients[k]!;
  return value;
}
