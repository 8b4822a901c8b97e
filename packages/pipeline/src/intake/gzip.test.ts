import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { gunzip } from "./gzip.ts";

const bytes = (n: number, seed: number) => Uint8Array.from({ length: n }, (_, i) => (i * seed + (i >> 8)) & 255);

describe("gunzip", () => {
  it.each([0, 1, 100, 70_000, 1_000_000])("gives back %i bytes", async (n) => {
    expect(await gunzip(gzipSync(bytes(n, 7)), "f", 2 ** 30)).toEqual(bytes(n, 7));
  });

  it("refuses a stream that is longer than it says", async () => {
    const packed = gzipSync(bytes(100_000, 3));
    packed.writeUInt32LE(50_000, packed.length - 4);
    await expect(gunzip(packed, "f", 2 ** 30)).rejects.toMatchObject({ name: "IntakeError" });
  });

  it("stops at the limit, whatever length the stream claims", async () => {
    await expect(gunzip(gzipSync(bytes(100_000, 3)), "f", 50_000)).rejects.toMatchObject({
      name: "IntakeError",
      message: expect.stringMatching(/unpacks to more than/) as unknown,
    });
  });

  it("says that a stream is cut short", async () => {
    const packed = gzipSync(bytes(100_000, 3));
    await expect(gunzip(packed.subarray(0, packed.length - 20), "f", 2 ** 30)).rejects.toMatchObject({
      message: expect.stringMatching(/end early or are damaged/) as unknown,
    });
  });
});
