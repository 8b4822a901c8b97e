import { crc32, inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { randomFor } from "./random.ts";
import { encodePng } from "./png.ts";

/** The chunks of a PNG file, their CRCs checked with zlib's. */
function chunksOf(bytes: Uint8Array): Map<string, Buffer> {
  const file = Buffer.from(bytes);
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < file.length;) {
    const length = file.readUInt32BE(at);
    const named = file.subarray(at + 4, at + 8 + length);
    expect(file.readUInt32BE(at + 8 + length)).toBe(crc32(named));
    chunks.set(named.toString("latin1", 0, 4), named.subarray(4));
    at += 12 + length;
  }
  return chunks;
}

describe("a PNG file", () => {
  it("has the signature, the three chunks with right checksums, and the pixels row by row", () => {
    const [width, height] = [37, 11];
    const random = randomFor(1, "png");
    const rgb = Uint8Array.from({ length: 3 * width * height }, () => Math.floor(256 * random()));
    const bytes = encodePng({ width, height, rgb });
    expect([...bytes.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
    const chunks = chunksOf(bytes);
    expect([...chunks.keys()]).toEqual(["IHDR", "IDAT", "IEND"]);
    expect([...chunks.get("IHDR")!]).toEqual([0, 0, 0, width, 0, 0, 0, height, 8, 2, 0, 0, 0]);
    const rows = inflateSync(chunks.get("IDAT")!);
    for (let y = 0; y < height; y++) {
      const row = rows.subarray(y * (1 + 3 * width), (y + 1) * (1 + 3 * width));
      expect(row[0]).toBe(0);
      expect([...row.subarray(1)]).toEqual([...rgb.subarray(3 * width * y, 3 * width * (y + 1))]);
    }
  });

  it("is refused where the pixels are not width x height", () => {
    expect(() => encodePng({ width: 2, height: 2, rgb: new Uint8Array(11) })).toThrow(/2 x 2 pixels take 12 bytes, 11 came/);
  });
});
