// Registers the service worker, and says what came of it.

/** How the page stands with the network and with its isolation. */
export interface Offline {
  /** "kept": the page works without a network from now on. */
  readonly state: "starting" | "kept" | "unavailable";
  /** Why it is unavailable, and what to do; empty otherwise. */
  readonly reason: string;
}

/** About what the files of a build take, bytes. */
const BUILD_BYTES = 16 * 2 ** 20;

const RELOADED = "islet-reloaded-for-isolation";

/** Whether the isolation headers come from the page's own service worker, because the server sends none. */
export const wasReloadedForIsolation = (): boolean => sessionStorage.getItem(RELOADED) !== null;

/**
 * Keeps the build for working offline. Where the server sends no isolation headers, the page reloads itself once, so that the worker's take effect:
 * it does so before anything can have been entered.
 */
export async function keepForOffline(tell: (state: Offline) => void): Promise<void> {
  if (!("serviceWorker" in navigator)) {
    tell({ state: "unavailable", reason: "this browser offers no service worker here; open the page over https or from 127.0.0.1" });
    return;
  }
  try {
    const { build } = (await (await fetch("files.json")).json()) as { build: string };
    await activated(await navigator.serviceWorker.register(`service-worker.js?build=${build}`));
    if (!globalThis.crossOriginIsolated && !sessionStorage.getItem(RELOADED)) {
      sessionStorage.setItem(RELOADED, "yes");
      globalThis.location.reload();
      return;
    }
    tell({ state: "kept", reason: "" });
  } catch {
    // A worker that was not installed does not say why.
    const { quota = Infinity, usage = 0 } = await navigator.storage.estimate();
    const reason =
      quota - usage < BUILD_BYTES
        ? "the browser's storage is full; free some space and reload to use the page without a network. Everything else works"
        : "the page could not keep its files for later; it works as long as its server does";
    tell({ state: "unavailable", reason });
  }
}

/** Resolves once the newest worker of a registration is at work; rejects where its installation fails and no earlier one is. */
function activated(registration: ServiceWorkerRegistration): Promise<void> {
  const worker = registration.installing ?? registration.waiting ?? registration.active;
  return new Promise((resolve, reject) => {
    const look = () => {
      if (worker?.state === "activated") resolve();
      else if (!worker || worker.state === "redundant") {
        if (registration.active) resolve();
        else reject(new Error("the service worker was not installed"));
      }
    };
    worker?.addEventListener("statechange", look);
    look();
  });
}
