// Every model of a study: over the pool or from the cache.
import { ConfigError } from "../errors.ts";
import { cacheKey } from "../host/cache.ts";
import type { Json } from "../host/json.ts";
import type { Cohort } from "./cohort.ts";
import type { StudyConfig } from "./config.ts";
import { modelTask, type FeatureBlock } from "./features.ts";
import type { StudyEvent, StudyHost } from "./study-host.ts";
import { inOrder } from "./kept-case.ts";
import { learnModel } from "./learn-model.ts";
import type { ModelResult } from "./model.ts";
import type { ModelOutcome } from "./results.ts";

/** Every model of a study, from the cache or computed. */
export async function runModels(
  study: StudyConfig,
  cohort: Cohort,
  blocks: ReadonlyMap<string, FeatureBlock>,
  host: StudyHost,
  network: string | null,
  tell: (event: StudyEvent) => void,
) {
  const outcomes = new Map<string, ModelOutcome>();
  let done = 0;
  let cachedModels = 0;
  await inOrder(study.models, host.pool.size + 1, async (model) => {
    const task = modelTask(study, cohort, model, blocks);
    const classes = new Set(task.outcome);
    if (classes.size < 2) {
      throw new ConfigError(
        `model "${model.name}"`,
        `only ${task.internal.ids.length} internal patients have its features, all of one outcome; tables/flow.csv would say why each of the others is missing, so mend their files first`,
      );
    }
    const key = await cacheKey({ kind: "model", engine: host.engine, task: { ...task, model: "" } as unknown as Json });
    let result = (await host.cache.get(key)) as ModelResult | null;
    const cached = result !== null;
    if (!result) {
      host.signal?.throwIfAborted();
      result = await learnModel(task, host);
      await host.cache.put(key, result as unknown as Json);
    }
    if (cached) cachedModels++;
    const usesNetwork = model.features.some((block) => block.startsWith("deep."));
    outcomes.set(model.name, { model: model.name, task, result, network: usesNetwork ? network : null });
    tell({ type: "model", model: model.name, done: ++done, total: study.models.length, cached });
  });
  return { models: study.models.map((m) => outcomes.get(m.name)!), cachedModels };
}
