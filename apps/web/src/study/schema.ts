// The study's JSON Schema, as far as a form needs it.
import { studyJsonSchema } from "@islet/pipeline";

/** A part of the schema. */
export interface SchemaNode {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  /** Of an object whose keys the user names. */
  readonly additionalProperties?: SchemaNode | false;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
}

/** Where a value stands in the study file. */
export type Path = readonly (string | number)[];

/** The whole study's schema. */
export const STUDY_SCHEMA = studyJsonSchema() as SchemaNode;

/** The branches of a choice that are told apart by a constant, such as `kind: svm`; null where there is none. */
export function namedBranches({ oneOf }: SchemaNode): { readonly key: string; readonly branches: readonly SchemaNode[] } | null {
  const [first] = oneOf ?? [];
  const key = Object.entries(first?.properties ?? {}).find(([, node]) => node.const !== undefined)?.[0];
  return key === undefined ? null : { key, branches: oneOf! };
}

/**
 * The one way in which a form writes a value that the schema takes in several: as an object, else as a list, else as it is.
 *
 * @returns the branch, and the value as the branch has it: `"t.csv"` as `{ table: "t.csv" }`, as `["t.csv"]`
 */
export function broadest(node: SchemaNode, value: unknown): { readonly node: SchemaNode; readonly value: unknown } {
  const branches = (node.anyOf ?? []).flatMap((branch) => branch.anyOf ?? [branch]);
  if (branches.length === 0) return { node, value };
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  const object = branches.find((branch) => branch.type === "object" && branch.properties);
  if (object) return { node: object, value: value === undefined || isObject ? value : { [object.required![0]!]: value } };
  const list = branches.find((branch) => branch.type === "array");
  if (list)
    return {
      node: { ...list, ...(node.description !== undefined && { description: node.description }) },
      value: value === undefined || Array.isArray(value) ? value : [value],
    };
  return { node: branches[0]!, value };
}

/** A new value for a place that has none. */
export function blank(node: SchemaNode): unknown {
  const named = namedBranches(node);
  if (named) return { [named.key]: named.branches[0]!.properties![named.key]!.const };
  const { node: one } = broadest(node, undefined);
  if (one.default !== undefined) return one.default;
  if (one.enum) return one.enum[0];
  if (one.type === "array") return [];
  if (one.type === "object")
    return Object.fromEntries((one.required ?? []).map((key) => [key, one.properties?.[key] ? blank(one.properties[key]) : ""]));
  return one.type === "string" ? "" : (one.minimum ?? 0);
}

/** `horizonMonths` -> "horizon months". */
export function label(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/^./, (first) => first.toUpperCase())
    .replace(/ [A-Z]/g, (part) => part.toLowerCase());
}

/** A copy of data with one value replaced, or removed where the new one is undefined. */
export function withValue(data: unknown, path: Path, value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof step === "number") {
    const list = [...((data as unknown[] | undefined) ?? [])];
    if (rest.length === 0 && value === undefined) list.splice(step, 1);
    else list[step] = withValue(list[step], rest, value);
    return list;
  }
  const entries = { ...(data as Record<string, unknown> | undefined) };
  const next = withValue(entries[step], rest, value);
  if (next === undefined) delete entries[step];
  else entries[step] = next;
  return entries;
}

/** A copy of an object with one key called otherwise, in its place. */
export function withKey(data: Readonly<Record<string, unknown>>, from: string, to: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key === from ? to : key, value]));
}
