// The only place where intake touches the disk.
import { open, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { IntakeError } from "../errors.ts";
import { isWorthReading, SOURCE_LIMITS, sourceFromFiles, tooMuch, type ImageSource, type SourceFile } from "./source.ts";

/** Files opened at once: enough to keep a disk busy, far below any limit on open files. */
const AT_ONCE = 16;

/**
 * Reads a file, a folder with everything below it, or a zip.
 *
 * @param path  as the user wrote it; it appears in messages
 * @throws IntakeError when it is absent or unreadable, holds nothing, or holds more than one scan can
 */
export async function readSource(path: string): Promise<ImageSource> {
  try {
    const info = await stat(path);
    if (info.isFile()) {
      if (info.size > SOURCE_LIMITS.bytes) throw tooMuch(path, SOURCE_LIMITS);
      return sourceFromFiles(path, [{ name: path.split(/[/\\]/).at(-1)!, bytes: await readAtOnce(path, info.size) }]);
    }
    const names = (await listFiles(path)).filter(isWorthReading);
    if (names.length > SOURCE_LIMITS.files) throw tooMuch(path, SOURCE_LIMITS);
    const files: SourceFile[] = [];
    let total = 0;
    for (let i = 0; i < names.length; i += AT_ONCE) {
      const batch = await Promise.all(names.slice(i, i + AT_ONCE).map(async (name) => ({ name, bytes: await readFile(join(path, name)) })));
      total += batch.reduce((sum, { bytes }) => sum + bytes.length, 0);
      if (total > SOURCE_LIMITS.bytes) throw tooMuch(path, SOURCE_LIMITS);
      files.push(...batch);
    }
    return sourceFromFiles(path, files);
  } catch (cause) {
    if (cause instanceof IntakeError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR")
      throw new IntakeError(path, "does not exist, expected a file, or a DICOM folder or zip; check the path", { cause });
    if (code === "EACCES" || code === "EPERM")
      throw new IntakeError(path, "may not be read by this user; change its permissions", { cause });
    throw cause;
  }
}

/** A file by one request to the system, where the runtime's own reader makes one for every half megabyte and waits for each. */
async function readAtOnce(path: string, size: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const bytes = new Uint8Array(size);
    const { bytesRead } = await file.read(bytes, 0, size, 0);
    // One request may give less than was asked for, as of a file beyond 2 GiB.
    return bytesRead === size ? bytes : await readFile(path);
  } finally {
    await file.close();
  }
}

/** Paths of the files below a folder, relative to it, with "/" between the parts. */
async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const isFile = await Promise.all(
    entries.map((entry) => entry.isFile() || (entry.isSymbolicLink() && leadsToFile(entry.parentPath, entry.name))),
  );
  return entries
    .filter((_, i) => isFile[i])
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, "/").length).replaceAll("\\", "/"));
}

async function leadsToFile(folder: string, name: string): Promise<boolean> {
  try {
    return (await stat(join(folder, name))).isFile();
  } catch (cause) {
    throw new IntakeError(folder, `holds a link to a file that is not there (${name}); fetch the file, or remove the link`, { cause });
  }
}
