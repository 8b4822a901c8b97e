import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { gunzip } from "./gzip.ts";

const bytes = (n: number, seed: number) => Uint8Array.from({ length: n }, (_, i) => (i * seed + (i >> 8)) & 255);

describe("gunzip", () => {
  it.each([0, 1, 100, 70_000, 1_000_000])("gives back %i bytes", async (n) => {
    expect(await gunzip(gzipSync(bytes(n, 7)), "f", 2 ** 30)).toEqual(bytes(n, 7));
  });

  it("joins the members of a stream, whose last length is not that of the whole", async () => {
    const [a, b] = [bytes(200_000, 3), bytes(50_000, 5)];
    expect(await gunzip(Buffer.concat([gzipSync(a), gzipSync(b)]), "f", 2 ** 30)).toEqual(Uint8Array.from([...a, ...b]));
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
