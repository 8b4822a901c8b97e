// A thread of this process that helps with one region after another.
import { untilDeath } from "../host/pool.ts";
import { openThread } from "../host/thread.node.ts";
import { Helper, type HelperApi } from "../radiomics/helper.ts";

/**
 * Starts a helper. It need not be waited for: until it is ready, and where it cannot start or has died, the asking thread does all by itself.
 * It does not keep the process alive.
 */
export function startHelper(): { readonly helper: Helper; end(): void } {
  const { api, died, terminate, unref } = openThread<HelperApi>(new URL("./radiomics-helper.node.ts", import.meta.url));
  unref();
  const orDeath = untilDeath(died);
  return { helper: new Helper((offer) => orDeath(api.share(offer))), end: terminate };
}
