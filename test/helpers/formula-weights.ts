// Network weights and inputs by a formula that every language can evaluate exactly, so that no weight has to lie in a golden file.

/**
 * Number n of stream s: an integer hash of s * 2^20 + n, mapped to [0, 1) as a multiple of 2^-32.
 *
 *   h = (s * 2^20 + n + 1) * 0x9E3779B1;  h ^= h >>> 15;  h *= 0x85EBCA77;  h ^= h >>> 13   (all modulo 2^32)
 *
 * test/generate/torch_encoder.py has the same lines in Python.
 */
function hashedUniform(stream: number, n: number): number {
  let h = Math.imul(stream * 1048576 + n + 1, 0x9e3779b1);
  h ^= h >>> 15;
  h = Math.imul(h, 0x85ebca77);
  h ^= h >>> 13;
  return (h >>> 0) / 4294967296;
}

/** A tensor of `length` f32 values bound * (2u - 1), u from `stream` (0 .. 4095), in memory order; length at most 2^20 keeps the streams apart. */
export function formulaTensor(stream: number, length: number, bound: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length }, (_, n) => bound * (2 * hashedUniform(stream, n) - 1));
}

/** Slices (N,CI,H,W) with values in [0, 1) from stream 4095, as windowed intensities are. */
export function formulaSlices(length: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length }, (_, n) => hashedUniform(4095, n));
}

/** Labels, 1 with the given share of the pixels and 0 elsewhere, from stream 4094. */
export function formulaLabels(length: number, share: number): Uint8Array {
  return Uint8Array.from({ length }, (_, n) => (hashedUniform(4094, n) < share ? 1 : 0));
}

/** One convolution of the encoder: weight (CO,CI,3,3) and bias (CO). */
export interface FormulaLayer {
  readonly weight: Float32Array<ArrayBuffer>;
  readonly bias: Float32Array<ArrayBuffer>;
  readonly ci: number;
  readonly co: number;
}

/**
 * The encoder's layers: level l has widths baseWidth * 2^l and two convolutions. Convolution k = 2l + (0 or 1) takes its weight
 * from stream 2k with bound sqrt(6 / (9 CI)) (which keeps the size of the activations from layer to layer) and its bias from stream 2k + 1 with bound 0.1.
 */
export function formulaEncoder(baseWidth: number, inChannels: number): [FormulaLayer, FormulaLayer][] {
  const layer = (k: number, ci: number, co: number): FormulaLayer => ({
    weight: formulaTensor(2 * k, co * ci * 9, Math.sqrt(6 / (9 * ci))),
    bias: formulaTensor(2 * k + 1, co, 0.1),
    ci,
    co,
  });
  return [0, 1, 2, 3, 4].map((level) => {
    const co = baseWidth * 2 ** level;
    return [layer(2 * level, level === 0 ? inChannels : co / 2, co), layer(2 * level + 1, co, co)];
  });
}
