// The service's way in: what the terminal's islet serve, worker and api-key start.
export { SCOPES } from "./auth/keys.ts";
export type { Scope } from "./auth/keys.ts";
export { withKeys } from "./keys.ts";
export { startService } from "./serve.ts";
export type { Service } from "./serve.ts";
export { startWorker } from "./worker.ts";
export { DEFAULT_LIMITS } from "./settings.ts";
export type { Limits } from "./settings.ts";
