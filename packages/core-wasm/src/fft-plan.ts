// Lengths of Fourier transforms, and what `fft` of assembly/fft.ts is told of one.
import type { Core } from "./core.ts";

/** What a stage takes for one row, relative to others; measured on columns that lie in the first cache. */
const COST_OF_RADIX: ReadonlyMap<number, number> = new Map([
  [7, 2.4],
  [6, 1.7],
  [5, 1.7],
  [4, 1.1],
  [3, 1.3],
  [2, 0.9],
]);
/** What a row costs besides: it is read, weighed and summed. */
const COST_OF_ROW = 1.5;

/** The radices of a length, in the order of their stages, and their cost; null where it has a prime factor beyond 7 or none. */
function radicesOf(n: number): { readonly radices: readonly number[]; readonly cost: number } | null {
  if (n === 1) return { radices: [], cost: 0 };
  let best: { radices: readonly number[]; cost: number } | null = null;
  for (const [radix, price] of COST_OF_RADIX) {
    // Stages in falling order of their radices: every set of radices is met once.
    const rest = n % radix === 0 ? radicesOf(n / radix) : null;
    if (rest === null || (rest.radices[0] ?? 0) > radix) continue;
    if (best === null || rest.cost + price < best.cost) best = { radices: [radix, ...rest.radices], cost: rest.cost + price };
  }
  return best;
}

/** The length of at least n whose transforms take least time. */
export function fftLength(n: number): number {
  let best = 0;
  let least = Infinity;
  for (let length = Math.max(2, n); length * COST_OF_ROW < least; length++) {
    const found = radicesOf(length);
    if (found === null) continue;
    const cost = length * (found.cost + COST_OF_ROW);
    if (cost < least) [best, least] = [length, cost];
  }
  return best;
}

/** The plan of a length of `fftLength`, until the scope ends; its layout stands at `fft`. */
export function pushPlan({ arena }: Core, n: number): number {
  const { radices } = radicesOf(n)!;
  const factors: number[] = [];
  for (let s = 1, stage = 0; stage < radices.length - 1 || stage === 0; s *= radices[stage]!, stage++) {
    for (let p = 0; p < n / (s * radices[stage]!); p++) {
      for (let k = 1; k < radices[stage]!; k++) factors.push(...onCircle(((p * k * s) % n) / n));
    }
  }
  const turns = Array.from({ length: n }, (_, j) => onCircle(j / (2 * n))).flat();
  const slot = arena.zeros(Float64Array, 8 + turns.length + factors.length);
  slot.view().set([...turns, ...factors], 8);
  new Uint32Array(slot.view().buffer, slot.ptr, 16).set(radices);
  return slot.ptr;
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
