// Who may import whom: apps -> pipeline -> core-wasm and gpu-unet; see CONTRIBUTING.md.
/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "compute-packages-know-nobody",
      severity: "error",
      from: { path: "^packages/(core-wasm|gpu-unet)/(src|reference)", pathNot: "\\.test\\.ts$" },
      to: { path: "^(packages/(?!$1)|apps/|test/)" },
    },
    {
      name: "pipeline-knows-no-app",
      severity: "error",
      from: { path: "^packages/pipeline/src", pathNot: "\\.test\\.ts$" },
      to: { path: "^(apps/|test/)" },
    },
    {
      name: "computing-knows-no-study",
      severity: "error",
      comment: "the rooms that compute stand below those that put a study, a score or a report together; a training alone draws its curve",
      from: {
        path: "^packages/pipeline/src/(host|intake|preprocess|radiomics|stats|learn|deep)/",
        pathNot: "(\\.test\\.ts$|/deep/training/)",
      },
      to: { path: "^packages/pipeline/src/(single|study|score|session|finished|report|demo)/" },
    },
    {
      name: "apps-ask-the-pipeline",
      severity: "error",
      comment: "an app shows; what it needs computed the pipeline offers",
      from: { path: "^apps/[^/]+/src" },
      to: { path: "^packages/(core-wasm|gpu-unet)/" },
    },
    {
      name: "packages-are-entered-by-their-index",
      severity: "error",
      from: { path: "^(packages|apps)/([^/]+)/src", pathNot: "\\.test\\.tsx?$" },
      to: { path: "^(packages|apps)/(?!$2/)[^/]+/src/" },
    },
    {
      name: "only-the-terminal-opens-other-doors",
      severity: "error",
      comment: "islet serve and islet web start the service and the page; those know only the pipeline",
      from: { path: "^apps/(web|api)/src" },
      to: { path: "^apps/(?!$1/)" },
    },
    {
      name: "node-stays-at-the-edges",
      severity: "error",
      comment: "only *.node.ts of the pipeline may touch the file system, threads or the process",
      from: { path: "^packages/[^/]+/src", pathNot: "(\\.node\\.ts|\\.test\\.ts)$" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "references-are-for-tests",
      severity: "error",
      from: { pathNot: "(\\.test\\.ts$|/reference/|^test/|/bench/)" },
      to: { path: "/reference/" },
    },
    {
      name: "test-helpers-are-for-tests",
      severity: "error",
      from: { path: "^(packages|apps)/", pathNot: "(\\.test\\.tsx?$|\\.bench\\.ts$|/bench/|vitest\\.config\\.ts$)" },
      to: { path: "^test/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(/dist/|/build/|\\.generated\\.ts$|/assembly/|/golden/)" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["islet-source", "import", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".js", ".mjs", ".d.ts"],
    },
  },
};
