// The fields of single values, and of lists of such.
import { useId, type ReactNode } from "react";
import type { Choice } from "./choices.ts";
import { label, type Path, type SchemaNode } from "./schema.ts";

/** What every field needs to know of the form around it. */
export interface FormContext {
  readonly set: (path: Path, value: unknown) => void;
  readonly choices: (path: Path) => readonly Choice[] | null;
}

/** One place of the study file, as its schema describes it. */
export interface FieldProps {
  readonly form: FormContext;
  readonly node: SchemaNode;
  readonly value: unknown;
  readonly path: Path;
  /** What the field is called; a part of the path where it is left out. */
  readonly name?: string;
  readonly isRequired?: boolean;
}
/** What a field is called. */
export const nameOf = ({ name, path }: Pick<FieldProps, "name" | "path">) => name ?? label(String(path.at(-1)));

/** A label, the field, and what the schema says of it. */
function Labelled({
  field,
  children,
}: {
  readonly field: FieldProps;
  readonly children: (id: string, describedBy: string | undefined) => ReactNode;
}) {
  const id = useId();
  const { description } = field.node;
  return (
    <div className="field">
      <label htmlFor={id}>{nameOf(field)}</label>
      {children(id, description ? `${id}-about` : undefined)}
      {description && (
        <p className="about" id={`${id}-about`}>
          {description}
        </p>
      )}
    </div>
  );
}

/** Words or a number; empty where the schema's default holds. */
export function WrittenField(field: FieldProps) {
  const { form, value, path, isRequired, node } = field;
  const isText = node.type !== "number" && node.type !== "integer";
  const read = (text: string) => (text === "" ? (isText && isRequired ? "" : undefined) : isText ? text : Number(text));
  return (
    <Labelled field={field}>
      {(id, describedBy) => (
        <input
          id={id}
          {...(isText
            ? { type: "text" }
            : { type: "number", step: node.type === "integer" ? 1 : "any", min: node.minimum, max: node.maximum })}
          value={String(value ?? "")}
          placeholder={String(node.default ?? "")}
          aria-describedby={describedBy}
          onChange={({ target }) => form.set(path, read(target.value))}
        />
      )}
    </Labelled>
  );
}

/** Yes or no. */
export function CheckField(field: FieldProps) {
  const { form, value, path, node } = field;
  return (
    <Labelled field={field}>
      {(id, describedBy) => (
        <input
          id={id}
          type="checkbox"
          checked={Boolean(value ?? node.default)}
          aria-describedby={describedBy}
          onChange={({ target }) => form.set(path, target.checked)}
        />
      )}
    </Labelled>
  );
}

/** One of several; what is written and no longer offered stays visible. */
export function ChoiceField(field: FieldProps & { readonly choices: readonly Choice[] }) {
  const { form, value, path, node, choices, isRequired } = field;
  const current = value === undefined ? "" : String(value);
  const isKnown = current === "" || choices.some((choice) => choice.value === current);
  return (
    <Labelled field={field}>
      {(id, describedBy) => (
        <select
          id={id}
          value={current}
          aria-describedby={describedBy}
          onChange={({ target }) => form.set(path, target.value === "" && !isRequired ? undefined : target.value)}
        >
          <option value="">
            {node.default === undefined ? (isRequired ? "choose" : "as by default") : `default: ${String(node.default)}`}
          </option>
          {!isKnown && <option value={current}>{current} (not there)</option>}
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.value}
              {choice.hint ? ` (${choice.hint})` : ""}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}
/** Choices beyond which a list stays folded. */
const MANY = 16;

/** Several of several. */
export function SeveralField({
  field,
  list,
  choices,
}: {
  readonly field: FieldProps;
  readonly list: readonly string[];
  readonly choices: readonly Choice[];
}) {
  const { form, path, node, isRequired } = field;
  const all = [
    ...choices,
    ...list.filter((value) => !choices.some((choice) => choice.value === value)).map((value) => ({ value, hint: "not there" })),
  ];
  const toggle = (value: string, isOn: boolean) => {
    const next = isOn ? [...list, value] : list.filter((one) => one !== value);
    form.set(path, next.length === 0 && !isRequired ? undefined : next);
  };
  const options = (
    <div className="options">
      {all.map(({ value, hint }) => (
        <label key={value} className="option">
          <input type="checkbox" checked={list.includes(value)} onChange={({ target }) => toggle(value, target.checked)} />
          {value}
          {hint && <span className="about">{hint}</span>}
        </label>
      ))}
    </div>
  );
  return (
    <fieldset className="several">
      <legend>{nameOf(field)}</legend>
      {node.description && <p className="about">{node.description}</p>}
      {all.length === 0 && <p className="about">nothing to choose from yet</p>}
      {all.length > MANY ? (
        <details>
          <summary>
            {list.length} of {all.length} chosen
          </summary>
          {options}
        </details>
      ) : (
        options
      )}
    </fieldset>
  );
}

/** A list that is written with commas. */
export function WrittenList({ field, list }: { readonly field: FieldProps; readonly list: readonly unknown[] }) {
  const { form, path, node } = field;
  const isText = node.items!.type === "string";
  const read = (text: string) => {
    const parts = text.split(",").map((part) => part.trim());
    const values = isText ? parts.filter((part) => part !== "") : parts.filter((part) => part !== "").map(Number);
    form.set(path, values.length === 0 ? undefined : values);
  };
  return (
    <Labelled field={field}>
      {(id, describedBy) => (
        <input
          id={id}
          type="text"
          key={list.join()}
          defaultValue={list.join(", ")}
          placeholder="one, another"
          aria-describedby={describedBy}
          onBlur={({ target }) => target.value !== list.join(", ") && read(target.value)}
        />
      )}
    </Labelled>
  );
}
