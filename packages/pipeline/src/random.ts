// The one generator every random choice is drawn from.

/** A source of uniform numbers in [0, 1). */
export type Random = () => number;

/**
 * xoshiro128** seeded through splitmix32 from a seed and a path of names.
 *
 * Naming the use ("folds", "kmeans", "STS_001") gives every use its own stream, so adding a patient or a
 * model never changes the numbers that another one draws.
 *
 * @param seed  the study's seed, a safe integer
 * @param path  what the numbers are for
 * @see Blackman & Vigna 2021, Scrambled linear pseudorandom number generators
 */
export function randomFor(seed: number, ...path: readonly (string | number)[]): Random {
  let h = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(JSON.stringify([seed, ...path]))) h = Math.imul(h ^ byte, 0x01000193);
  const splitmix = () => {
    h = (h + 0x9e3779b9) | 0;
    let t = h ^ (h >>> 16);
    t = Math.imul(t, 0x21f0aaad);
    t ^= t >>> 15;
    t = Math.imul(t, 0x735a2d97);
    return (t ^ (t >>> 15)) >>> 0;
  };
  let [a, b, c, d] = [splitmix(), splitmix(), splitmix(), splitmix()];
  const next = () => {
    const m = Math.imul(b, 5);
    const result = Math.imul((m << 7) | (m >>> 25), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  return () => ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992;
}

/** A whole number in 0 .. n-1. */
export function randomInt(random: Random, n: number): number {
  return Math.floor(random() * n);
}

/** A standard normal number (Box-Muller, one of the pair). */
export function randomNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** The items in a random order; the input is untouched (Fisher-Yates). */
export function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = randomInt(random, i + 1);
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}
