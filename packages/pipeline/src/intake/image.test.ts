// Formats by content, refusals of what is no image, and NRRD and MetaImage through ITK.
import { gzipSync, zlibSync } from "fflate";
import { describe, expect, it } from "vitest";
import { readImage } from "./image.ts";
import { sourceFromFiles, type SourceFile } from "./source.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const joined = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const file = (name: string, bytes: Uint8Array): SourceFile => ({ name, bytes });
const read = (...files: SourceFile[]) => readImage(sourceFromFiles(files.length === 1 ? files[0]!.name : "folder", files));

/** 60 values, 0..59, as 16-bit integers. */
const voxels = new Uint8Array(Int16Array.from({ length: 60 }, (_, i) => i).buffer);

interface Nrrd {
  readonly encoding?: string;
  readonly fields?: string;
  readonly space?: string;
  readonly data?: Uint8Array;
}
function nrrd({ encoding = "raw", fields = "dimension: 3\nsizes: 5 4 3", space, data = voxels }: Nrrd = {}): Uint8Array {
  const where = space ?? "space: left-posterior-superior\nspace directions: (1,0,0) (0,2,0) (0,0,3)\nspace origin: (10,20,30)";
  return joined(
    utf8(`NRRD0004\n# a comment\ntype: short\n${fields}\n${where}\nendian: little\nencoding: ${encoding}\n\n`),
    encoding === "gzip" ? gzipSync(data) : data,
  );
}

function mha({ fields = "", isPacked = false, data = voxels, geometry = "" } = {}): Uint8Array {
  const packed = isPacked ? zlibSync(data) : data;
  const size = isPacked ? `CompressedDataSize = ${packed.length}\n` : "";
  const where = geometry || "TransformMatrix = 1 0 0 0 1 0 0 0 1\nOffset = 10 20 30\nElementSpacing = 1 2 3\n";
  return joined(
    utf8(
      `ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = False\nCompressedData = ${isPacked ? "True" : "False"}\n${size}${where}DimSize = 5 4 3\n${fields}ElementType = MET_SHORT\nElementDataFile = LOCAL\n`,
    ),
    packed,
  );
}

describe("NRRD and MetaImage", () => {
  const expected = { shape: [3, 4, 5], spacing: [3, 2, 1], origin: [30, 20, 10] };

  it.each([
    ["NRRD, raw", "scan.nrrd", nrrd()],
    ["NRRD, gzipped", "scan.nrrd", nrrd({ encoding: "gzip" })],
    ["NRRD, under another name", "scan.img", nrrd()],
    ["MetaImage, raw", "scan.mha", mha()],
    ["MetaImage, compressed", "scan.mha", mha({ isPacked: true })],
    ["MetaImage that ITK wrote from a NIfTI or DICOM file", "scan.mha", mha({ fields: "dim[0] = 3\n0008|0060 = CT\nITK_notes =\n" })],
  ])("%s: values and geometry come through", async (_, name, bytes) => {
    const { volume } = await read(file(name, bytes));
    expect(volume).toMatchObject(expected);
    expect([...volume.data]).toEqual(Array.from({ length: 60 }, (_, i) => i));
  });

  it("in RAS and with turned axes land in the canonical frame", async () => {
    const ras = await read(
      file(
        "a.nrrd",
        nrrd({ space: "space: right-anterior-superior\nspace directions: (1,0,0) (0,2,0) (0,0,3)\nspace origin: (10,20,30)" }),
      ),
    );
    expect(ras.report.orientation).toBe("RAS");
    // The first voxel, 0, lies at L -10, P -20: the largest x and y of the volume.
    expect(ras.volume.origin).toEqual([30, -26, -14]);
    expect(ras.volume.data[3 * 5 + 4]).toBe(0);
    const turned = await read(
      file("b.mha", mha({ geometry: "TransformMatrix = 0.8 0.6 0 -0.6 0.8 0 0 0 1\nOffset = 10 20 30\nElementSpacing = 1 2 3\n" })),
    );
    expect(turned.volume.direction[2]).toEqual([0, 0.6, 0.8]);
    expect(turned.volume.direction[1]).toEqual([0, 0.8, -0.6]);
  });

  it.each([
    [
      "NRRD, raw",
      "scan.nrrd",
      nrrd({ data: voxels.subarray(0, 100) }),
      "scan.nrrd: is cut short: its header announces 5 x 4 x 3 voxels in 120 bytes and 100 follow",
    ],
    ["NRRD, gzipped", "scan.nrrd", nrrd({ encoding: "gzip" }).subarray(0, -20), /its gzip data end early or are damaged/],
    [
      "MetaImage, raw",
      "scan.mha",
      mha({ data: voxels.subarray(0, 100) }),
      "scan.mha: is cut short: its header announces 5 x 4 x 3 voxels in 120 bytes and 100 follow",
    ],
    [
      "MetaImage, compressed",
      "scan.mha",
      mha({ isPacked: true }).subarray(0, -20),
      /is cut short: its header announces 5 x 4 x 3 voxels in \d+ bytes and \d+ follow/,
    ],
    ["NRRD, header only", "scan.nrrd", utf8("NRRD0004\ntype: short\n"), /has a damaged or incomplete NRRD header; save it again/],
    ["MetaImage, header only", "scan.mha", utf8("ObjectType = Image\nNDims = 3\n"), /has a damaged or incomplete MetaImage header/],
  ])("%s, cut short: refused with what was announced", async (_, name, bytes, sentence) => {
    await expect(read(file(name, bytes))).rejects.toMatchObject({ name: "IntakeError", message: expect.stringMatching(sentence) });
  });

  it("whose voxels lie in another file, or are vectors, frames or text, are refused with the way out", async () => {
    await expect(read(file("a.nrrd", nrrd({ fields: "dimension: 3\nsizes: 5 4 3\ndata file: a.raw" })))).rejects.toThrow(
      /is a header whose voxels lie in another file, expected one file with both/,
    );
    await expect(
      read(file("a.mha", utf8("NDims = 3\nDimSize = 5 4 3\nElementType = MET_SHORT\nElementDataFile = a.raw\n"))),
    ).rejects.toThrow(/lie in another file/);
    const vectors = nrrd({
      fields: "dimension: 4\nsizes: 3 5 4 1\nkinds: vector domain domain domain",
      space: "space: left-posterior-superior\nspace directions: none (1,0,0) (0,2,0) (0,0,3)",
    });
    await expect(read(file("a.nrrd", vectors))).rejects.toThrow(/holds 3 numbers a voxel \(colours, vectors or frames\), expected one/);
    await expect(
      read(file("a.mha", mha({ fields: "ElementNumberOfChannels = 3\n", data: joined(voxels, voxels, voxels) }))),
    ).rejects.toThrow(/holds 3 numbers a voxel/);
    await expect(
      read(file("a.nrrd", nrrd({ space: "space: left-posterior-superior\nspace directions: (1,0,0) (0.7,2,0) (0,0,3)" }))),
    ).rejects.toThrow(/degrees from a right angle/);
  });
});

