import { useId, type ReactNode } from "react";
import type { Choice } from "./choices.ts";
import { blank, broadest, label, namedBranches, withKey, type Path, type SchemaNode } from "./schema.ts";

/** What every field needs to know of the form around it. */
export interface FormContext {
  readonly set: (path: Path, value: unknown) => void;
  readonly choices: (path: Path) => readonly Choice[] | null;
}

/** One place of the study file, as its schema describes it. */
interface FieldProps {
  readonly form: FormContext;
  readonly node: SchemaNode;
  readonly value: unknown;
  readonly path: Path;
  /** What the field is called; a part of the path where it is left out. */
  readonly name?: string;
  readonly isRequired?: boolean;
}

/** A field for any part of the schema: what it is decides what is shown. */
export function SchemaField(props: FieldProps) {
  const named = namedBranches(props.node);
  if (named) return <BranchField {...props} named={named} />;
  const { node, value } = broadest(props.node, props.value);
  const inner = { ...props, node, value };
  if (node.enum) return <ChoiceField {...inner} choices={node.enum.map((one) => ({ value: one }))} />;
  switch (node.type) {
    case "boolean":
      return <CheckField {...inner} />;
    case "number":
    case "integer":
      return <NumberField {...inner} />;
    case "array":
      return <ListField {...inner} />;
    case "object":
      return node.properties ? <ObjectField {...inner} /> : <RecordField {...inner} />;
    default: {
      const choices = props.form.choices(props.path);
      return choices ? <ChoiceField {...inner} choices={choices} /> : <TextField {...inner} />;
    }
  }
}

const nameOf = ({ name, path }: Pick<FieldProps, "name" | "path">) => name ?? label(String(path.at(-1)));

/** Entries keep their place while their names are typed, so the place is their key. */
const keyOf = (path: Path, place: number) => [...path, place].join("/");

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

function TextField(field: FieldProps) {
  const { form, value, path, isRequired, node } = field;
  return (
    <Labelled field={field}>
      {(id, describedBy) => (
        <input
          id={id}
          type="text"
          value={String(value ?? "")}
          placeholder={node.default === undefined ? "" : String(node.default)}
          aria-describedby={describedBy}
          onChange={({ target }) => form.set(path, target.value === "" && !isRequired ? undefined : target.value)}
        />
      )}
    </Labelled>
  );
}

function NumberField(field: FieldProps) {
  const { form, value, path, node } = field;
  return (
    <Labelled field={field}>
      {(id, describedBy) => (
        <input
          id={id}
          type="number"
          step={node.type === "integer" ? 1 : "any"}
          min={node.minimum}
          max={node.maximum}
          value={value === undefined ? "" : String(value)}
          placeholder={node.default === undefined ? "" : String(node.default)}
          aria-describedby={describedBy}
          onChange={({ target }) => form.set(path, target.value === "" ? undefined : Number(target.value))}
        />
      )}
    </Labelled>
  );
}

