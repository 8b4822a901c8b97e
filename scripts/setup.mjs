// Makes a fresh clone ready: dependencies as the lockfile says, then a build of what changed.
// Runs before `npm start` and `npm test`, on whichever Node the machine has, so it uses nothing but Node itself.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, mkdirSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";

const root = join(import.meta.dirname ?? ".", "..");
const major = Number(process.versions.node.split(".")[0]);
if (major < 20) {
  console.error(
    `Islet needs Node 20 or newer to set itself up; this is Node ${process.versions.node}. Install a current Node (nodejs.org) and run the command again.`,
  );
  process.exit(4);
}

/** Runs a command of npm in the repository's root and ends the set-up with its exit code when it fails. */
function npm(...args) {
  const { status, error } = spawnSync("npm", args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32",
  });
  if (error || status !== 0) {
    console.error(
      `set-up: npm ${args.join(" ")} failed${error ? `: ${error.message}` : ""}. Its output above says why; after mending it, run the same command again.`,
    );
    process.exit(status || 1);
  }
}

const lock = createHash("sha256")
  .update(readFileSync(join(root, "package-lock.json")))
  .digest("hex");
const stamp = join(root, "node_modules", ".islet-lock");
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== lock) {
  console.error("set-up: installing the dependencies of package-lock.json (a few minutes the first time)");
  npm("ci");
  mkdirSync(join(root, "node_modules"), { recursive: true });
  writeFileSync(stamp, lock);
}
console.error("set-up: building what changed");
npm("run", "--silent", "build", "--", "--output-logs=errors-only");