describe("what is not an image is refused with what it is, what was expected and what to do", () => {
  it.each([
    [
      "photo.jpg",
      Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 1, 2]),
      "photo.jpg: is a JPEG picture, expected a scan: a DICOM series, or a .nii, .nii.gz, .nrrd or .mha file",
    ],
    ["scan.nii.gz", utf8("not really a scan"), "scan.nii.gz: is text, expected a scan"],
    ["scan.nii", new Uint8Array(), "scan.nii: is an empty file, expected a scan"],
    ["scan.dcm", utf8('{"format": "islet-rough-roi/1"}'), "scan.dcm: is JSON, expected a scan"],
    ["a.pdf", utf8("%PDF-1.7"), "a.pdf: is a PDF document, expected a scan"],
    ["a.npy", joined(Uint8Array.from([0x93]), utf8("NUMPY")), "a.npy: is a NumPy array, expected a scan"],
    [
      "a.ima",
      Uint8Array.from([8, 0, 5, 0, 0x43, 0x53]),
      "a.ima: is DICOM data without the DICM mark of a file (write it anew with a DICOM tool), expected a scan",
    ],
    ["a.dat", Uint8Array.from([1, 2, 3, 0]), "a.dat: is a file of a kind we do not know, expected a scan"],
    ["a.gz", gzipSync(utf8("hello")), "a.gz: unpacks to text, expected a scan"],
    [
      "a.dcm.gz",
      gzipSync(joined(new Uint8Array(128), utf8("DICM"), new Uint8Array(10))),
      "a.dcm.gz: is a gzipped DICOM file, expected plain DICOM",
    ],
  ])("%s", async (name, bytes, sentence) => {
    await expect(read(file(name, bytes))).rejects.toMatchObject({
      name: "IntakeError",
      file: name,
      message: expect.stringContaining(sentence),
    });
  });

  it("a folder of them, and a folder of several images, are refused as a whole", async () => {
    await expect(read(file("a.txt", utf8("a")), file("b.txt", utf8("b")))).rejects.toThrow(
      "folder: holds 2 files and none is an image (text), expected a scan",
    );
    await expect(read(file("a.nrrd", nrrd()), file("b.nrrd", nrrd()))).rejects.toThrow(
      "folder: holds 2 images (a.nrrd, b.nrrd), expected one; name the file itself",
    );
    await expect(read(file("a.nrrd", nrrd()), file("notes.txt", utf8("a")))).resolves.toMatchObject({ report: { format: "nrrd" } });
  });

  it("an image of nothing but NaN is refused, one of a single value is reported", async () => {
    const float = (values: Float32Array) =>
      joined(
        utf8("NRRD0004\ntype: float\ndimension: 3\nsizes: 2 2 2\nspacings: 1 1 1\nendian: little\nencoding: raw\n\n"),
        new Uint8Array(values.buffer),
      );
    await expect(read(file("a.nrrd", float(new Float32Array(8).fill(NaN))))).rejects.toThrow(/a.nrrd: holds no finite value/);
    expect((await read(file("a.nrrd", float(new Float32Array(8).fill(3))))).report.warnings).toEqual([
      "a.nrrd: every voxel holds the same value, 3",
    ]);
  });
});
