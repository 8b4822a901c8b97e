// model.islet as a file: named parts in one zip, each under its SHA-256, the same bytes for the same parts.
import { strFromU8, strToU8, unzipSync, zipSync, type UnzipFileInfo, type Zippable } from "fflate";
import { z } from "zod";
import { IntakeError } from "../../errors.ts";
import { sha256 } from "../../host/cache.ts";

/** The format that this version reads and writes. */
export const BUNDLE_FORMAT = "islet-bundle/1";

/** Parts by name, in the order in which they lie in the file. */
export type BundleParts = ReadonlyMap<string, Uint8Array>;

const MANIFEST = "manifest.json";
const SEAL = "manifest.sha256";

/** A zip's clock has no zone and starts in 1980; a fixed day keeps equal bundles equal. */
const DATE = "1980-01-01T12:00:00";
/** More parts or bytes than any bundle has: the wrong file, or one made to fill the memory. */
const LIMITS = { parts: 64, bytes: 2 ** 30 };

const manifestSchema = z.strictObject({
  format: z.string(),
  parts: z.record(z.string(), z.strictObject({ bytes: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) })),
});

/** Packs parts. JSON is deflated, weights lie as they are: deflating noise costs time and saves nothing. */
export async function packBundle(parts: BundleParts): Promise<Uint8Array> {
  const entries: Record<string, { bytes: number; sha256: string }> = {};
  for (const [name, bytes] of parts) entries[name] = { bytes: bytes.length, sha256: await sha256(bytes) };
  const manifest = strToU8(`${JSON.stringify({ format: BUNDLE_FORMAT, parts: entries }, null, 2)}\n`);
  const seal = strToU8(`${await sha256(manifest)}\n`);
  const files: Zippable = {};
  for (const [name, bytes] of [[MANIFEST, manifest] as const, [SEAL, seal] as const, ...parts])
    files[name] = [bytes, { level: name.endsWith(".json") ? 6 : 0, mtime: DATE }];
  return zipSync(files);
}

/**
 * Unpacks a bundle and checks every part against its SHA-256.
 *
 * @param file  what messages call it
 * @throws IntakeError where it is no bundle, of another version, cut short, damaged, or unpacks to more than a bundle holds
 */
export async function unpackBundle(bytes: Uint8Array, file: string): Promise<BundleParts> {
  const files = unzip(bytes, file);
  const manifest = files.get(MANIFEST);
  const seal = files.get(SEAL);
  if (!manifest || !seal)
    throw new IntakeError(file, "is a zip but no bundle of Islet (it has no manifest); expected the model.islet of a study");
  if (strFromU8(seal).trim() !== (await sha256(manifest))) throw damaged(file, "its manifest");
  const { format, parts } = readManifest(manifest, file);
  if (format !== BUNDLE_FORMAT)
    throw new IntakeError(
      file,
      `is of the format "${format}", and this version of Islet reads "${BUNDLE_FORMAT}"; install the version that made it, or run the study again`,
    );
  files.delete(MANIFEST);
  files.delete(SEAL);
  for (const name of files.keys())
    if (!(name in parts)) throw damaged(file, `the part ${JSON.stringify(name.slice(0, 60))}, which its manifest does not name`);
  const checked = new Map<string, Uint8Array>();
  for (const [name, entry] of Object.entries(parts)) {
    const part = files.get(name);
    if (!part || part.length !== entry.bytes || (await sha256(part)) !== entry.sha256) throw damaged(file, `its part ${name}`);
    checked.set(name, part);
  }
  return checked;
}

/** JSON of a part. */
export function jsonOf(parts: BundleParts, name: string, file: string): unknown {
  const part = parts.get(name);
  if (!part) throw new IntakeError(file, `has no part ${name}; run the study again to make it anew`);
  try {
    return JSON.parse(strFromU8(part));
  } catch (cause) {
    throw new IntakeError(file, `its part ${name} is no JSON; run the study again to make it anew`, { cause });
  }
}

function readManifest(bytes: Uint8Array, file: string): z.output<typeof manifestSchema> {
  let content: unknown;
  try {
    content = JSON.parse(strFromU8(bytes));
  } catch (cause) {
    throw new IntakeError(file, "its manifest is no JSON; it was not made by Islet", { cause });
  }
  // The format first: what another version writes besides may differ.
  const format = (content as { format?: unknown } | null)?.format;
  if (typeof format === "string" && format !== BUNDLE_FORMAT) return { format, parts: {} };
  const result = manifestSchema.safeParse(content);
  if (!result.success) throw new IntakeError(file, "its manifest lacks what a bundle's has; it was not made by Islet");
  return result.data;
}

function unzip(bytes: Uint8Array, file: string): Map<string, Uint8Array> {
  if (bytes.length === 0) throw new IntakeError(file, "is empty, expected the model.islet of a study; copy it again");
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b)
    throw new IntakeError(file, "is no bundle, expected the model.islet that islet study run wrote");
  let count = 0;
  let total = 0;
  // The sizes that the directory declares are added up before a byte is unpacked, and no entry may unpack to more than it declared.
  const wanted = ({ originalSize, size }: UnzipFileInfo) => {
    count += 1;
    total += Math.max(originalSize, size);
    if (count > LIMITS.parts || total > LIMITS.bytes)
      throw new IntakeError(file, `unpacks to more than ${LIMITS.parts} parts or 1 GiB, which no bundle does; it was not made by Islet`);
    return true;
  };
  try {
    return new Map(Object.entries(unzipSync(bytes, { filter: wanted })));
  } catch (cause) {
    if (cause instanceof IntakeError) throw cause;
    throw new IntakeError(file, "is cut short or damaged; copy it again from where the study wrote it", { cause });
  }
}

function damaged(file: string, what: string): IntakeError {
  return new IntakeError(file, `is damaged: ${what} is not what was written; copy it again from where the study wrote it`);
}
