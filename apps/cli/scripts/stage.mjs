// npm pack and npm publish run this before and after: the workspaces that islet is made of travel inside its tarball, so that an
// installation asks a registry for other people's packages alone.
//
//   node scripts/stage.mjs in    copies what each workspace publishes to node_modules/@islet, names them as bundled, and asks for their
//                                dependencies in islet's own name, since npm fetches nothing for a bundled package
//   node scripts/stage.mjs out   takes both back
import { access, cp, glob, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = fileURLToPath(new URL("..", import.meta.url));
const ROOT = join(HERE, "..", "..");
const WORKSPACES = ["packages/core-wasm", "packages/gpu-unet", "packages/pipeline", "apps/web", "apps/api"];
const STAGE = join(HERE, "node_modules", "@islet");
const OWN = join(HERE, "package.json");
const KEPT = join(HERE, "node_modules", ".islet-package.json");

const read = async (file) => JSON.parse(await readFile(file, "utf8"));
const isThere = (path) =>
  access(path).then(
    () => true,
    () => false,
  );

/** Puts everything back as it was. */
async function out() {
  await rm(STAGE, { recursive: true, force: true });
  if (!(await isThere(KEPT))) return;
  await writeFile(OWN, await readFile(KEPT, "utf8"));
  await rm(KEPT);
}

/** Copies the files that a workspace publishes; source maps stay behind. */
async function stage(workspace) {
  const from = join(ROOT, workspace);
  const { scripts: _scripts, devDependencies: _dev, ...published } = await read(join(from, "package.json"));
  const to = join(STAGE, published.name.split("/")[1]);
  await mkdir(to, { recursive: true });
  await writeFile(join(to, "package.json"), `${JSON.stringify(published, null, 2)}\n`);
  for (const pattern of published.files) {
    let found = 0;
    for await (const path of glob(pattern, { cwd: from })) {
      found++;
      await mkdir(dirname(join(to, path)), { recursive: true });
      await cp(join(from, path), join(to, path), { recursive: true, filter: (file) => !/\.(map|tsbuildinfo)$/.test(file) });
    }
    if (!found) throw new Error(`${workspace}: there is no ${pattern}; build it first (npm run build)`);
  }
  return published;
}

/** Everybody's dependencies on other people's packages, each in one version. */
function together(packages) {
  const all = {};
  for (const { name, dependencies = {} } of packages) {
    for (const [dependency, version] of Object.entries(dependencies)) {
      if (dependency.startsWith("@islet/")) continue;
      if (all[dependency] !== undefined && all[dependency] !== version)
        throw new Error(`${name} wants ${dependency} ${version}, another workspace ${all[dependency]}; ask for one version in both`);
      all[dependency] = version;
    }
  }
  return all;
}

/** Stages every workspace and names those that islet itself asks for as bundled. */
async function into() {
  await out();
  if (!(await isThere(join(HERE, "dist")))) throw new Error("apps/cli: there is no dist; build it first (npm run build)");
  const staged = [];
  for (const workspace of WORKSPACES) staged.push(await stage(workspace));
  const text = await readFile(OWN, "utf8");
  const { devDependencies: _dev, ...own } = JSON.parse(text);
  const bundled = Object.fromEntries(staged.filter(({ name }) => name in own.dependencies).map(({ name, version }) => [name, version]));
  const dependencies = { ...together([own, ...staged]), ...bundled };
  await writeFile(KEPT, text);
  await writeFile(OWN, `${JSON.stringify({ ...own, dependencies, bundleDependencies: Object.keys(bundled) }, null, 2)}\n`);
}

if (process.argv[2] === "out") await out();
else
  await into().catch(async (error) => {
    await out();
    console.error(`islet: ${error.message}`);
    process.exitCode = 1;
  });
