import { RequestProblem } from "../problem.ts";

/** A failed write or a broken connection as a problem; anything else as it is. */
export function whyNotStored(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT")
    return new RequestProblem("storage", "the service's disk is full; nothing was kept of this upload: send it again when there is room", {
      cause: error,
    });
  if (code === "ECONNRESET" || code === "ABORT_ERR" || code === "ERR_STREAM_PREMATURE_CLOSE" || (error as Error).name === "AbortError")
    return new RequestProblem("request", "the upload was cut short on the way; send it again", { cause: error });
  return error;
}
