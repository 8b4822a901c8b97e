import { mkdtemp, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isWorthReading, sourceFromFiles } from "./source.ts";
import { readSource } from "./source.node.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);
const names = ({ files }: { files: readonly { name: string }[] }) => files.map(({ name }) => name);

describe("sourceFromFiles", () => {
  it("unpacks a zip and sorts its files, whatever the zip is called", () => {
    const zip = zipSync({
      "b/2.dcm": bytes(2),
      "a/1.dcm": bytes(1),
      "b/": bytes(),
      DICOMDIR: bytes(9),
      "__MACOSX/b/._2.dcm": bytes(9),
      ".DS_Store": bytes(9),
    });
    const source = sourceFromFiles("scan.bin", [{ name: "scan.bin", bytes: zip }]);
    expect(source.path).toBe("scan.bin");
    expect(source.files).toEqual([
      { name: "a/1.dcm", bytes: bytes(1) },
      { name: "b/2.dcm", bytes: bytes(2) },
    ]);
  });

  it("refuses a zip that unpacks to more than its limits before unpacking it", () => {
    const bomb = zipSync({ "a.dcm": new Uint8Array(100_000), "b.dcm": new Uint8Array(100_000) });
    const files = [{ name: "bomb.zip", bytes: bomb }];
    expect(() => sourceFromFiles("bomb.zip", files, { files: 10, bytes: 150_000 })).toThrow(
      /^bomb.zip: holds more than 10 files or .* GiB, expected the files of one scan; name the folder of the series itself/,
    );
    expect(() => sourceFromFiles("bomb.zip", files, { files: 1, bytes: 1e9 })).toThrow(/holds more than 1 files/);
    expect(sourceFromFiles("bomb.zip", files, { files: 2, bytes: 200_000 }).files).toHaveLength(2);
  });

  it("never unpacks an entry to more than its directory declares", () => {
    const zip = zipSync({ "a.dcm": new Uint8Array(100_000).fill(7) });
    // The central directory holds the uncompressed size 24 bytes after its signature; claim 10 bytes.
    const view = new DataView(zip.buffer, zip.byteOffset);
    let directory = zip.length - 22;
    while (view.getUint32(directory, true) !== 0x02014b50) directory--;
    view.setUint32(directory + 24, 10, true);
    expect(sourceFromFiles("liar.zip", [{ name: "liar.zip", bytes: zip }]).files[0]!.bytes.length).toBeLessThanOrEqual(10);
  });

  it("refuses a damaged zip with the way out", () => {
    const zip = zipSync({ "a.dcm": new Uint8Array(1000) });
    const cut = zip.subarray(0, zip.length - 10);
    expect(() => sourceFromFiles("scan.zip", [{ name: "scan.zip", bytes: cut }])).toThrow(
      /^scan.zip: is a zip that could not be unpacked; .* pack it again, or name the unpacked folder/,
    );
  });

  it("refuses a source without files", () => {
    expect(() => sourceFromFiles("empty", [])).toThrow(/^empty: holds no files, expected a scan/);
    expect(() => sourceFromFiles("clutter", [{ name: "DICOMDIR", bytes: bytes() }, { name: ".hidden", bytes: bytes() }])).toThrow(/holds no files/); // prettier-ignore
  });

  it("leaves out index files, hidden files and hidden folders", () => {
    expect(["a/b.dcm", "DICOMDIR", "x/dicomdir", ".git/a.dcm", "a/.DS_Store", "__MACOSX/a.dcm", "IM0001"].filter(isWorthReading)).toEqual([
      "a/b.dcm",
      "IM0001",
    ]);
  });
});

describe("readSource", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "islet-source-"));
    await mkdir(join(folder, "scan", "deep"), { recursive: true });
    await mkdir(join(folder, "nothing"));
    await writeFile(join(folder, "scan", "2.dcm"), bytes(2));
    await writeFile(join(folder, "scan", "deep", "1.dcm"), bytes(1));
    await writeFile(join(folder, "scan", "DICOMDIR"), bytes(9));
    await symlink(join(folder, "scan", "deep"), join(folder, "scan", "link-to-folder"));
    await symlink(join(folder, "scan", "2.dcm"), join(folder, "scan", "link-to-file"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("reads a folder with everything below it, following links to files but not to folders", async () => {
    const source = await readSource(join(folder, "scan"));
    expect(names(source)).toEqual(["2.dcm", "deep/1.dcm", "link-to-file"]);
    expect(source.files[1]!.bytes[0]).toBe(1);
    expect(names(await readSource(join(folder, "scan/")))).toEqual(names(source));
  });

  it("reads one file under its own name", async () => {
    expect(names(await readSource(join(folder, "scan", "2.dcm")))).toEqual(["2.dcm"]);
  });

  it("refuses a link to a file that is not there", async () => {
    await mkdir(join(folder, "annex"));
    await symlink(join(folder, "gone.dcm"), join(folder, "annex", "1.dcm"));
    await expect(readSource(join(folder, "annex"))).rejects.toThrow(
      /annex: holds a link to a file that is not there \(1.dcm\); fetch the file, or remove the link$/,
    );
  });

  it("refuses what does not exist, and an empty folder, with a sentence", async () => {
    await expect(readSource(join(folder, "absent"))).rejects.toMatchObject({
      name: "IntakeError",
      message: expect.stringMatching(/absent: does not exist, expected a file, or a DICOM folder or zip; check the path$/),
    });
    await expect(readSource(join(folder, "nothing"))).rejects.toMatchObject({
      name: "IntakeError",
      message: expect.stringMatching(/nothing: holds no files/),
    });
  });
});
