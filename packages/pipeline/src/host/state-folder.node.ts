// Where this machine keeps what a program remembers.
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * The folder of what Islet remembers about this user on this machine: `ISLET_STATE` where it is set, else the system's own place
 * (`$XDG_STATE_HOME/islet`, `~/.local/state/islet`; `~/Library/Application Support/islet`; `%LOCALAPPDATA%\islet`).
 */
export function stateFolder(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  if (env["ISLET_STATE"]) return env["ISLET_STATE"];
  if (platform === "win32") return join(env["LOCALAPPDATA"] || join(homedir(), "AppData", "Local"), "islet");
  if (platform === "darwin") return join(homedir(), "Library", "Application Support", "islet");
  return join(env["XDG_STATE_HOME"] || join(homedir(), ".local", "state"), "islet");
}
