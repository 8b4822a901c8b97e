// What has been computed is found again by what it was computed from.
import type { Json } from "./json.ts";

/** Results by key. A `put` is whole or absent, whatever interrupts it. */
export interface Cache {
  /** The value, or null where there is none (or where it cannot be read back). */
  get(key: string): Promise<Json | null>;
  put(key: string, value: Json): Promise<void>;
}

/**
 * The key of a result: the SHA-256 of everything it depends on.
 *
 * @param inputs  settings, and the hashes of files; key order does not matter
 * @returns 64 hexadecimal digits
 */
export async function cacheKey(inputs: Json): Promise<string> {
  return sha256(new TextEncoder().encode(canonical(inputs)));
}

/** SHA-256 of bytes as 64 hexadecimal digits. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** JSON with the keys of every object in order, so that equal values have equal text. */
function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const entries = Object.entries(value).filter(([, v]) => v !== undefined);
    return `{${entries
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => `${JSON.stringify(k)}:${canonical(v!)}`)
      .join(",")}}`;
  }
  return JSON.stringify(value);
}
