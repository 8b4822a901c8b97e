import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["islet-source"] },
  ssr: { resolve: { conditions: ["islet-source"] } },
  test: {
    name: "web",
    include: ["**/*.test.{ts,tsx}"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
