// Keeps the build for working without a network, and adds the isolation headers where the server sends none.
import { PAGE_HEADERS } from "../server/policy.ts";

/** What of a service worker's scope is used here; TypeScript's own description of it excludes that of pages. */
interface WorkerScope {
  readonly location: Location;
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", listener: (event: ExtendableEvent) => void): void;
  addEventListener(type: "fetch", listener: (event: FetchEvent) => void): void;
}
interface ExtendableEvent {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

const scope = globalThis as unknown as WorkerScope;
/** One cache a build; the page names the build in this script's address, so a new build is a new worker. */
const PREFIX = "islet-build-";
const cacheName = PREFIX + (new URL(scope.location.href).searchParams.get("build") ?? "unknown");

async function keepBuild(): Promise<void> {
  const address = new URL("files.json", scope.registration.scope);
  const { files } = (await (await fetch(address, { cache: "no-cache" })).json()) as { files: string[] };
  const cache = await caches.open(cacheName);
  const all = ["", "files.json", ...files.filter((name) => name !== "index.html")];
  await cache.addAll(all.map((name) => new Request(new URL(name, scope.registration.scope), { cache: "no-cache" })));
}

async function dropOtherBuilds(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== cacheName).map((name) => caches.delete(name)));
}

/** The answer with the headers that isolate the page; what the server sent otherwise stays. */
function withHeaders(answer: Response): Response {
  if (answer.status === 0 || answer.type === "opaqueredirect") return answer;
  const headers = new Headers(answer.headers);
  for (const [name, value] of Object.entries(PAGE_HEADERS)) headers.set(name, value);
  return new Response(answer.body, { status: answer.status, statusText: answer.statusText, headers });
}

/** The page itself comes from the network while there is one, so that a new build is seen; its parts from the cache. */
async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  const isEntry = request.mode === "navigate" || new URL(request.url).pathname.endsWith("/files.json");
  const kept = () => cache.match(request, { ignoreSearch: true, ignoreVary: true });
  if (isEntry) return fetch(request).catch(async () => (await kept()) ?? (await cache.match(scope.registration.scope)) ?? Response.error());
  return (await kept()) ?? fetch(request);
}

scope.addEventListener("install", (event) => event.waitUntil(keepBuild().then(() => scope.skipWaiting())));
scope.addEventListener("activate", (event) => event.waitUntil(dropOtherBuilds().then(() => scope.clients.claim())));
scope.addEventListener("fetch", (event) => {
  const { request } = event;
  const isOurs = request.method === "GET" && request.url.startsWith(scope.registration.scope);
  if (isOurs) event.respondWith(answer(request).then(withHeaders));
});
