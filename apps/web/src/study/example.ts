// The example that comes with the page: SYNTHETIC, fetched from the page's own build when asked for.
import type { StudyTexts } from "@islet/pipeline/browser";

/** The study of examples/features and its tables. */
export async function exampleStudy(): Promise<StudyTexts> {
  const [study, cohort, arterial, venous] = await Promise.all([
    import("../../../../examples/features/study.yaml?raw"),
    import("../../../../examples/features/cohort.csv?raw"),
    import("../../../../examples/features/arterial.csv?raw"),
    import("../../../../examples/features/venous.csv?raw"),
  ]);
  return {
    file: "study.yaml",
    study: study.default,
    tables: { "cohort.csv": cohort.default, "arterial.csv": arterial.default, "venous.csv": venous.default },
  };
}
