// The service's routes, without a socket: `app.request("/healthz")` answers in a test.
import { randomUUID } from "node:crypto";
import { createRoom, type Rooms } from "./rooms.ts";
import { bodyLimit } from "hono/body-limit";
import { routePath } from "hono/route";
import { answerProblem, isFault, problem, problemOf, RequestProblem } from "./problem.ts";
import { caseRoutes } from "./routes/cases.ts";
import { docsRoutes } from "./routes/docs.ts";
import { jobRoutes } from "./routes/jobs.ts";
import { machineRoutes } from "./routes/machine.ts";
import { modelRoutes } from "./routes/models.ts";
import { traceOf } from "./log.ts";
import { createUploadCount } from "./upload/receive.ts";

/** The service's routes over its parts. */
export function createApp(rooms: Rooms) {
  const { log, metrics, limits } = rooms;
  const app = createRoom();
  app.use(async (context, next) => {
    const began = performance.now();
    const requestId = randomUUID();
    context.set("requestId", requestId);
    await next();
    const seconds = (performance.now() - began) / 1000;
    const [method, route, status] = [context.req.method, routePath(context, -1), context.res.status];
    metrics.requests.observe({ method, route, status: String(status) }, seconds);
    context.header("X-Request-Id", requestId);
    context.header("X-Content-Type-Options", "nosniff");
    context.header("Cache-Control", context.res.headers.get("Cache-Control") ?? "no-store");
    log.info({ request: requestId, method, route, status, ms: Math.round(seconds * 1e4) / 10 }, "request");
  });
  app.on(
    ["POST", "PUT", "PATCH"],
    "/v1/jobs",
    bodyLimit({
      maxSize: limits.jsonBytes,
      onError() {
        throw new RequestProblem(
          "large",
          `the request is larger than ${limits.jsonBytes} bytes; send images to /v1/cases, and here their ids`,
        );
      },
    }),
  );
  app.on("POST", "/v1/jobs", async (context, next) => {
    if (!/^application\/json\b/i.test(context.req.header("content-type") ?? ""))
      throw new RequestProblem("media", "expected application/json; send the request with Content-Type: application/json");
    await next();
  });
  app.onError((error, context) => {
    if (isFault(error)) log.error({ request: context.get("requestId"), error: traceOf(error) }, "request met a fault");
    return answerProblem(context, problemOf(error));
  });
  app.notFound((context) =>
    answerProblem(
      context,
      problem("absent", `there is no ${context.req.method} ${context.req.path.slice(0, 100)}; /docs lists what there is`),
    ),
  );

  const uploads = createUploadCount();
  const described = app
    .route("/", machineRoutes(rooms))
    .route("/", modelRoutes(rooms, uploads))
    .route("/", caseRoutes(rooms, uploads))
    .route("/", jobRoutes(rooms));
  described.route("/", docsRoutes(described));
  return described;
}

/** The routes' types, from which the typed client is made. */
export type App = ReturnType<typeof createApp>;
