// Pooling: the largest of 2 x 2 and its gradient, and the average of a plane.
import { globalAveragePool, maxPool2d, maxPool2dBackward as maxPool2dBackwardReference } from "../../packages/gpu-unet/reference/pool.ts";
import { globalAveragePoolForward } from "../../packages/gpu-unet/src/ops/global-average-pool.ts";
import { maxPool2dBackward, maxPool2dForward } from "../../packages/gpu-unet/src/ops/max-pool2d.ts";
import { largest, ROUNDING, type OpCase } from "./case.ts";

const pooled = [
  [1, 1, 2, 2],
  [2, 3, 7, 5],
  [1, 5, 16, 16],
  [3, 2, 34, 18],
] as const;

const averaged = [
  [1, 1, 1, 1],
  [2, 3, 5, 7],
  [1, 2, 8, 8],
  [2, 65, 16, 16],
] as const;

/** Pooling's part of the table. */
export const poolCases: readonly OpCase[] = [
  ...pooled.map(([N, C, H, W]): OpCase => ({
    title: `maxPool2d equals the reference on (${[N, C, H, W]})`,
    async run(device) {
      const x = device.filled([N, C, H, W], 7);
      const y = device.empty([N, C, Math.floor(H / 2), Math.floor(W / 2)]);
      const [got] = await device.run([y], (pass) => maxPool2dForward(device.gpu, pass, x.tensor, y));
      return [{ what: "y", got: got!, want: maxPool2d(x.data, N * C, H, W) }];
    },
  })),
  {
    title: "maxPool2d keeps the largest of negative values",
    async run(device) {
      const [x, y] = [device.from([1, 1, 2, 2], Float32Array.of(-4, -3, -2.5, -9)), device.empty([1, 1, 1, 1])];
      const [got] = await device.run([y], (pass) => maxPool2dForward(device.gpu, pass, x, y));
      return [{ what: "y", got: got!, want: [-2.5] }];
    },
  },
  ...[pooled[0], pooled[1], pooled[3]].map(([N, C, H, W]): OpCase => ({
    title: `maxPool2d's gradient equals the reference on (${[N, C, H, W]}), windows with equal pixels included`,
    async run(device) {
      const x = Float32Array.from(device.filled([N, C, H, W], 7).data, (v) => Math.round(v * 3));
      const dy = device.filled([N, C, Math.floor(H / 2), Math.floor(W / 2)], 8);
      const [input, dx] = [device.from([N, C, H, W], x), device.filled([N, C, H, W], 9).tensor];
      const [got] = await device.run([dx], (pass) => maxPool2dBackward(device.gpu, pass, input, dy.tensor, dx));
      return [{ what: "dx", got: got!, want: maxPool2dBackwardReference(x, dy.data, N * C, H, W) }];
    },
  })),
  ...averaged.map(([N, C, H, W]): OpCase => ({
    title: `globalAveragePool equals the reference on (${[N, C, H, W]})`,
    async run(device) {
      const x = device.filled([N, C, H, W], 8);
      const y = device.empty([N, C]);
      const [got] = await device.run([y], (pass) => globalAveragePoolForward(device.gpu, pass, x.tensor, y));
      // The sum's bound, divided like the sum; the division itself is off by 2.5 units in the last place at most (WGSL, 15.7.4.1).
      const want = globalAveragePool(x.data, N * C, H * W);
      return [{ what: "y", got: got!, want, atol: ROUNDING * largest(x.data) * 2, rtol: ROUNDING * 5 }];
    },
  })),
];
