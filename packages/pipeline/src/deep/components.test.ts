import { describe, expect, it } from "vitest";
import { randomFor } from "../random.ts";
import type { Triple } from "../volume.ts";
import { fillHoles, largestComponent } from "./components.ts";

/** The slow twin: every voxel takes the lowest label among its connected neighbours, again and again, until nothing changes. */
function labelled(data: Uint8Array, [, ny, nx]: Triple, isConnected: (steps: number) => boolean): Int32Array {
  const labels = Int32Array.from(data, (value, i) => (value ? i + 1 : 0));
  for (let changed = true; changed;) {
    changed = false;
    for (let i = 0; i < data.length; i++) {
      if (!data[i]) continue;
      const [z, y, x] = [Math.floor(i / (ny * nx)), Math.floor(i / nx) % ny, i % nx];
      for (let j = 0; j < data.length; j++) {
        const d = [Math.abs(Math.floor(j / (ny * nx)) - z), Math.abs((Math.floor(j / nx) % ny) - y), Math.abs((j % nx) - x)];
        if (!data[j] || Math.max(...d) > 1 || !isConnected(d[0]! + d[1]! + d[2]!)) continue;
        if (labels[j]! < labels[i]!) {
          labels[i] = labels[j]!;
          changed = true;
        }
      }
    }
  }
  return labels;
}

const shape: Triple = [4, 6, 7];
const [nz, ny, nx] = shape;
const volumes = [0.15, 0.35, 0.7, 0.85].map((share, seed) => {
  const random = randomFor(seed, "components");
  return Uint8Array.from({ length: nz * ny * nx }, () => Number(random() < share));
});

describe("the largest piece of a mask", () => {
  it("is the one that a search without shortcuts finds, on random masks from sparse to dense", () => {
    for (const data of volumes) {
      const labels = labelled(data, shape, () => true);
      const sizes = new Map<number, number>();
      for (const label of labels) if (label) sizes.set(label, (sizes.get(label) ?? 0) + 1);
      const most = Math.max(...sizes.values());
      const first = [...sizes].find(([, size]) => size === most)![0];
      expect(largestComponent(data, shape)).toEqual(Uint8Array.from(labels, (label) => Number(label === first)));
    }
  });

  it("is nothing where there is nothing", () => {
    expect(largestComponent(new Uint8Array(24), [2, 3, 4])).toEqual(new Uint8Array(24));
    expect(largestComponent(new Uint8Array(0), [0, 0, 0])).toEqual(new Uint8Array(0));
  });
});

describe("filled holes", () => {
  it("are the background that faces do not lead to from the border, on random masks", () => {
    for (const data of volumes) {
      const background = data.map((value) => 1 - value);
      const labels = labelled(background, shape, (steps) => steps <= 1);
      const open = new Set<number>();
      labels.forEach((label, i) => {
        const [z, y, x] = [Math.floor(i / (ny * nx)), Math.floor(i / nx) % ny, i % nx];
        if (label && (z % (nz - 1) === 0 || y % (ny - 1) === 0 || x % (nx - 1) === 0)) open.add(label);
      });
      expect(fillHoles(data, shape)).toEqual(Uint8Array.from(data, (value, i) => Number(value === 1 || !open.has(labels[i]!))));
    }
  });

  it("close a hollow ball and leave a cup open", () => {
    const ball = new Uint8Array(125).map((_, i) => {
      const r = [Math.floor(i / 25) - 2, (Math.floor(i / 5) % 5) - 2, (i % 5) - 2].map(Math.abs);
      return Number(Math.max(...r) === 1);
    });
    expect(fillHoles(ball, [5, 5, 5])[62]).toBe(1);
    ball[62 + 25] = 0;
    expect(fillHoles(ball, [5, 5, 5])[62]).toBe(0);
  });
});
