// What compiled tools ask of Node in a process whose permissions are held (node --permission).
import { constants } from "node:fs";

/**
 * Lets ITK's and dcm2niix's modules start in a process that Node holds to some files.
 *
 * Emscripten's start asks `process.binding("constants")` for the numbers of open's flags, and such a process refuses `process.binding` altogether. The
 * numbers are those of `fs.constants`; whatever else is asked stays refused. Does nothing in any other process.
 */
export function letToolsStart(): void {
  const held = process as unknown as { permission?: unknown; binding: (name: string) => unknown };
  if (held.permission === undefined || held.binding === flags) return;
  held.binding = flags;
}

function flags(name: string): unknown {
  if (name === "constants") return { fs: constants };
  throw Object.assign(new Error(`process.binding("${name}") is refused in this process`), { code: "ERR_ACCESS_DENIED" });
}
