import { describe, expect, test } from "vitest";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";

/** A file with this header and this many bytes after it. */
function file(header: unknown, dataBytes: number | Uint8Array = 0): Uint8Array {
  const json = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const data = typeof dataBytes === "number" ? new Uint8Array(dataBytes) : dataBytes;
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
}

const f32 = (shape: number[], begin: number, end: number) => ({ dtype: "F32", shape, data_offsets: [begin, end] });

describe("a safetensors file", () => {
  test("comes back as it was written, in its order, with its metadata", () => {
    const tensors = new Map([
      ["b", { shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 0, 1e-30, -7) }],
      ["a", { shape: [], data: Float32Array.of(42) }],
      ["none", { shape: [0, 4], data: new Float32Array(0) }],
    ]);
    const bytes = writeSafetensors({ metadata: { ö: "ü €" }, tensors });
    const { metadata, tensors: read } = readSafetensors(bytes, "f");
    expect(metadata).toEqual({ ö: "ü €" });
    expect(new Map(read)).toEqual(tensors);
    expect(new DataView(bytes.buffer).getUint32(0, true) % 8, "arrays are aligned").toBe(0);
  });

  test("may be written as float16, rounded, at half the size; a value beyond float16 is refused by name", () => {
    const tensors = new Map([["x", { shape: [3], data: Float32Array.of(0.1, -2, 65504) }]]);
    const bytes = writeSafetensors({ metadata: {}, tensors }, "F16");
    expect([...readSafetensors(bytes, "f").tensors.get("x")!.data]).toEqual([0.0999755859375, -2, 65504]);
    expect(bytes.length % 8, "3 halves after an aligned header").toBe(6);
    const large = new Map([["decoder.0.up.bias", { shape: [1], data: Float32Array.of(-70000) }]]);
    expect(() => writeSafetensors({ metadata: {}, tensors: large }, "F16")).toThrow(
      "decoder.0.up.bias: holds -70000, and float16 ends at 65504; write these weights as float32",
    );
  });

  test("is read wherever it lies in memory", () => {
    const inner = file({ x: f32([1], 0, 4) }, new Uint8Array(Float32Array.of(1.25).buffer));
    const outer = new Uint8Array(inner.length + 3);
    outer.set(inner, 3);
    expect([...readSafetensors(outer.subarray(3), "f").tensors.get("x")!.data]).toEqual([1.25]);
  });

  test("gives float32 for F16, BF16 and F64, with subnormals, infinities and not-a-number", () => {
    const data = new Uint8Array(8 * 2 + 7 * 2 + 2 * 8);
    const view = new DataView(data.buffer);
    [0x3c00, 0xc000, 0x0001, 0x8000, 0x7bff, 0x7c00, 0xfc00, 0x7e00].forEach((bits, i) => view.setUint16(i * 2, bits, true));
    [0x3f80, 0xc040, 0x0001, 0x8000, 0x7f7f, 0x7f80, 0x7fc0].forEach((bits, i) => view.setUint16(16 + i * 2, bits, true));
    [Math.PI, 1e300].forEach((value, i) => view.setFloat64(30 + i * 8, value, true));
    const { tensors } = readSafetensors(
      file(
        {
          h: { dtype: "F16", shape: [8], data_offsets: [0, 16] },
          b: { dtype: "BF16", shape: [7], data_offsets: [16, 30] },
          d: { dtype: "F64", shape: [2], data_offsets: [30, 46] },
        },
        data,
      ),
      "f",
    );
    expect([...tensors.get("h")!.data]).toEqual([1, -2, 2 ** -24, -0, 65504, Infinity, -Infinity, NaN]);
    expect([...tensors.get("b")!.data]).toEqual([1, -3, Math.fround(2 ** -133), -0, Math.fround(255 * 2 ** 120), Infinity, NaN]);
    expect([...tensors.get("d")!.data]).toEqual([Math.fround(Math.PI), Infinity]);
  });

  test.each([
    ["fewer than 10 bytes", new Uint8Array(5), /expected a safetensors file, which has at least 10 bytes, and it has 5/],
    [
      "another format",
      new TextEncoder().encode("PK\u0003\u0004 a zip of PyTorch"),
      /this is another format; a PyTorch \.pt or \.pth file has to be saved as safetensors first/,
    ],
    [
      "a header cut short",
      file({ x: f32([1], 0, 4) }, 4).subarray(0, 30),
      /its header should take 54 bytes and the file ends after 22 of them/,
    ],
    ["a header that is not JSON", file("{ not json"), /header is not JSON/],
    ["metadata that are not strings", file({ __metadata__: { baseWidth: 64 } }), /__metadata__ must map names to strings; convert numbers/],
    [
      "an entry without a shape",
      file({ x: { dtype: "F32", data_offsets: [0, 4] } }, 4),
      /entry x must have a dtype, a shape and two data_offsets/,
    ],
    ["a negative length", file({ x: f32([-1], 0, 4) }, 4), /entry x must have/],
    ["offsets that go backwards", file({ x: f32([0], 4, 0) }, 0), /x ends at byte 0, before it begins at 4/],
    ["arrays that overlap", file({ x: f32([2], 0, 8), y: f32([2], 4, 12) }, 12), /y begins at byte 4, inside x, which ends at 8/],
    [
      "a gap between arrays",
      file({ x: f32([1], 0, 4), y: f32([1], 8, 12) }, 12),
      /y begins at byte 8 and nothing describes the bytes from 4 on/,
    ],
    ["arrays cut short", file({ x: f32([4], 0, 16) }, 12), /truncated: its arrays take 16 bytes and 12 are there/],
    ["bytes after the last array", file({ x: f32([1], 0, 4) }, 6), /2 bytes follow its last array/],
    [
      "a shape that disagrees with its offsets",
      file({ x: f32([3], 0, 8) }, 8),
      /x has shape \[3\], which takes 12 bytes as F32, and its offsets span 8/,
    ],
    [
      "a type that is no floating-point number",
      file({ x: { dtype: "I64", shape: [1], data_offsets: [0, 8] } }, 8),
      /x is stored as I64; expected F64, F32, F16, BF16\. Convert/,
    ],
  ])("is refused for %s, naming the file", (_, bytes, sentence) => {
    const error = (() => {
      try {
        readSafetensors(bytes, "weights/a.safetensors");
      } catch (caught) {
        return caught as Error;
      }
      return undefined;
    })();
    expect(error).toMatchObject({ name: "IntakeError", file: "weights/a.safetensors", message: expect.stringMatching(sentence) });
    expect(error?.message).toMatch(/^weights\/a\.safetensors: /);
  });

  test("may hold an array of any type where it is not wanted", () => {
    const bytes = file({ n: { dtype: "I64", shape: [], data_offsets: [0, 8] } }, 8);
    expect(readSafetensors(bytes, "f", () => false).tensors.size).toBe(0);
  });
});
