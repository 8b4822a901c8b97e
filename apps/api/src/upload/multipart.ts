// multipart/form-data as it arrives: files go to the disk piece by piece, so that an upload takes no memory to speak of.
import { open, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { RequestProblem } from "../problem.ts";
import { whyNotStored } from "./storage.ts";

/** What one upload may hold. */
export interface UploadLimits {
  readonly bytes: number;
  readonly files: number;
}

/** What has arrived: files on the disk under numbers, texts by the names of their fields. */
export interface Upload {
  readonly files: readonly { readonly field: string; readonly path: string; readonly bytes: number }[];
  readonly texts: ReadonlyMap<string, string>;
}

/** Bytes of the headers of one part, and of a text field: far more than any that means well. */
const HEADER_BYTES = 16 * 1024;
const TEXT_BYTES = 1024 * 1024;

const CRLF2 = Buffer.from("\r\n\r\n");

/**
 * The boundary of a multipart/form-data content type.
 *
 * @throws RequestProblem for any other type
 */
export function boundaryOf(contentType: string | undefined): string {
  const [, quoted, bare] = /^multipart\/form-data\s*;.*?\bboundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType ?? "") ?? [];
  const boundary = quoted ?? bare;
  if (boundary) return boundary;
  throw new RequestProblem(
    "media",
    "expected multipart/form-data with a boundary; send the files as a form, such as curl -F image=@scan.nii.gz",
  );
}

/**
 * Receives a form into a folder.
 *
 * @param fileFields  fields whose content is a file whether or not it has a name; all others are texts
 * @throws RequestProblem for a form that is cut short or damaged, an unknown field, or more than the limits
 * @see RFC 7578; RFC 2046, section 5.1.1
 */
export async function receiveForm(
  body: ReadableStream<Uint8Array>,
  boundary: string,
  folder: string,
  { fileFields, textFields }: { readonly fileFields: readonly string[]; readonly textFields: readonly string[] },
  limits: UploadLimits,
): Promise<Upload> {
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  const files: { field: string; path: string; bytes: number }[] = [];
  const texts = new Map<string, string>();
  let part: Part | null = null;
  let where: "preamble" | "headers" | "data" | "end" = "preamble";
  // The first delimiter may stand at the very beginning; a line end in front makes it like all others.
  let held: Buffer = Buffer.from("\r\n");
  let total = 0;

  const begin = async (field: string): Promise<Part> => {
    if (fileFields.includes(field)) {
      if (files.length >= limits.files)
        throw new RequestProblem("large", `the form holds more than ${limits.files} files, expected those of one scan; send them as a zip`);
      const path = join(folder, String(files.length + 1).padStart(6, "0"));
      const entry = { field, path, bytes: 0 };
      files.push(entry);
      return filePart(entry);
    }
    if (textFields.includes(field)) return textPart(field, texts);
    throw new RequestProblem(
      "request",
      `the form has a field "${field.slice(0, 40)}", expected ${[...fileFields, ...textFields].join(", ")}`,
    );
  };

  try {
    await mkdir(folder, { recursive: true });
    for await (const chunk of body) {
      total += chunk.length;
      if (total > limits.bytes)
        throw new RequestProblem(
          "large",
          `the upload is larger than ${limits.bytes} bytes; send fewer slices, or ask who runs the service for a higher limit`,
        );
      held = held.length ? Buffer.concat([held, chunk]) : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      for (;;) {
        if (where === "preamble" || where === "data") {
          const at = held.indexOf(delimiter);
          const safe = at >= 0 ? at : Math.max(0, held.length - delimiter.length + 1);
          if (part && safe > 0) await part.write(held.subarray(0, safe));
          if (at < 0) {
            held = held.subarray(safe);
            break;
          }
          // After the delimiter: two dashes end the form, a line end begins a part.
          if (held.length < at + delimiter.length + 2) {
            held = held.subarray(at);
            break;
          }
          await part?.close();
          part = null;
          const after = held.toString("latin1", at + delimiter.length, at + delimiter.length + 2);
          held = held.subarray(at + delimiter.length + (after === "\r\n" ? 0 : 2));
          where = after === "--" ? "end" : "headers";
          if (after !== "--" && after !== "\r\n") throw damaged();
        } else if (where === "headers") {
          const at = held.indexOf(CRLF2);
          if (at < 0 && held.length <= HEADER_BYTES) break;
          if (at < 0 || at > HEADER_BYTES) throw damaged();
          part = await begin(fieldOf(held.toString("utf8", 0, at)));
          held = held.subarray(at + CRLF2.length);
          where = "data";
        } else {
          held = Buffer.alloc(0);
          break;
        }
      }
    }
  } catch (error) {
    throw error instanceof RequestProblem ? error : whyNotStored(error);
  } finally {
    await part?.close().catch(() => {});
  }
  if (where !== "end")
    throw new RequestProblem("request", "the form ends before its last boundary; it was cut short on the way, so send it again");
  return { files, texts };
}

interface Part {
  write(bytes: Buffer): Promise<void>;
  close(): Promise<void>;
}

async function filePart(entry: { path: string; bytes: number }): Promise<Part> {
  const handle = await open(entry.path, "w");
  return {
    async write(bytes) {
      entry.bytes += bytes.length;
      await handle.write(bytes);
    },
    close: () => handle.close(),
  };
}

function textPart(field: string, texts: Map<string, string>): Part {
  const pieces: Buffer[] = [];
  let length = 0;
  return {
    async write(bytes) {
      length += bytes.length;
      if (length > TEXT_BYTES)
        throw new RequestProblem("large", `the field "${field}" holds more than ${TEXT_BYTES} bytes, expected a short text`);
      pieces.push(Buffer.from(bytes));
    },
    async close() {
      texts.set(field, Buffer.concat(pieces).toString("utf8"));
    },
  };
}

function fieldOf(headers: string): string {
  const disposition = headers.split("\r\n").find((line) => /^content-disposition\s*:/i.test(line));
  const [, quoted, bare] = /;\s*name=(?:"([^"]*)"|([^\s;]+))/i.exec(disposition ?? "") ?? [];
  const name = quoted ?? bare;
  if (name === undefined) throw damaged();
  return name;
}

const damaged = () =>
  new RequestProblem("request", "the form's parts are not as multipart/form-data has them; send it with a client that writes such forms");
