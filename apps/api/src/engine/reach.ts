// What an engine process may touch of this machine's files: the code it runs, and the folders of its own work.
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Folders that an engine process reaches, and whether it may load compiled code (Dawn, fonts) and start threads. */
export interface Reach {
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly isWide: boolean;
}

/**
 * Node's flags that hold a process to its reach: any other file is refused to its JavaScript, and so is starting programs. Threads that it starts are held
 * likewise. Compiled code, where it is allowed, is not: this guards against a path that was smuggled into a file or a study, not against a stranger who
 * already runs machine code.
 *
 * The folders must be there: Node takes what is none yet for a file.
 *
 * @see https://nodejs.org/docs/latest-v24.x/api/permissions.html
 */
export function flagsOf({ read, write, isWide }: Reach): string[] {
  const all = (flag: string, folders: readonly string[]) => folders.map((folder) => `--${flag}=${resolve(folder)}`);
  return [
    "--permission",
    ...all("allow-fs-read", [...codeFolders(), ...read, ...write]),
    ...all("allow-fs-write", write),
    ...(isWide ? ["--allow-addons", "--allow-worker"] : []),
  ];
}

/** Where the service's code and that of its dependencies lies: this package, every node_modules above it, and where links in them lead. */
function codeFolders(): string[] {
  const own = fileURLToPath(new URL("../..", import.meta.url));
  const found = new Set([own]);
  for (let folder = own; ; folder = dirname(folder)) {
    const modules = join(folder, "node_modules");
    if (existsSync(modules)) {
      found.add(modules);
      const workspaces = join(modules, "@islet");
      if (existsSync(workspaces)) for (const name of readdirSync(workspaces)) found.add(realpathSync(join(workspaces, name)));
    }
    if (dirname(folder) === folder) return [...found];
  }
}
