// What a bundle asks of a patient, as the fields of a form, and the form as the files to score.
import type { BundleDescription } from "@islet/pipeline";
import type { ScoreFiles } from "@islet/pipeline/node";
import { expandHome } from "./engine.ts";

/** One thing to fill in. */
export interface ScoreField {
  /** Its label, unique. */
  readonly name: string;
  readonly isPath: boolean;
  readonly hint: string;
  /** Puts the text where it belongs. */
  readonly into: (files: ScoreFiles, text: string) => ScoreFiles;
}

/** The fields of a bundle: images, boxes and masks by phase, variables, features made elsewhere, the scanner. */
export function fieldsOf({ phases, clinical, findings, tables, batch, fillsGaps }: BundleDescription): ScoreField[] {
  const path = (room: "images" | "rois" | "masks" | "features", key: string) => (files: ScoreFiles, text: string) => ({
    ...files,
    [room]: { ...files[room], [key]: expandHome(text) },
  });
  const of = (what: string, name: string) => (phases.length === 1 ? what : `${what}, ${name}`);
  return [
    ...phases.flatMap(({ name, needs }): ScoreField[] => [
      { name: of("image", name), isPath: true, hint: "DICOM folder or zip, .nii.gz, .nrrd, .mha", into: path("images", name) },
      ...(needs.rough
        ? [
            {
              name: of("rough box", name),
              isPath: true,
              hint: "annotation .json, or a mask to draw the box around",
              into: path("rois", name),
            },
          ]
        : []),
      ...(needs.mask ? [{ name: of("mask", name), isPath: true, hint: "fine mask of the tumour", into: path("masks", name) }] : []),
    ]),
    ...[...clinical, ...findings].map(({ name, kind, levels }) => ({
      name,
      isPath: false,
      hint: `${kind === "category" ? levels.join(", ") : "number"}${fillsGaps ? "; may be left empty" : ""}`,
      into: (files: ScoreFiles, text: string) => ({ ...files, clinical: { ...files.clinical, [name]: text } }),
    })),
    ...tables.map(({ name, columns }) => ({
      name: `features, ${name}`,
      isPath: true,
      hint: `CSV of one row with ${columns.length} features`,
      into: path("features", name),
    })),
    ...(batch
      ? [
          {
            name: batch.column,
            isPath: false,
            hint: batch.known.join(", "),
            into: (files: ScoreFiles, text: string) => ({ ...files, batch: text }),
          },
        ]
      : []),
  ];
}

/** What was filled in, as the pipeline takes it; empty fields are left out. */
export function scoreFilesOf(fields: readonly ScoreField[], text: (name: string) => string): ScoreFiles {
  return fields.reduce<ScoreFiles>((files, { name, into }) => {
    const typed = text(name).trim();
    return typed === "" ? files : into(files, typed);
  }, {});
}
