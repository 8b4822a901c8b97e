import { describe, expect, it } from "vitest";
import { readNpy, writeNpy } from "./npy.ts";

describe("npy", () => {
  it("gives back what was written, for shapes of one to four axes", () => {
    for (const shape of [[3], [2, 3], [1, 2, 3], [2, 1, 2, 2]]) {
      const data = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => i / 7);
      const bytes = writeNpy({ shape, data });
      expect(readNpy(bytes, "x.npy")).toEqual({ shape, data });
      expect((bytes.length - data.byteLength) % 64).toBe(0);
    }
  });

  it("refuses a truncated array, another type and another file with the way out", () => {
    const bytes = writeNpy({ shape: [4], data: new Float32Array(4) });
    expect(() => readNpy(bytes.slice(0, -4), "x.npy")).toThrow(/x\.npy: its header says 4 numbers .* the file holds 3/);
    expect(() =>
      readNpy(
        bytes.map((b, i) => (b === 0x34 && i < 40 ? 0x38 : b)),
        "x.npy",
      ),
    ).toThrow(/holds <f8; expected float32/);
    expect(() => readNpy(new Uint8Array(20), "x.npy")).toThrow(/is not a \.npy array/);
  });
});
