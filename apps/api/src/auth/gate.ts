// Who may come in: a bearer key, or on loopback without one a program of this machine.
import type { MiddlewareHandler } from "hono";
import type { Rooms, RoomEnv } from "../rooms.ts";
import { RequestProblem } from "../problem.ts";
import { findKey, type Scope } from "./keys.ts";

/**
 * Lets a request through that has a key of the scope, or needs none.
 *
 * Without a key, on loopback, the request must be addressed to loopback and come from no other page: else any site open in this machine's browser
 * could reach the service through it (by a form, or by a name that resolves to 127.0.0.1).
 */
export function gate({ db, needsKey }: Pick<Rooms, "db" | "needsKey">, scope: Scope): MiddlewareHandler<RoomEnv> {
  return async (context, next) => {
    const header = context.req.header("authorization");
    if (header !== undefined) {
      const [, token] = /^Bearer +(\S+) *$/i.exec(header) ?? [];
      const key = token ? await findKey(db, token) : null;
      if (!key)
        throw new RequestProblem(
          "key",
          "the key is unknown or revoked; check that it was copied whole, or make one with: islet api-key create",
        );
      if (!key.scopes.includes(scope))
        throw new RequestProblem(
          "scope",
          `the key "${key.name}" has the scopes ${key.scopes.join(", ")}, and this needs "${scope}"; use another key`,
        );
    } else if (needsKey) {
      throw new RequestProblem(
        "key",
        "expected a key: send it as Authorization: Bearer KEY; who runs the service makes one with: islet api-key create",
      );
    } else {
      checkIsLocal(context.req.header("host"), context.req.header("origin"));
    }
    await next();
  };
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

function checkIsLocal(host: string | undefined, origin: string | undefined): void {
  if (host !== undefined && !LOOPBACK.test(host))
    throw new RequestProblem(
      "scope",
      `the request is addressed to "${host.slice(0, 60)}", and without a key this service answers only as localhost; send a key (islet api-key create)`,
    );
  if (origin !== undefined && origin.replace(/^https?:\/\//i, "") !== host)
    throw new RequestProblem("scope", "the request comes from a page of another site, which needs a key (islet api-key create)");
}
