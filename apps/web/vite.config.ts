import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { engineHash, rasterFiles, toolFiles } from "@islet/pipeline/node";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { PAGE_POLICY } from "./src/server/policy.ts";

/** The networks that come with the pipeline: the page offers them as files of its own. */
const WEIGHTS = fileURLToPath(new URL("../../packages/pipeline/weights/", import.meta.url));

/** Everything that the page may ever ask for lies beside it: intake's compiled tools, the renderer of figures, and the networks that come along. */
function selfHosted(): Plugin {
  return {
    name: "islet-self-hosted",
    apply: "build",
    generateBundle() {
      const emit = (fileName: string, path: string) => this.emitFile({ type: "asset", fileName, source: readFileSync(path) });
      for (const [name, path] of Object.entries(toolFiles())) emit(`assets/tools/${name}`, path);
      for (const [name, path] of Object.entries(rasterFiles())) emit(`assets/figures/${name}`, path);
      emit("weights/sarcoma-ct-16.safetensors", `${WEIGHTS}sarcoma-ct-16.safetensors`);
    },
  };
}

/** The policy in the page itself, for servers that send no headers. */
function policyInPage(): Plugin {
  return {
    name: "islet-policy",
    apply: "build",
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: PAGE_POLICY },
        injectTo: "head-prepend",
      },
    ],
  };
}

/** `files.json`: what the service worker keeps for working offline, and a name for this build that changes with any of it. */
function listOfFiles(): Plugin {
  return {
    name: "islet-files",
    apply: "build",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const files = Object.keys(bundle)
          .filter((name) => !name.endsWith(".map") && name !== "service-worker.js")
          .sort();
        const hash = createHash("sha256");
        for (const name of files) {
          const piece = bundle[name]!;
          hash.update(name).update(piece.type === "chunk" ? piece.code : piece.source);
        }
        const source = JSON.stringify({ build: hash.digest("hex").slice(0, 16), files });
        this.emitFile({ type: "asset", fileName: "files.json", source });
      },
    },
  };
}

/** Our own packages do nothing when they are loaded, so that what is not used of them is left out. */
const treeshake = { moduleSideEffects: (id: string) => !/\/packages\/[^/]+\/dist\//.test(id) };

export default defineConfig({
  // Addresses are relative, so the built folder works below any path of any static server.
  base: "./",
  // The packages' own builds for browsers, which need nothing of Node.
  resolve: { alias: { "csv-parse/sync": "csv-parse/browser/esm/sync", "csv-stringify/sync": "csv-stringify/browser/esm/sync" } },
  // What identifies the engine's code in a study's provenance, as the terminal writes it.
  define: { __ISLET_ENGINE__: JSON.stringify(await engineHash()) },
  plugins: [react(), selfHosted(), policyInPage(), listOfFiles()],
  build: {
    outDir: "dist/page",
    target: "es2024",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4000,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      treeshake,
      input: { index: "index.html", "service-worker": "src/offline/service-worker.ts" },
      output: { entryFileNames: ({ name }) => (name === "service-worker" ? "service-worker.js" : "assets/[name]-[hash].js") },
    },
  },
  worker: { format: "es", rolldownOptions: { treeshake } },
});
