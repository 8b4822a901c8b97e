// What every room of the service shares.
import { OpenAPIHono, z } from "@hono/zod-openapi";
import type { Engines } from "./engine/processes.ts";
import type { Ground } from "./ground.ts";
import { answerProblem, problem } from "./problem.ts";

/** What routes stand on; their engines read uploads. */
export interface Rooms extends Ground {
  /** The process that places studies: what a job may touch, an upload's reader may not. */
  readonly placing: Engines;
  /** Whether every request needs a key: always but on loopback. */
  readonly needsKey: boolean;
  /** Whether the service is on its way out. */
  readonly isStopping: () => boolean;
}

/** What middleware leaves for handlers. */
export interface RoomEnv {
  Variables: { requestId: string };
}

/** A room whose refusals of a request's shape are problems too. */
export function createRoom(): OpenAPIHono<RoomEnv> {
  return new OpenAPIHono<RoomEnv>({
    defaultHook: (result, context) => {
      if (result.success) return undefined;
      return answerProblem(context, problem("request", sentenceOf(result.error)));
    },
  });
}

/** The first fault of a request, with its place. */
function sentenceOf({
  issues,
}: {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}): string {
  const { path, message } = issues[0]!;
  return path.length ? `${path.map(String).join(".")}: ${message}` : message;
}

/** Problem details, for the description of every route. */
const problemSchema = z
  .object({ type: z.string(), title: z.string(), status: z.int(), detail: z.string() })
  .openapi("Problem", { description: "RFC 9457; detail is one sentence: where, what was expected, what came, the way out" });

/** Answers that every route may give besides its own. */
export const REFUSALS = {
  default: { description: "A refusal", content: { "application/problem+json": { schema: problemSchema } } },
} as const;

/** JSON Schema of a form, which we read ourselves as it arrives. */
export interface SchemaObject {
  type: "object";
  required: string[];
  properties: Record<
    string,
    { type: "string" | "integer" | "array"; format?: string; description: string; items?: { type: "string"; format: string } }
  >;
}

/** An id in a path. */
export const idParam = z.object({ id: z.uuid("expected an id such as 0f8fad5b-d9cb-469f-a165-70867728950e") });

/** An answer of JSON. */
export const json = <S extends z.ZodType>(schema: S, description: string) => ({ description, content: { "application/json": { schema } } });
