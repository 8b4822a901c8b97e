import { useSyncExternalStore } from "react";

/** The two journeys. */
export type Route = "case" | "study";

const current = (): Route => (globalThis.location.hash.startsWith("#/study") ? "study" : "case");

function subscribe(changed: () => void): () => void {
  globalThis.addEventListener("hashchange", changed);
  return () => globalThis.removeEventListener("hashchange", changed);
}

/** The journey that the address names: `#/study`, and `#/case` for everything else. */
export function useRoute(): Route {
  return useSyncExternalStore(subscribe, current);
}
