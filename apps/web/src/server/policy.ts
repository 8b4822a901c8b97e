// What the page is allowed: its own files and nothing else.

/**
 * The Content-Security-Policy of the page and its workers.
 *
 * `wasm-unsafe-eval` compiles the engine; `data:` under connect-src is the address that ITK's unpacker is compiled from, and that of the
 * viewer's font, under img-src too; `blob:` is how a finished file is handed to the browser's downloads.
 */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self' data: blob:",
  "img-src 'self' data: blob:",
  "style-src 'self'",
  "font-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** The headers of every answer: the policy, and the isolation that lets threads share memory. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy": `${PAGE_POLICY}; frame-ancestors 'none'`,
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};
