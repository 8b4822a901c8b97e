// From a job's request to the engine's tasks.
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { RoomError } from "../database/room-error.ts";
import type { Engines } from "../engine/processes.ts";
import type { CaseAt, Window } from "../engine/tasks.ts";
import type { Store } from "../store.ts";
import type { JobRequest } from "./schema.ts";

/** What a job is done with. */
export interface JobTools {
  readonly id: string;
  readonly store: Store;
  readonly engines: Engines;
  readonly seconds: number;
  readonly signal: AbortSignal;
  readonly tell: (data: Record<string, unknown>) => void;
}

/** Does a job. A study's cases have been computed by now; this is its last step. */
export async function doJob(request: JobRequest, { id, store, engines, ...options }: JobTools): Promise<Record<string, unknown>> {
  switch (request.kind) {
    case "radiomics": {
      const { kind, case: of, ...given } = request;
      const { image, mask } = needed(store, of, ["image", "mask"]);
      return engines.run(kind, defined({ image, mask, ...given }), options);
    }
    case "deep": {
      const { kind, case: of, window: _window, percentiles: _percentiles, weights, ...given } = request;
      const { image } = needed(store, of, ["image"]);
      const window = windowOf(request);
      if (!window) throw new RoomError("ConfigError", "deep: needs window: { level, width } in HU, or percentiles: [low, high] for MR");
      return engines.run(kind, { image, roi: boxOf(store, of), weights: weightsAt(store, weights), window, ...given }, options);
    }
    case "segment": {
      const { kind, case: of, weights, inputSize, tta, backend } = request;
      const { image } = needed(store, of, ["image"]);
      const result = await engines.run(
        kind,
        {
          image,
          roi: boxOf(store, of),
          weights: weightsAt(store, weights),
          out: join(store.jobAt(id).files, "mask.nii.gz"),
          window: windowOf(request),
          inputSize: inputSize ?? null,
          flips: tta,
          backend,
        },
        options,
      );
      return { ...result, files: linksTo(id, ["mask.nii.gz"]) };
    }
    case "score": {
      const { kind, model, cases, clinical, features, batch, weights, explain, backend } = request;
      const file = store.modelAt(model);
      if (!existsSync(file))
        throw new RoomError("ConfigError", `model ${model}: there is no such model; send the bundle to /v1/models first`);
      const given = {
        model: file,
        cases: Object.fromEntries(Object.entries(cases).map(([phase, of]) => [phase, needed(store, of, ["image"])])),
        clinical: Object.fromEntries(Object.entries(clinical).map(([name, value]) => [name, String(value)])),
        features,
        folder: store.jobAt(id).files,
        explain,
        backend,
        ...(batch !== undefined && { batch }),
        ...(weights !== undefined && { weights: weightsAt(store, weights) }),
      };
      const result = await engines.run(kind, given, options);
      return { ...result, files: linksTo(id, (result["files"] ?? []) as string[]) };
    }
    case "study": {
      const { study, files } = store.jobAt(id);
      const given = { study, out: files, cache: store.cache, backend: request.backend, workers: engines.size, strict: request.strict };
      const result = await engines.run("reduce", given, options);
      return { ...result, files: linksTo(id, await filesBelow(files)) };
    }
  }
}

/** A job's files and where to fetch them. */
const linksTo = (id: string, names: readonly string[]) => names.map((name) => ({ name, href: `/v1/jobs/${id}/files/${name}` }));

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .toSorted();
}

/** The files of a case, of which some must be there. */
function needed(store: Store, id: string, roles: readonly (keyof CaseAt)[]): CaseAt {
  const at = store.caseAt(id);
  if (!existsSync(at.image)) throw new RoomError("ConfigError", `case ${id}: there is no such case; send its image to /v1/cases first`);
  for (const role of roles)
    if (!existsSync(at[role])) throw new RoomError("ConfigError", `case ${id}: was sent without a ${role}; send it again with one`);
  return at;
}

/** What the tumour's box is drawn around: the annotation where there is one, else the mask. */
function boxOf(store: Store, id: string): string {
  const { rough, mask } = store.caseAt(id);
  if (existsSync(rough)) return rough;
  if (existsSync(mask)) return mask;
  throw new RoomError("ConfigError", `case ${id}: was sent without a rough annotation or a mask; send it again with one`);
}

function weightsAt(store: Store, named: string): string {
  if (named.startsWith("shipped:")) return named;
  const file = /^[0-9a-f-]{36}$/.test(named) ? store.modelAt(named) : null;
  if (file && existsSync(file)) return file;
  throw new RoomError("ConfigError", `weights: expected shipped:NAME, or the id of a network that was sent to /v1/models; got "${named}"`);
}

function windowOf({ window, percentiles }: Extract<JobRequest, { kind: "deep" | "segment" }>): Window | null {
  if (window && percentiles) throw new RoomError("ConfigError", "window, percentiles: give one of them, not both");
  return window ?? (percentiles ? { percentiles } : null);
}

/** The same without keys that are undefined. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as never;
}
