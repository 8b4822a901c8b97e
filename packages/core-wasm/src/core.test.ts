import { describe, expect, test } from "vitest";
import { loadCore } from "./core.ts";
import { hasRelaxedSimd } from "./simd-build.ts";

test("Node has relaxed SIMD, so the default build is the relaxed one", async () => {
  expect(hasRelaxedSimd()).toBe(true);
  expect((await loadCore()).build).toBe("relaxed");
});

test("two cores have memories of their own", async () => {
  const [a, b] = await Promise.all([loadCore("simd"), loadCore("simd")]);
  expect(a.exports.memory).not.toBe(b.exports.memory);
});

describe("the arena", () => {
  test("gives each scope its memory back, also when its body throws", async () => {
    const { arena } = await loadCore("simd");
    const top = arena.top;
    arena.scope(() => {
      arena.zeros(Float32Array, 1000);
      const inner = arena.top;
      expect(() =>
        arena.scope(() => {
          arena.zeros(Uint8Array, 7);
          throw new Error("in the body");
        }),
      ).toThrow("in the body");
      expect(arena.top).toBe(inner);
    });
    expect(arena.top).toBe(top);
  });

  test("copies in and out, aligns to a cache line, and clears what a former scope left", async () => {
    const { arena } = await loadCore("simd");
    arena.scope(() => {
      arena.from(Uint8Array, Uint8Array.of(9, 9, 9));
      const slot = arena.from(Float64Array, Float64Array.of(1, 2, 3));
      expect(slot.ptr % 64).toBe(0);
      expect([...slot.copy()]).toEqual([1, 2, 3]);
    });
    arena.scope(() => expect([...arena.zeros(Uint8Array, 300).view()]).toEqual(Array.from({ length: 300 }, () => 0)));
  });

  test("a slot survives the growth of the memory, and addresses beyond 2 GiB are positive", async () => {
    const { arena, exports } = await loadCore("simd");
    arena.scope(() => {
      const slot = arena.from(Int32Array, Int32Array.of(-5, 7));
      arena.empty(Uint8Array, 2 ** 31);
      const high = arena.from(Int32Array, Int32Array.of(11));
      expect(high.ptr).toBeGreaterThan(2 ** 31);
      expect([...slot.copy(), ...high.copy()]).toEqual([-5, 7, 11]);
      expect(exports.memory.buffer.byteLength).toBeGreaterThan(2 ** 31);
    });
  });

  test("refuses what 4 GiB cannot hold, with the size that was asked for", async () => {
    const { arena } = await loadCore("simd");
    const ask = () => arena.scope(() => arena.empty(Float64Array, 2 ** 30));
    expect(ask).toThrow(/8\.00 GiB were asked for .* holds 4 GiB\. Crop the volume/);
    expect(ask).toThrow(expect.objectContaining({ name: "DeviceError" }));
  });

  test("keeps what is allocated by keep, and tells apart what is kept and what is scratch", async () => {
    const { arena } = await loadCore("simd");
    const kept = arena.keep(Float32Array, 3);
    kept.view().set([1, 2, 3]);
    arena.scope(() => arena.zeros(Float32Array, 1000));
    expect([...kept.copy()]).toEqual([1, 2, 3]);
    expect(() => arena.zeros(Float32Array, 1)).toThrow("inside arena.scope");
    expect(() => arena.scope(() => arena.keep(Float32Array, 1))).toThrow("outside every scope");
  });
});
