/** Whose study it is and what came of them: how every study file begins. */
const COHORT = `name: my study
seed: 1                      # every random choice comes from it

cohorts:
  internal: { table: cohort.csv }        # CSV, one patient a row; a column "cohort" (internal, external) splits one table in two
  # external: { table: other-hospital.csv }

outcome:
  event: recurrence          # column with 0 or 1
  # time: months             # column with the follow-up; an event later than the horizon counts as none
  # horizonMonths: 60
`;

/** A study file to start from, every key explained; it is valid as it stands but for the files it names. */
export function studyTemplate(): string {
  return `# yaml-language-server: $schema=./study.schema.json
# An Islet study. Paths are relative to the file that names them. Check it: islet study validate study.yaml
${COHORT}
phases:                      # any names; the values of image, mask and rough are columns of the table
  arterial:
    image: arterial_image
    mask: arterial_mask                  # for radiomics.arterial
    # rough: arterial_rough              # islet-rough-roi/1 annotations, for deep.arterial ...
    roughFrom: { mask: arterial_mask, seed: 1, jitterMm: 2 }   # ... or a reader simulated from the mask
    window: { level: 130, width: 310 }   # HU; for MR: percentiles: [1, 99]

# clinical:
#   age: { column: age, kind: number }
#   sex: { column: sex, kind: category }

# radiomics: { preset: song-2021 }      # or ibsi, ibsi-a .. ibsi-e, intensity, pyradiomics; a block may name its own: radiomics.arterial.ibsi

deep:
  # weights: network.safetensors
  weights: { init: seeded, baseWidth: 16, seed: 1 }   # a network that has seen no image; named so in every output

models:
  - { name: Radiomics-A, features: [radiomics.arterial] }
  - { name: DLR-A, features: [deep.arterial] }

report: { primaryModel: DLR-A }
`;
}

/** The same for a cohort whose features were made elsewhere: tables in the place of images. */
export function featuresTemplate(): string {
  return `# yaml-language-server: $schema=./study.schema.json
# An Islet study of features made elsewhere. Paths are relative to the file that names them. Check it: islet study validate study.yaml
${COHORT}
features:                    # any names; one patient a row, a column a feature, as PyRadiomics or islet radiomics write it
  arterial: arterial-features.csv
  # venous: [internal-venous.csv, external-venous.csv]                # one table a cohort
  # mr: { table: mr.csv, patient: ID, ignore: [Observer] }            # another column of ids; columns that are no features

# clinical:
#   age: { column: age, kind: number }
#   sex: { column: sex, kind: category }

models:
  - { name: Radiomics-A, features: [features.arterial] }
  # - { name: Radiomics-A + age, features: [features.arterial], clinical: [age] }

report: { primaryModel: Radiomics-A }
`;
}
