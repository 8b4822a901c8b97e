import { defineConfig } from "vitest/config";

// One run over every package: `npm test` prints one list of claims and one count.
// The "islet-source" condition makes a package's own `#load` and `#device` seams resolve to its sources.
export default defineConfig({
  test: {
    projects: ["packages/core-wasm", "packages/gpu-unet", "packages/pipeline", "apps/cli", "apps/web", "apps/api", "test"],
  },
});
