import type { ReactNode } from "react";

/** A sentence that matters: something to know, a warning, or what went wrong with the way out. Errors are read out at once. */
export function Notice({ kind, children }: { readonly kind: "info" | "warn" | "bad"; readonly children: ReactNode }) {
  return (
    <div className={kind === "info" ? "notice" : `notice ${kind}`} role={kind === "bad" ? "alert" : "status"}>
      {children}
    </div>
  );
}

/** Sentences one below the other; nothing where there are none. */
export function Sentences({ kind, sentences }: { readonly kind: "info" | "warn"; readonly sentences: readonly string[] }) {
  if (sentences.length === 0) return null;
  return (
    <Notice kind={kind}>
      <ul>
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </Notice>
  );
}
