// A bundle of the study fixture, and the cases that its patients would have, without images.
import type { Finding } from "../../packages/pipeline/src/study/guards/finding.ts";
import { bundleOfStudy } from "../../packages/pipeline/src/study/bundle/of-study.ts";
import type { CaseResult } from "../../packages/pipeline/src/study/case.ts";
import { caseId } from "../../packages/pipeline/src/study/features.ts";
import { studyResults, type StudyFixture } from "./study-results.ts";

/** A study, its bundle and its cases. */
export interface BundleFixture extends StudyFixture {
  readonly bytes: Uint8Array;
  readonly cases: ReadonlyMap<string, CaseResult>;
}

/** The bundle of one of the fixture's models (`studyResults`). */
export async function bundleFixture(model: string, findings: readonly Finding[] = []): Promise<BundleFixture> {
  const fixture = await studyResults({ only: [model] });
  const study = { ...fixture.study, report: { primaryModel: model } };
  const cases = new Map<string, CaseResult>();
  for (const [i, { id }] of fixture.cohort.patients.entries()) {
    for (const phase of ["arterial", "venous"]) {
      const of = (kind: string) => fixture.blocks.get(`${kind}.${phase}`)!.rows.get(id)!;
      cases.set(caseId(id, phase), {
        deep: { features: of("deep").map(Number), slices: 9, kept: 7 },
        radiomics: { "song-2021": { features: Object.fromEntries(of("radiomics").map((value, j) => [`${j}`, value])), reasons: {} } },
        scan: {
          shape: [40, 512, 512],
          spacing: [1 + (i % 5), 0.6 + 0.01 * (i % 7), 0.6 + 0.01 * (i % 7)],
          values: [-1024, 1500],
          modality: "CT",
          fingerprint: id,
        },
        warnings: [],
      });
    }
  }
  const bytes = await bundleOfStudy({
    ...fixture,
    study,
    results: cases,
    inputs: [],
    findings,
    featureTables: [],
    weights: { init: "seeded", baseWidth: 4, seed: 1 },
    network: { description: fixture.network, sha256: "0".repeat(64) },
    host: { engine: "test", backend: "wasm" },
  });
  return { ...fixture, study, bytes, cases };
}
