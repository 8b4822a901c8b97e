import { CheckField, ChoiceField, nameOf, SeveralField, WrittenField, WrittenList, type FieldProps } from "./plain-fields.tsx";
import { blank, broadest, namedBranches, withKey, type Path, type SchemaNode } from "./schema.ts";

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
      return <WrittenField {...inner} />;
    case "array":
      return <ListField {...inner} />;
    case "object":
      return node.properties ? <ObjectField {...inner} /> : <RecordField {...inner} />;
    default: {
      const choices = props.form.choices(props.path);
      return choices ? <ChoiceField {...inner} choices={choices} /> : <WrittenField {...inner} />;
    }
  }
}
/** Entries keep their place while their names are typed, so the place is their key. */
const keyOf = (path: Path, place: number) => [...path, place].join("/");

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
