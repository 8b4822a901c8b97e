// Every refusal as application/problem+json, with the pipeline's own sentence.
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/**
 * Why a request or a job came to nothing.
 *
 * @see RFC 9457, Problem Details for HTTP APIs
 */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** One sentence: where, what was expected, what came, the way out. */
  readonly detail: string;
}

const KINDS = {
  request: [400, "The request asks for what cannot be"],
  key: [401, "A key is needed"],
  scope: [403, "The key does not reach this far"],
  absent: [404, "There is no such thing here"],
  state: [409, "Not in this state"],
  large: [413, "More than this service takes"],
  media: [415, "Another kind of body is needed"],
  input: [422, "The files cannot be used"],
  queue: [429, "Too many jobs wait already"],
  fault: [500, "This should not have happened"],
  machine: [503, "The machine cannot do this now"],
  busy: [503, "Too much at once"],
  storage: [507, "The disk is full"],
} as const satisfies Record<string, readonly [ContentfulStatusCode, string]>;

/** What kind of remedy a problem has. */
export type ProblemKind = keyof typeof KINDS;

/** A problem that a route throws. */
export class RequestProblem extends Error {
  override readonly name = "RequestProblem";
  readonly kind: ProblemKind;
  constructor(kind: ProblemKind, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.kind = kind;
  }
}

/** The problem of a kind. */
export function problem(kind: ProblemKind, detail: string): Problem {
  const [status, title] = KINDS[kind];
  return { type: `urn:islet:problem:${kind}`, title, status, detail };
}

/** The problem of an error, by its name: a process boundary keeps the name, not the class. */
export function problemOf(error: unknown): Problem {
  const { name, message } = error as Error;
  switch (name) {
    case "RequestProblem":
      return problem((error as RequestProblem).kind, message);
    case "ConfigError":
      return problem("request", message);
    case "IntakeError":
      return problem("input", message);
    case "DeviceError":
      return problem(/disk is full/.test(message) ? "storage" : "machine", message);
    default:
      if (error instanceof HTTPException)
        return problem(error.status === 413 ? "large" : "request", message || "the request could not be read");
      return problem("fault", "the service met a fault of its own, which its log has under this request's id; please report it");
  }
}

/** Whether an error is a fault of the service itself, to be logged with its trace. */
export const isFault = (error: unknown) => problemOf(error).type.endsWith(":fault");

/** Answers with a problem. */
export function answerProblem(context: Context, told: Problem): Response {
  const headers: Record<string, string> = { "Content-Type": "application/problem+json" };
  if (told.status === 401) headers["WWW-Authenticate"] = 'Bearer realm="islet"';
  if (told.status === 503 || told.status === 429) headers["Retry-After"] = "5";
  return context.body(JSON.stringify(told), told.status as ContentfulStatusCode, headers);
}
