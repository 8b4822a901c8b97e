import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { VERSION } from "./version.ts";

test.each(["packages/core-wasm", "packages/gpu-unet", "packages/pipeline", "apps/cli"])(
  "%s has the version that Islet says it is",
  async (folder) => {
    const text = await readFile(new URL(`../../../${folder}/package.json`, import.meta.url), "utf8");
    expect(JSON.parse(text).version).toBe(VERSION);
  },
);
