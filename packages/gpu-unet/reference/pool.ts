// The definitions of the pooling layers, in f64. `planes` counts images times channels.

/** Largest of each 2x2 window, stride 2; an odd last row or column is left out. */
export function maxPool2d(x: ArrayLike<number>, planes: number, H: number, W: number): Float64Array {
  const [OH, OW] = [Math.floor(H / 2), Math.floor(W / 2)];
  return Float64Array.from({ length: planes * OH * OW }, (_, k) => {
    const [plane, i, j] = [Math.floor(k / (OH * OW)), Math.floor(k / OW) % OH, k % OW];
    const window = [0, 1].flatMap((a) => [0, 1].map((b) => x[(plane * H + 2 * i + a) * W + 2 * j + b]!));
    return Math.max(...window);
  });
}

/** Mean of each plane of `size` pixels. */
export function globalAveragePool(x: ArrayLike<number>, planes: number, size: number): Float64Array {
  const y = new Float64Array(planes);
  for (let i = 0; i < planes * size; i++) y[Math.floor(i / size)]! += x[i]! / size;
  return y;
}

/** The gradient of x (planes, H, W): that of each window goes to the first of its largest pixels, row by row. */
export function maxPool2dBackward(x: ArrayLike<number>, dy: ArrayLike<number>, planes: number, H: number, W: number): Float64Array {
  const [OH, OW] = [Math.floor(H / 2), Math.floor(W / 2)];
  const dx = new Float64Array(planes * H * W);
  for (let k = 0; k < planes * OH * OW; k++) {
    const [plane, i, j] = [Math.floor(k / (OH * OW)), Math.floor(k / OW) % OH, k % OW];
    const window = [0, 1].flatMap((a) => [0, 1].map((b) => (plane * H + 2 * i + a) * W + 2 * j + b));
    const values = window.map((at) => x[at]!);
    dx[window[values.indexOf(Math.max(...values))]!] = dy[k]!;
  }
  return dx;
}