function CheckField(field: FieldProps) {
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
function ChoiceField(field: FieldProps & { readonly choices: readonly Choice[] }) {
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

function ListField(field: FieldProps) {
  const { form, value, path, node } = field;
  const item = node.items!;
  const list = (value ?? node.default ?? []) as readonly unknown[];
  const choices = item.enum?.map((one) => ({ value: one })) ?? form.choices(path);
  if (choices) return <SeveralField field={field} list={list.map(String)} choices={choices} />;
  if (item.type === "number" || item.type === "integer" || item.type === "string") return <WrittenList field={field} list={list} />;
  return (
    <fieldset className="list">
      <legend>{nameOf(field)}</legend>
      {node.description && <p className="about">{node.description}</p>}
      {list.map((entry, i) => (
        <div className="entry" key={keyOf(path, i)}>
          <SchemaField form={form} node={item} value={entry} path={[...path, i]} name={titleOf(entry, nameOf(field), i)} isRequired />
          <button type="button" className="quiet" onClick={() => form.set(path, list.toSpliced(i, 1))}>
            Remove<span className="visually-hidden"> {titleOf(entry, nameOf(field), i)}</span>
          </button>
        </div>
      ))}
      <button type="button" onClick={() => form.set(path, [...list, blank(item)])}>
        Add to {nameOf(field).toLowerCase()}
      </button>
    </fieldset>
  );
}

function titleOf(entry: unknown, list: string, i: number): string {
  const { name, step } = (entry ?? {}) as { name?: unknown; step?: unknown };
  return typeof name === "string" && name !== "" ? name : typeof step === "string" ? `Step ${i + 1}` : `${list} ${i + 1}`;
}

/** Choices beyond which a list stays folded. */
const MANY = 16;

/** Several of several. */
function SeveralField({
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
function WrittenList({ field, list }: { readonly field: FieldProps; readonly list: readonly unknown[] }) {
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

function ObjectField(field: FieldProps) {
  const { form, node, value, path, isRequired } = field;
  const data = (value ?? {}) as Readonly<Record<string, unknown>>;
  const isOptional = !isRequired && node.default === undefined && (node.required ?? []).length > 0;
  if (isOptional && value === undefined) {
    return (
      <div>
        <button type="button" onClick={() => form.set(path, blank(node))}>
          Add {nameOf(field).toLowerCase()}
        </button>
        {node.description && <p className="about">{node.description}</p>}
      </div>
    );
  }
  return (
    <fieldset className="object">
      <legend>{nameOf(field)}</legend>
      {node.description && <p className="about">{node.description}</p>}
      <div className="grid">
        {Object.entries(node.properties!)
          .filter(([, part]) => part.const === undefined)
          .map(([key, part]) => (
            <SchemaField
              key={key}
              form={form}
              node={part}
              value={data[key]}
              path={[...path, key]}
              isRequired={node.required?.includes(key) ?? false}
            />
          ))}
      </div>
      {isOptional && (
        <button type="button" className="quiet" onClick={() => form.set(path, undefined)}>
          Remove {nameOf(field).toLowerCase()}
        </button>
      )}
    </fieldset>
  );
}

/** Entries that the user names. */
function RecordField(field: FieldProps) {
  const { form, node, value, path } = field;
  const data = (value ?? {}) as Readonly<Record<string, unknown>>;
  const item = node.additionalProperties as SchemaNode;
  const keys = Object.keys(data);
  const fresh = () => {
    let number = keys.length + 1;
    while (keys.includes(`new-${number}`)) number++;
    return `new-${number}`;
  };
  return (
    <fieldset className="list">
      <legend>{nameOf(field)}</legend>
      {node.description && <p className="about">{node.description}</p>}
      {keys.map((key, i) => (
        <div className="entry" key={keyOf(path, i)}>
          <div className="field">
            <label htmlFor={`${path.join("-")}-key-${i}`}>Name</label>
            <input
              id={`${path.join("-")}-key-${i}`}
              type="text"
              key={key}
              defaultValue={key}
              onBlur={({ target }) =>
                target.value !== "" &&
                target.value !== key &&
                !keys.includes(target.value) &&
                form.set(path, withKey(data, key, target.value))
              }
            />
          </div>
          <SchemaField form={form} node={item} value={data[key]} path={[...path, key]} name={key} isRequired />
          <button type="button" className="quiet" onClick={() => form.set([...path, key], undefined)}>
            Remove<span className="visually-hidden"> {key}</span>
          </button>
        </div>
      ))}
      <button type="button" onClick={() => form.set([...path, fresh()], blank(item))}>
        Add to {nameOf(field).toLowerCase()}
      </button>
    </fieldset>
  );
}

/** One of several kinds of settings, each with fields of its own. */
function BranchField(field: FieldProps & { readonly named: NonNullable<ReturnType<typeof namedBranches>> }) {
  const { form, node, value, path, named } = field;
  const { key, branches } = named;
  const data = (value ?? node.default ?? {}) as Readonly<Record<string, unknown>>;
  const constants = branches.map((branch) => String(branch.properties![key]!.const));
  const branch = branches[constants.indexOf(String(data[key]))] ?? branches[0]!;
  return (
    <fieldset className="object">
      <legend>{nameOf(field)}</legend>
      {node.description && <p className="about">{node.description}</p>}
      <div className="grid">
        <ChoiceField
          form={{ ...form, set: (_path, chosen) => form.set(path, { [key]: chosen }) }}
          node={{ ...(branch.description !== undefined && { description: branch.description }) }}
          value={data[key]}
          path={[...path, key]}
          isRequired
          choices={constants.map((one) => ({ value: one }))}
        />
        {Object.entries(branch.properties!)
          .filter(([, part]) => part.const === undefined)
          .map(([name, part]) => (
            <SchemaField key={name} form={form} node={part} value={data[name]} path={[...path, name]} />
          ))}
      </div>
    </fieldset>
  );
}
