import { describe, expect, it } from "vitest";
import { AXIS_ALIGNED, type Mask, type Triple } from "../volume.ts";
import { shiftSurface } from "./shift-surface.ts";

/** A ball of a radius in mm in the middle of a grid. */
function ball(radius: number, shape: Triple = [30, 40, 50], spacing: Triple = [1.5, 1, 0.8]): Mask {
  const data = new Uint8Array(shape[0] * shape[1] * shape[2]);
  for (let i = 0; i < data.length; i++) {
    const at = [Math.floor(i / (shape[1] * shape[2])), Math.floor(i / shape[2]) % shape[1], i % shape[2]];
    const r2 = at.reduce((sum, v, a) => sum + ((v - (shape[a]! - 1) / 2) * spacing[a]!) ** 2, 0);
    data[i] = Number(r2 <= radius ** 2);
  }
  return { shape, spacing, origin: [0, 0, 0], direction: AXIS_ALIGNED, data };
}
const volume = ({ data, spacing }: Mask) => data.reduce((n, v) => n + v, 0) * spacing[0] * spacing[1] * spacing[2];
const sphere = (radius: number) => (4 / 3) * Math.PI * radius ** 3;

describe("shiftSurface", () => {
  it("makes of a ball of 12 mm balls of 15 and of 9 mm, to 6 % of their volume", () => {
    expect(volume(shiftSurface(ball(12), 3)) / sphere(15)).toBeCloseTo(1, 0.9);
    expect(volume(shiftSurface(ball(12), -3)) / sphere(9)).toBeCloseTo(1, 0.9);
    expect(volume(shiftSurface(ball(12), 3))).toBeGreaterThan(sphere(14));
    expect(volume(shiftSurface(ball(12), -3))).toBeLessThan(sphere(10));
  });

  it("without a shift, or with one below every voxel's size, leaves the mask as it is", () => {
    const mask = ball(8);
    for (const shift of [0, 0.5, -0.5]) expect(shiftSurface(mask, shift).data.every((v, i) => v === mask.data[i])).toBe(true);
  });

  it("holds the mask when it grows and lies in it when it shrinks", () => {
    const mask = ball(9);
    const [wide, tight] = [shiftSurface(mask, 2), shiftSurface(mask, -2)];
    expect(mask.data.every((v, i) => v <= wide.data[i]!)).toBe(true);
    expect(tight.data.every((v, i) => v <= mask.data[i]!)).toBe(true);
  });

  it("leaves nothing of a tumour thinner than twice the shift", () => {
    expect(volume(shiftSurface(ball(3), -4))).toBe(0);
  });

  it("does not take the image's edge for a surface", () => {
    const slab: Mask = { ...ball(1, [4, 5, 6], [1, 1, 1]), data: new Uint8Array(120).fill(1) };
    expect(shiftSurface(slab, -1).data.every((v) => v === 1)).toBe(true);
    expect(shiftSurface(slab, 3).data.every((v) => v === 1)).toBe(true);
  });
});
