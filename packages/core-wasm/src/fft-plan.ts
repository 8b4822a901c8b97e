// Lengths of Fourier transforms, and what `fft` of assembly/fft.ts is told of one.
import type { Core } from "./core.ts";

/** What a stage takes for one row, in nanoseconds on one core of 2026; those of 5 and 7 have more numbers in hand than an x86 core has places. */
const COST_OF_RADIX: ReadonlyMap<number, number> = new Map([
  [7, 6.5],
  [6, 3.2],
  [5, 4.2],
  [4, 2.2],
  [3, 2.7],
  [2, 1.8],
]);

/** The radices of a length and what they cost together. */
interface Radices {
  /** In the order of their stages. */
  readonly radices: readonly number[];
  readonly cost: number;
}

/** The cheapest radices of a length; null where it has a prime factor beyond 7. */
function radicesOf(n: number, most = 7): Radices | null {
  if (n === 1) return { radices: [], cost: 0 };
  let best: Radices | null = null;
  for (const [radix, price] of COST_OF_RADIX) {
    // In falling order every set of radices is met once.
    if (radix > most || n % radix !== 0) continue;
    const rest = radicesOf(n / radix, radix);
    if (rest !== null && (best === null || rest.cost + price < best.cost)) {
      best = { radices: [radix, ...rest.radices], cost: rest.cost + price };
    }
  }
  return best;
}

/**
 * The length of at least n whose transforms take least time.
 *
 * @param later  what is done with a row afterwards, in nanoseconds
 */
export function fftLength(n: number, later: number): number {
  let best = 0;
  let least = Infinity;
  for (let length = Math.max(2, n); best === 0 || length < 1.3 * n; length++) {
    const cost = length * ((radicesOf(length)?.cost ?? Infinity) + later);
    if (cost < least) [best, least] = [length, cost];
  }
  return best;
}

/** A length as `fft` is told of it; the layout stands there. */
export interface FftPlan {
  readonly n: number;
  readonly ptr: number;
}

/** The plan of a length of `fftLength`, until the scope ends. */
export function pushPlan({ arena }: Core, n: number): FftPlan {
  const { radices } = radicesOf(n)!;
  const circle = Float64Array.from({ length: 4 * n });
  for (let j = 0; j < 2 * n; j++) circle.set(onCircle(j / (2 * n)), 2 * j);
  const factors: number[] = [];
  const push = (turn: number) => factors.push(circle[2 * (turn % (2 * n))]!, circle[2 * (turn % (2 * n)) + 1]!);
  let s = 1;
  for (const radix of radices.length > 1 ? radices.slice(0, -1) : radices) {
    for (let p = 0; p < n / (s * radix); p++) for (let k = 1; k < radix; k++) push(2 * p * k * s);
    s *= radix;
  }
  const [first] = radices as [number];
  const odd = 8 * (8 + factors.length);
  for (let p = 0; p < n / first; p++) for (let k = 0; k < first; k++) push(p * (2 * k + 1));
  const slot = arena.zeros(Float64Array, 8 + factors.length);
  slot.view().set(factors, 8);
  const head = new Uint32Array(slot.view().buffer, slot.ptr, 16);
  head.set(radices);
  head[15] = odd;
  return { n, ptr: slot.ptr };
}

/**
 * Cosine and minus the sine of a part of a turn, 0..1, by their series on the first eighth and by symmetry beyond it. Engines differ in the last digit of
 * Math.sin and Math.cos; with products and sums alone a browser gives Node's numbers to the bit.
 */
function onCircle(turn: number): readonly [cosine: number, minusSine: number] {
  if (turn > 0.5) {
    const [c, s] = onCircle(1 - turn);
    return [c, -s];
  }
  if (turn > 0.25) {
    const [c, s] = onCircle(0.5 - turn);
    return [-c, s];
  }
  if (turn > 0.125) {
    const [c, s] = onCircle(0.25 - turn);
    return [-s, -c];
  }
  const angle = 2 * Math.PI * turn;
  let [cosine, sine] = [1, 1];
  // Below pi / 4 the term of x^20 is 3e-21.
  for (let k = 18; k > 0; k -= 2) {
    cosine = 1 - (angle * angle * cosine) / (k * (k - 1));
    sine = 1 - (angle * angle * sine) / (k * (k + 1));
  }
  return [cosine, -angle * sine];
}
