// What each kind of task does: the pipeline's own functions, on files of the data folder.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { depositCase, describeBundle, describeWeights, openBundle, placeStudy, planRadiomics } from "@islet/pipeline";
import {
  deepCase,
  loadStudy,
  loadWeightsFile,
  openStudyCases,
  radiomicsCase,
  runStudyFile,
  scoreFiles,
  segmentFile,
  writeAtomic,
} from "@islet/pipeline/node";
import { caseAt, modelAt } from "../store.ts";
import type { CaseAt, TaskKind, Tasks } from "./tasks.ts";

type Tell = (data: Record<string, unknown>) => void;
type Doing = { readonly [K in TaskKind]: (given: Tasks[K]["given"], tell: Tell) => Promise<Tasks[K]["result"]> };

/** Does a task. Errors are the pipeline's own. */
export function work<K extends TaskKind>(kind: K, given: Tasks[K]["given"], tell: Tell): Promise<Tasks[K]["result"]> {
  return DOING[kind](given, tell);
}

const DOING: Doing = {
  async deposit({ files, to, limits, ...pick }) {
    const read = (field: string) =>
      Promise.all(files.filter((file) => file.field === field).map(async ({ path }) => ({ name: path, bytes: await readFile(path) })));
    const [image, mask, [rough]] = await Promise.all([read("image"), read("mask"), read("rough")]);
    const kept = await depositCase({ image, ...(mask.length && { mask }), ...(rough && { rough }), ...pick }, limits);
    if (kept.mask) await writeAtomic(to.mask, kept.mask);
    if (kept.rough) await writeAtomic(to.rough, kept.rough);
    await writeAtomic(to.image, kept.image);
    return { ...kept.facts, hasMask: kept.mask !== null, hasRough: kept.rough !== null };
  },

  async describe({ file }) {
    const bytes = await readFile(file);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    if (bytes.toString("latin1", 0, 2) === "PK") {
      const { file: _file, ...description } = describeBundle(await openBundle(bytes, "model"));
      return { kind: "bundle", sha256, description };
    }
    // A safetensors file begins with the length of its header, which is JSON.
    if (bytes.toString("latin1", 8, 9) !== "{") {
      throw Object.assign(new Error("model: is neither a bundle (model.islet of a study) nor weights (.safetensors); send one of these"), {
        name: "IntakeError",
      });
    }
    return { kind: "network", sha256, description: { network: describeWeights(await loadWeightsFile(file)) } };
  },

  async radiomics({ image, mask, preset, window, config }) {
    const plan = planRadiomics(preset, {
      ...(window && { window }),
      ...(config !== undefined && { config: { file: "config", text: config } }),
    });
    return { ...(await radiomicsCase({ image, mask }, plan)) };
  },

  deep: async (given) => ({ ...(await deepCase(given)) }),

  async segment(given) {
    const { out: _out, ...result } = await segmentFile(given);
    return { ...result };
  },

  async score({ model, cases, clinical, features, folder, explain, weights, batch, backend }) {
    const here = (pick: (at: CaseAt) => string[]) =>
      Object.fromEntries(
        Object.entries(cases).flatMap(([phase, at]) =>
          pick(at)
            .filter(existsSync)
            .slice(0, 1)
            .map((file) => [phase, file]),
        ),
      );
    const tables: Record<string, string> = {};
    for (const [i, [name, text]] of Object.entries(features).entries()) {
      tables[name] = join(folder, `features-${i + 1}.csv`);
      await writeAtomic(tables[name], text);
    }
    const { files, ...score } = await scoreFiles(
      {
        model,
        images: here(({ image }) => [image]),
        rois: here(({ rough, mask }) => [rough, mask]),
        masks: here(({ mask }) => [mask]),
        clinical,
        features: tables,
        ...(batch !== undefined && { batch }),
      },
      { backend, ...(weights !== undefined && { weights }), ...(explain && { explain: folder }) },
    );
    return { ...score, files: files.map((file) => relative(folder, file)) };
  },

  async place({ study, tables, folder, casesFolder, modelsFolder, cache }) {
    const from = (file: string) => relative(folder, file);
    const uses = new Set<string>();
    const files = placeStudy(
      { study, tables },
      {
        caseFiles(id) {
          const at = isId(id) ? caseAt(casesFolder, id) : null;
          if (!at || !existsSync(at.image)) return null;
          uses.add(id);
          return {
            image: from(at.image),
            mask: existsSync(at.mask) ? from(at.mask) : null,
            rough: existsSync(at.rough) ? from(at.rough) : null,
          };
        },
        weights(id) {
          const file = isId(id) ? modelAt(modelsFolder, id) : null;
          if (!file || !existsSync(file)) return null;
          return from(file);
        },
      },
    );
    for (const [name, text] of Object.entries(files)) await writeAtomic(join(folder, name), text);
    const file = join(folder, "study.yaml");
    const loaded = await loadStudy(file, (path) => path);
    const { cases } = await openStudyCases(file, { cache });
    return { name: loaded.study.name, models: loaded.study.models.map((model) => model.name), cases, uses: [...uses] };
  },

  async part({ study, cache, backend, part }) {
    return (await openedStudy(study, cache, backend)).run(part);
  },

  async reduce({ study, out, cache, backend, workers, strict }, tell) {
    let end: Record<string, unknown> = {};
    await runStudyFile(study, out, { cache, backend, workers, strict }, (event) => {
      if (event.type === "end") end = { ...event };
      else if (event.type !== "case") tell({ ...event });
    });
    const { type: _type, ...result } = end;
    return result;
  },
};

/** The study whose cases this process computed last stays open, with its network: its other cases come next. */
let opened: { readonly key: string; readonly study: ReturnType<typeof openStudyCases> } | null = null;

function openedStudy(file: string, cache: string, backend: Tasks["part"]["given"]["backend"]): ReturnType<typeof openStudyCases> {
  const key = JSON.stringify([file, cache, backend]);
  if (opened?.key !== key) opened = { key, study: openStudyCases(file, { cache, backend }) };
  const { study } = opened;
  study.catch(() => {
    if (opened?.key === key) opened = null;
  });
  return study;
}

const isId = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
