import type { StudyDraft, TableSketch } from "@islet/pipeline";
import { choicesAt } from "./choices.ts";
import type { FormContext } from "./plain-fields.tsx";
import { SchemaField } from "./schema-field.tsx";
import { STUDY_SCHEMA, withValue, type Path } from "./schema.ts";

/** The study file's keys by what a person thinks of together; those about images are the terminal's. */
const SECTIONS: readonly { readonly title: string; readonly keys: readonly string[]; readonly isOpen: boolean }[] = [
  { title: "Study", keys: ["name", "seed"], isOpen: true },
  { title: "Patients and outcome", keys: ["cohorts", "columns", "outcome", "exclude"], isOpen: true },
  { title: "Tables of features", keys: ["features"], isOpen: true },
  { title: "Clinical variables and findings", keys: ["clinical", "findings"], isOpen: false },
  { title: "Models", keys: ["models", "report"], isOpen: true },
  { title: "Learner", keys: ["learn"], isOpen: false },
];

/** The form of a study, made from the schema of its file. */
export function StudyForm({
  draft,
  tables,
  isBusy,
  onChange,
}: {
  readonly draft: StudyDraft;
  readonly tables: readonly TableSketch[];
  readonly isBusy: boolean;
  readonly onChange: (draft: StudyDraft) => void;
}) {
  const form: FormContext = {
    set: (path: Path, value: unknown) => onChange(withValue(draft, path, value) as StudyDraft),
    choices: (path) => choicesAt(path, draft, tables),
  };
  const required = STUDY_SCHEMA.required ?? [];
  return (
    <form className="study-form" onSubmit={(event) => event.preventDefault()}>
      <fieldset className="whole" disabled={isBusy}>
        <legend className="visually-hidden">The study</legend>
        {SECTIONS.map(({ title, keys, isOpen }) => (
          <details key={title} className="card" open={isOpen}>
            <summary>
              <h2>{title}</h2>
            </summary>
            {keys.map((key) => (
              <SchemaField
                key={key}
                form={form}
                node={STUDY_SCHEMA.properties![key]!}
                value={draft[key]}
                path={[key]}
                isRequired={required.includes(key)}
              />
            ))}
          </details>
        ))}
      </fieldset>
    </form>
  );
}
