import { gzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../test/helpers/close.ts";
import { golden } from "../../../../test/helpers/golden.ts";
import { readImage } from "./image.ts";
import { readNifti } from "./nifti.ts";
import { sourceFromFiles } from "./source.ts";

interface Case {
  readonly name: string;
  readonly file: string;
  readonly values: number[];
  readonly corners: { index: [number, number, number]; position: [number, number, number] }[];
}

const { cases } = golden<{ cases: Case[] }>("intake-nifti");
const bytesOf = ({ file }: Case) => Uint8Array.from(Buffer.from(file, "base64"));
const named = (name: string) => bytesOf(cases.find((c) => c.name === name)!);
const read = (bytes: Uint8Array, name = "scan.nii") => readImage(sourceFromFiles(name, [{ name, bytes }]));

/** A copy with one header field overwritten. */
function patched(bytes: Uint8Array, patch: (view: DataView) => void): Uint8Array {
  const copy = bytes.slice();
  patch(new DataView(copy.buffer));
  return copy;
}

describe("readNifti finds what nibabel finds", () => {
  it.each(cases.map((c) => [c.name, c] as const))("in %s", (_, wanted) => {
    const { image } = readNifti(bytesOf(wanted), "scan.nii");
    expect(Float64Array.from(image.data, Number)).toEqual(Float64Array.from(wanted.values));
    for (const { index, position } of wanted.corners) {
      const lps = image.origin.map((o, c) => o + index.reduce((sum, i, a) => sum + i * image.steps[a]![c]!, 0));
      // Headers hold 32-bit numbers, and the rotation of a qform is recomputed from its quaternion.
      expectClose([-lps[0]!, -lps[1]!, lps[2]!], position, { atol: 2e-5 });
    }
  });
});

describe("a NIfTI file", () => {
  it("reads the same gzipped or plain, whatever its name", async () => {
    const plain = await read(named("oblique"));
    const packed = await read(gzipSync(named("oblique")), "IMAGE.bin");
    expect(packed.volume).toEqual(plain.volume);
    expect(packed.report.format).toBe("nifti");
  });

  it("says when its sform and qform disagree, and which one was used", async () => {
    const { report } = await read(named("sform and qform disagree"));
    expect(report.warnings).toEqual(["scan.nii: its sform and qform place the image up to 8.7 mm apart; the sform was used"]);
  });

  it("says when it is not oriented at all", async () => {
    const bytes = patched(named("int16"), (view) => {
      view.setInt16(252, 0, true);
      view.setInt16(254, 0, true);
    });
    const { volume, report } = await read(bytes);
    expect(volume.spacing).toEqual([3, 2, 1.5]);
    expect(report.orientation).toBe("LPS");
    expect(report.warnings).toEqual([
      "scan.nii: its header does not say how it is oriented; its axes were taken as left, posterior, superior",
    ]);
  });

  it("falls back to the qform where the sform is sheared, and is refused where that is all there is", async () => {
    const sheared = patched(named("int16"), (view) => {
      view.setInt16(252, 1, true);
      view.setInt16(254, 1, true);
      view.setFloat32(284, 0.7, true);
    });
    expect((await read(sheared)).report.warnings[0]).toMatch(/the qform, since the sform is sheared, was used$/);
    const alone = patched(sheared, (view) => view.setInt16(252, 0, true));
    await expect(read(alone)).rejects.toThrow(/^scan.nii: its axes are 19.3 degrees from a right angle/);
  });

  it("keeps NaN and infinities and counts them", async () => {
    const bytes = patched(named("float32"), (view) => {
      view.setFloat32(352, NaN, true);
      view.setFloat32(356, -Infinity, true);
    });
    const { volume, report } = await read(bytes);
    expect(report.notFinite).toBe(2);
    expect(volume.data.filter((v) => !Number.isFinite(v))).toHaveLength(2);
    expect(report.warnings).toEqual([expect.stringMatching(/^scan.nii: 2 of 60 voxels hold NaN or an infinity and were kept as they are/)]);
    expect(report.valueRange.every(Number.isFinite)).toBe(true);
  });

  it.each([1, 3, 100, 119])("cut short by %d bytes is refused with what its header announces", async (missing) => {
    const whole = named("int16");
    await expect(read(whole.subarray(0, whole.length - missing))).rejects.toThrow(
      `scan.nii: is cut short: its header announces 5 x 4 x 3 voxels, 472 bytes with the header, and it has ${472 - missing}; copy or export it again`,
    );
  });

  it("whose gzip data are cut short, damaged or empty is refused", async () => {
    const packed = gzipSync(named("int16"));
    await expect(read(packed.subarray(0, packed.length - 40), "scan.nii.gz")).rejects.toThrow(
      /^scan.nii.gz: its gzip data end early or are damaged .* copy or export the file again/,
    );
    await expect(
      read(
        patched(packed, (view) => view.setUint8(packed.length - 6, 0x55)),
        "scan.nii.gz",
      ),
    ).rejects.toThrow(/gzip data end early or are damaged/);
    await expect(read(packed.subarray(0, 5), "scan.nii.gz")).rejects.toThrow(/gzip data end early or are damaged/);
  });

  it("with several frames, colours, complex numbers, two dimensions, a second file or version 2 is refused with its way out", async () => {
    const base = named("int16");
    const short = (...pairs: [at: number, value: number][]) =>
      patched(base, (view) => pairs.forEach(([at, value]) => view.setInt16(at, value, true)));
    await expect(read(short([40, 4], [48, 7]))).rejects.toThrow(/holds 7 frames of 5 x 4 x 3 voxels, expected one; split it/);
    await expect(read(short([70, 128]))).rejects.toThrow(/holds RGB colours, expected one number a voxel/);
    await expect(read(short([70, 32]))).rejects.toThrow(/holds complex numbers, expected one number a voxel/);
    await expect(read(short([40, 2]))).rejects.toThrow(/is a 2D picture of 5 x 4, expected a volume/);
    await expect(read(short([42, -5]))).rejects.toThrow(/has a damaged NIfTI header \(sizes -5 x 4 x 3\)/);
    await expect(read(patched(base, (view) => view.setUint8(345, 0x69)))).rejects.toThrow(
      /two-file NIfTI \(.hdr and .img\), expected a single .nii/,
    );
    const second = new Uint8Array(600);
    second.set([0x1c, 2, 0, 0, 0x6e, 0x2b, 0x32, 0]);
    await expect(read(second)).rejects.toThrow(/is NIfTI-2, expected NIfTI-1/);
  });

  it("takes metres and micrometres for what they are", async () => {
    const inMetres = patched(named("int16"), (view) => view.setUint8(123, 1));
    expect((await read(inMetres)).volume.spacing).toEqual([3000, 2000, 1500]);
  });
});
