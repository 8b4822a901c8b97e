// The service as functions for another program: calls and answers typed by the routes.
import { hc } from "hono/client";
import type { App } from "./app.ts";
import type { JobRequest } from "./jobs/schema.ts";
import type { Problem } from "./problem.ts";

/** How a client speaks to its service. */
export interface ClientOptions {
  /** A key of islet api-key; not needed on loopback. */
  readonly key?: string;
  /** In place of the platform's own fetch. */
  readonly fetch?: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
}

/** The files of one phase of one patient. */
export interface ClientCase {
  readonly image: readonly Blob[];
  readonly mask?: readonly Blob[];
  readonly rough?: Blob;
  readonly phase?: string;
  readonly series?: string;
  readonly label?: number;
  readonly structure?: string;
}

/** A refusal of the service; its message is the problem's sentence. */
export class ServiceProblem extends Error {
  override readonly name = "ServiceProblem";
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/**
 * A client of the service at `url`. `routes` has every route, typed; the functions beside it do what a program mostly wants.
 *
 * All reject with a ServiceProblem where the service refuses.
 */
export function createClient(url: string, { key, fetch: fetched = fetch }: ClientOptions = {}) {
  const headers: Record<string, string> = key === undefined ? {} : { Authorization: `Bearer ${key}` };
  const routes = hc<App>(url, { headers, fetch: fetched as typeof fetch });

  const send = async (path: string, form: FormData): Promise<string> => {
    const answer = await fetched(new URL(path, url).href, { method: "POST", body: form, headers });
    return (await bodyOf<{ id: string }>(answer)).id;
  };

  return {
    routes,
    /** Sends a bundle or weights; gives the model's id. */
    sendModel(bytes: Blob): Promise<string> {
      const form = new FormData();
      form.append("model", bytes);
      return send("/v1/models", form);
    },
    /** Sends a case; gives its id. Names of files are not sent. */
    sendCase({ image, mask = [], rough, ...texts }: ClientCase): Promise<string> {
      const form = new FormData();
      for (const file of image) form.append("image", file, "image");
      for (const file of mask) form.append("mask", file, "mask");
      if (rough) form.append("rough", rough, "rough");
      for (const [name, text] of Object.entries(texts)) if (text !== undefined) form.append(name, String(text));
      return send("/v1/cases", form);
    },
    /** Asks for a job and waits for its result. */
    async run(request: JobRequestGiven, signal?: AbortSignal): Promise<Record<string, unknown>> {
      const asked = await fetched(new URL("/v1/jobs", url).href, {
        method: "POST",
        body: JSON.stringify(request),
        headers: { ...headers, "Content-Type": "application/json", Prefer: "wait=30" },
        ...(signal && { signal }),
      });
      let job = await bodyOf<{ id: string; state?: string; result?: Record<string, unknown> }>(asked);
      while (!job.result && (job.state === "queued" || job.state === "running")) {
        signal?.throwIfAborted();
        await new Promise((resolve) => setTimeout(resolve, 500));
        job = await bodyOf(await fetched(new URL(`/v1/jobs/${job.id}`, url).href, { headers }));
      }
      return job.result ?? bodyOf(await fetched(new URL(`/v1/jobs/${job.id}/result`, url).href, { headers }));
    },
  };
}

/** A job's request as it is written, with what has a default left out. */
type JobRequestGiven = JobRequest extends infer R ? (R extends JobRequest ? Pick<R, "kind"> & Partial<R> : never) : never;

async function bodyOf<T>(answer: Response): Promise<T> {
  if (answer.ok) return (await answer.json()) as T;
  const told: unknown = await answer.json().catch(() => null);
  const isProblem = typeof told === "object" && told !== null && "detail" in told;
  throw new ServiceProblem(
    isProblem
      ? (told as Problem)
      : {
          type: "about:blank",
          title: "No answer of this service",
          status: answer.status,
          detail: `the answer ${answer.status} is not one of an Islet service; check the address`,
        },
  );
}
