// One upload from its first byte to its end: a place of its own, a bounded number at a time, and nothing left behind.
import type { Context } from "hono";
import { RequestProblem } from "../problem.ts";
import type { RoomEnv, Rooms } from "../rooms.ts";
import { boundaryOf, receiveForm, type Upload } from "./multipart.ts";

/**
 * Receives the form of a request, and gives it to `use`; its files are removed afterwards.
 *
 * @throws RequestProblem where too many uploads are open, or the form is not as expected
 */
export async function withUpload<T>(
  context: Context<RoomEnv>,
  { store, limits, metrics }: Pick<Rooms, "store" | "limits" | "metrics">,
  open: { count: number },
  fields: { readonly fileFields: readonly string[]; readonly textFields: readonly string[] },
  use: (upload: Upload, folder: string) => Promise<T>,
): Promise<T> {
  const boundary = boundaryOf(context.req.header("content-type"));
  if (Number(context.req.header("content-length") ?? 0) > limits.bodyBytes)
    throw new RequestProblem(
      "large",
      `the upload is larger than ${limits.bodyBytes} bytes; send fewer slices, or ask who runs the service for a higher limit`,
    );
  const body = context.req.raw.body;
  if (!body) throw new RequestProblem("request", "the request has no body, expected a form with files");
  if (open.count >= limits.uploads)
    throw new RequestProblem(
      "busy",
      `${open.count} uploads are being received, as many as this service takes at a time; try again in a few seconds`,
    );
  open.count++;
  metrics.uploads.inc();
  const folder = store.incoming();
  try {
    const upload = await receiveForm(body, boundary, folder, fields, { bytes: limits.bodyBytes, files: limits.files });
    metrics.uploadedBytes.inc(upload.files.reduce((sum, { bytes }) => sum + bytes, 0));
    return await use(upload, folder);
  } finally {
    open.count--;
    metrics.uploads.dec();
    await store.remove(folder);
  }
}

/** The number of uploads that are open in this process. */
export const createUploadCount = () => ({ count: 0 });
