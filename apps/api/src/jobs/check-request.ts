// What of a job's request can be said before it waits its turn: the cases and models it names are there, and a study can be placed.
import { dirname } from "node:path";
import { inArray } from "drizzle-orm";
import { cases, models } from "../database/tables.ts";
import { RequestProblem } from "../problem.ts";
import type { Rooms } from "../rooms.ts";
import type { JobRequest } from "./schema.ts";

/** What of the request goes into the job's row, and the cases of a study. */
export interface Checked {
  readonly kept: Record<string, unknown>;
  readonly parts: readonly { readonly patient: string; readonly phase: string }[];
}

/**
 * Checks a request; a study is placed in the job's folder.
 *
 * @throws RequestProblem for a case or model that is not there or does not fit; the pipeline's ConfigError for a study that cannot be
 */
export async function checkRequest(
  id: string,
  request: JobRequest,
  { db, store, placing, limits }: Pick<Rooms, "db" | "store" | "placing" | "limits">,
): Promise<Checked> {
  if (request.kind === "study") {
    const { study, tables, ...kept } = request;
    const folder = dirname(store.jobAt(id).study);
    const { casesFolder, modelsFolder, cache } = store;
    const placed = await placing
      .run("place", { study, tables, folder, casesFolder, modelsFolder, cache }, { seconds: limits.intakeSeconds })
      .catch(async (error: unknown) => {
        await store.remove(store.jobAt(id).folder);
        throw error;
      });
    // The study itself lies in the job's folder.
    return { kept: { ...kept, name: placed.name, models: placed.models, uses: placed.uses }, parts: placed.cases };
  }
  const wanted = request.kind === "score" ? Object.values(request.cases) : [request.case];
  const found = await db.select().from(cases).where(inArray(cases.id, wanted));
  const missing = wanted.find((one) => !found.some((row) => row.id === one));
  if (missing !== undefined) throw new RequestProblem("absent", `there is no case ${missing}; send its image to /v1/cases first`);
  if (request.kind === "score") {
    const [model] = await db
      .select()
      .from(models)
      .where(inArray(models.id, [request.model]));
    if (!model) throw new RequestProblem("absent", `there is no model ${request.model}; send the bundle to /v1/models first`);
    if (model.kind !== "bundle")
      throw new RequestProblem(
        "request",
        `model ${request.model} is a network alone, expected a bundle (model.islet), which a study writes`,
      );
    for (const [phase, of] of Object.entries(request.cases)) {
      const sentAs = found.find((row) => row.id === of)!.phase;
      if (sentAs !== null && sentAs !== phase)
        throw new RequestProblem(
          "request",
          `case ${of} was sent as the phase "${sentAs}" and is named here as "${phase}"; name the case of that phase`,
        );
    }
  }
  return { kept: request, parts: [] };
}
