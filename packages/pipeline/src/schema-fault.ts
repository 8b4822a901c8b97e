// What is wrong with settings, in a sentence for the person who wrote them.
import { z } from "zod";
import { nearest } from "./nearest.ts";

/**
 * The fault of data that a schema refuses: where, what was expected and, for an unknown key, the nearest known one.
 *
 * A misspelt key also leaves its right spelling missing: the misspelling is the news.
 *
 * @returns  `KEY.KEY: sentence`, or the sentence alone where the fault is at the top
 */
export function faultIn({ issues }: z.core.$ZodError, schema: z.ZodType): string {
  const issue = issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0]!;
  return `${issue.path.length ? `${issue.path.join(".")}: ` : ""}${explain(issue, schema)}`;
}

function explain(issue: z.core.$ZodIssue, schema: z.ZodType): string {
  if (issue.code === "unrecognized_keys") {
    const [key] = issue.keys;
    // A key of another branch, such as a kernel's beside a penalty, is known there but not here.
    const known = knownKeys(issue.path, schema).filter((name) => name !== key);
    const near = nearest(key!, known);
    return `unknown key "${key}"${near ? `; did you mean "${near}"?` : ""} (known: ${known.join(", ")})`;
  }
  // What zod finds where none of several named branches is meant.
  if (issue.code === "invalid_union" && "options" in issue && Array.isArray(issue.options))
    return `expected one of ${issue.options.map(String).join(", ")}`;
  return issue.message;
}

interface Node {
  readonly properties?: Record<string, Node>;
  readonly additionalProperties?: Node;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
}

/** The keys that the schema knows at a path. */
function knownKeys(path: readonly PropertyKey[], schema: z.ZodType): string[] {
  const withBranches = (node: Node) => [node, ...(node.anyOf ?? []), ...(node.oneOf ?? [])];
  let nodes: Node[] = [z.toJSONSchema(schema, { io: "input" }) as Node];
  for (const step of path) {
    nodes = nodes.flatMap(withBranches).flatMap((node) => {
      const next = typeof step === "number" ? node.items : (node.properties?.[String(step)] ?? node.additionalProperties);
      return next && typeof next === "object" ? [next] : [];
    });
  }
  return [...new Set(nodes.flatMap(withBranches).flatMap((node) => Object.keys(node.properties ?? {})))];
}
