import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  build: { outDir: "dist/page", target: "es2024", assetsInlineLimit: 0 },
  worker: { format: "es" },
});
