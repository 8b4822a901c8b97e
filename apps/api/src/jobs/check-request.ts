// What of a job's request can be said before it waits its turn: the cases and models it names are there, and a study can be placed.
import { dirname } from "node:path";
import { and, eq, inArray } from "drizzle-orm";
import type { Db } from "../database/open.ts";
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
 * Checks a request; a study is placed in the job's folder. The cases that it names count as used from now on, before there is a row of the job: a
 * removal of what is old (`retention.ts`) leaves them.
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
    await useCases(db, placed.uses).catch(async (error: unknown) => {
      await store.remove(store.jobAt(id).folder);
      throw error;
    });
    // The study itself lies in the job's folder.
    return { kept: { ...kept, name: placed.name, models: placed.models, uses: placed.uses }, parts: placed.cases };
  }
  const wanted = request.kind === "score" ? Object.values(request.cases) : [request.case];
  const found = await useCases(db, wanted);
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

/**
 * Marks cases as used now and gives their rows: one statement, so that a removal of what is old either sees the mark or has taken the case before.
 *
 * @throws RequestProblem for a case that is not there, or is going
 */
async function useCases(db: Db, wanted: readonly string[]): Promise<(typeof cases.$inferSelect)[]> {
  const found: (typeof cases.$inferSelect)[] = [];
  // A few thousand at a time: a query has a limited number of values.
  for (let i = 0; i < wanted.length; i += 5000) {
    const isWanted = and(inArray(cases.id, wanted.slice(i, i + 5000)), eq(cases.removing, false));
    found.push(...(await db.update(cases).set({ usedAt: new Date() }).where(isWanted).returning()));
  }
  const known = new Set(found.map(({ id }) => id));
  const missing = wanted.find((id) => !known.has(id));
  if (missing !== undefined) throw new RequestProblem("absent", `there is no case ${missing}; send its image to /v1/cases first`);
  return found;
}
