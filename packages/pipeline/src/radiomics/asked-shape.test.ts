import { describe, expect, it } from "vitest";
import { AskedShape, layOutMask, shapeBytes, shapeOfOffer } from "./asked-shape.ts";
import { shapeInBox } from "./morphology.ts";

/** A ball that touches the six sides of its box. */
function ball(n: number) {
  const morphological = new Uint8Array(n ** 3);
  for (let i = 0; i < n ** 3; i++) {
    const [z, y, x] = [Math.floor(i / n ** 2), Math.floor(i / n) % n, i % n].map((k) => k - (n - 1) / 2) as [number, number, number];
    if (z * z + y * y + x * x <= (n / 2) ** 2) morphological[i] = 1;
  }
  return { shape: [n, n, n] as const, spacing: [2, 1, 1] as const, morphological };
}

const asked = (number: number, buffer = new SharedArrayBuffer(shapeBytes(9 ** 3))) => {
  const mask = ball(9);
  const offer = { buffer, number, shape: mask.shape, spacing: mask.spacing };
  layOutMask(offer, mask);
  return { mask, offer };
};

describe("a shape that the other thread was asked for", () => {
  it("is the other's where it has begun, and is measured once", async () => {
    const { mask, offer } = asked(1);
    const theirs = Promise.resolve(shapeOfOffer(offer));
    expect(shapeOfOffer(offer)).toBeNull();
    expect(await new AskedShape(mask, offer, theirs).finish()).toBe(await theirs);
    expect(await theirs).toEqual(shapeInBox(mask));
  });

  it("is this thread's where the other has not begun, which then finds nothing to do", async () => {
    const { mask, offer } = asked(2);
    const never = new Promise<null>(() => {});
    expect(await new AskedShape(mask, offer, never).finish()).toEqual(shapeInBox(mask));
    expect(shapeOfOffer(offer)).toBeNull();
  });

  it("is this thread's where the other has died with it", async () => {
    const { mask, offer } = asked(3);
    expect(shapeOfOffer(offer)).not.toBeNull();
    expect(await new AskedShape(mask, offer, Promise.resolve(null)).finish()).toEqual(shapeInBox(mask));
  });

  it("is not that of a mask that has made way for another", () => {
    const { offer } = asked(4);
    asked(5, offer.buffer);
    expect(shapeOfOffer(offer)).toBeNull();
  });
});
