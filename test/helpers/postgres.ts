// A PostgreSQL server of Debian's package, in a folder of its own, for as long as a test runs.
import { execFile } from "node:child_process";
import { chown, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const PACKAGES = "/usr/lib/postgresql";

/** A server that runs. */
export interface PostgresServer {
  readonly url: string;
  /** Runs a statement beside whoever uses the server. */
  run(sql: string): Promise<void>;
  stop(): Promise<void>;
}

/** The folder of the newest installed server's programs, or null with the reason printed once; where CI is set, one that is missing is an error. */
export async function postgresPrograms(): Promise<string | null> {
  const versions = await readdir(PACKAGES).catch(() => []);
  const newest = versions.toSorted((a, b) => Number(b) - Number(a))[0];
  if (newest) return join(PACKAGES, newest, "bin");
  const reason = `${PACKAGES} is absent; install the package postgresql to run the tests that need a PostgreSQL server`;
  if (process.env["CI"]) throw new Error(reason);
  console.warn(`skipped: ${reason}`);
  return null;
}

/** Starts a server on a free port of loopback. It refuses to run as root, so root lends it to the user that its package made. */
export async function startPostgres(programs: string): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), "islet-postgres-"));
  const user = process.getuid?.() === 0 ? await idsOf("postgres") : null;
  if (user) await chown(folder, user.uid, user.gid);
  const options = { ...user, cwd: folder, env: { ...process.env, LC_ALL: "C" } };
  const data = join(folder, "data");
  await run(join(programs, "initdb"), ["-D", data, "-U", "islet", "-A", "trust", "-E", "UTF8", "--no-sync"], options);
  const port = await freePort();
  const settings = `-h 127.0.0.1 -p ${port} -k ${folder} -F -c shared_buffers=32MB -c max_connections=60`;
  await run(join(programs, "pg_ctl"), ["-D", data, "-w", "-t", "60", "-l", join(folder, "log"), "-o", settings, "start"], options);
  const url = `postgresql://islet@127.0.0.1:${port}/postgres`;
  return {
    url,
    async run(sql) {
      await run(join(programs, "psql"), ["-X", "-v", "ON_ERROR_STOP=1", "-c", sql, url], options);
    },
    async stop() {
      await run(join(programs, "pg_ctl"), ["-D", data, "-m", "immediate", "stop"], options).catch(() => {});
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function idsOf(name: string): Promise<{ uid: number; gid: number }> {
  const line = (await readFile("/etc/passwd", "utf8")).split("\n").find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line!.split(":");
  return { uid: Number(uid), gid: Number(gid) };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
