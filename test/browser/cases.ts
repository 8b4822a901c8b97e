// One patient of a study in the page's Web Workers, as the web app will run it.
import { createWebWorkerPool } from "@islet/pipeline/browser";
import type { CaseInput, CaseOutput } from "../helpers/case.ts";

/** Runs a case whose files arrive as base64; gives back its features. */
export async function caseInWebWorker({ task, settings, image, mask }: CaseInput): Promise<CaseOutput> {
  const pool = createWebWorkerPool(1, settings);
  const source = (name: string, base64: string) => ({
    path: name,
    files: [{ name, bytes: Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)) }],
  });
  const [imageSource, maskSource] = [source("image.nii.gz", image), source("mask.nii.gz", mask)];
  const input = { input: maskSource };
  try {
    return await pool.run((worker) =>
      worker.runCase({ ...task, image: imageSource, mask: input, roughFrom: { ...task.roughFrom, mask: maskSource } }),
    );
  } finally {
    pool.close();
  }
}
