// A patient scored with a bundle, by the same lines in Node and in the page.
import { createScoreEngine, describeBundle, explainedScore, openBundle } from "@islet/pipeline";
import type { TravellingFiles } from "./intake.ts";

/** A bundle and a patient as they travel to the page. */
export interface ScoreInput {
  readonly bundle: string;
  /** Files of each phase by their role. */
  readonly phases: Readonly<Record<string, Readonly<Record<"image" | "rough" | "mask", TravellingFiles>>>>;
  readonly variables: Readonly<Record<string, string>>;
}

/** What a bundle says of itself, the patient's score, and its explanation byte for byte. */
export async function scoreWithBundle({ bundle, phases, variables }: ScoreInput) {
  const bytes = (base64: string) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const opened = await openBundle(bytes(bundle));
  const source = (path: string, files: TravellingFiles) => ({
    path,
    files: files.map(({ name, base64 }) => ({ name, bytes: bytes(base64) })),
  });
  const engine = await createScoreEngine(opened, {
    backend: "wasm",
    open: () => Promise.reject(new Error("there are no paths")),
  });
  const inputs = Object.fromEntries(
    Object.entries(phases).map(([phase, { image, rough, mask }]) => [
      phase,
      { image: source(`${phase} image`, image), rough: source(`${phase} rough`, rough), mask: source(`${phase} mask`, mask) },
    ]),
  );
  const { score, explanation } = await explainedScore(opened, engine, { phases: inputs, variables }, true);
  engine.destroy();
  return {
    description: describeBundle(opened),
    score,
    explanation: explanation.map(({ phase, total, heat, picture }) => ({ phase, total, heat: [...heat], picture: [...picture] })),
  };
}
