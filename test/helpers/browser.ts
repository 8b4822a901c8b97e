// Headless Chromium with WebGPU, WebGL2, cross-origin isolation and relaxed SIMD on any Linux machine, from npm alone.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import type { Browser, Page } from "playwright-core";
import { build, preview } from "vite";
import { unpacked } from "./chromium-package.ts";

/** WebGPU and WebGL on SwiftShader. Site isolation stays on, so a page with the right headers is cross-origin isolated. */
const flags = [
  "--no-sandbox",
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--enable-features=Vulkan",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--enable-dawn-features=disable_workgroup_init", // as device.node.ts; SwiftShader compiles ten times faster so
];

/** What a page that computes needs from its server: memory shared between threads, and no word to anyone else. */
const headers = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Content-Security-Policy": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data:; connect-src 'self' data:",
};

/**
 * Starts the browser; whoever started it closes it.
 *
 * @returns null, with the reason printed, where there is none for this platform; where CI is set that is an error instead
 */
export async function launchBrowser(): Promise<Browser | null> {
  try {
    const folder = unpacked("browser", ["chromium.br", "swiftshader.tar.br", "al2023.tar.br", "fonts.tar.br"]);
    const fonts = join(mkdtempSync(join(tmpdir(), "islet-fonts-")), "fonts.conf");
    writeFileSync(fonts, `<fontconfig><dir>${join(folder, "fonts")}</dir><cachedir>${join(fonts, "..")}</cachedir></fontconfig>`);
    const browser = await chromium.launch({
      executablePath: join(folder, "chromium"),
      args: flags,
      env: { ...process.env, LD_LIBRARY_PATH: join(folder, "lib"), FONTCONFIG_FILE: fonts },
    });
    browser.on("disconnected", () => rmSync(join(fonts, ".."), { recursive: true, force: true }));
    return browser;
  } catch (error) {
    if (process.env["CI"]) throw error;
    console.warn(`skipped: the browser tests need a headless Chromium: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

/** A built page on a server of its own. */
interface Served {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/**
 * Bundles the page in a folder (its index.html) as a web app would be, and serves it from localhost.
 *
 * @param files  further files to serve: path below the page to path on this disk
 */
export async function servePage(folder: string, files: Readonly<Record<string, string>> = {}): Promise<Served> {
  const outDir = mkdtempSync(join(tmpdir(), "islet-page-"));
  const shared = { root: folder, configFile: false, logLevel: "warn", envDir: false } as const;
  await build({ ...shared, build: { outDir, emptyOutDir: true, target: "esnext", assetsInlineLimit: 0 } });
  for (const [path, file] of Object.entries(files)) cpSync(file, join(outDir, path), { recursive: true });
  const server = await preview({ ...shared, build: { outDir }, preview: { host: "localhost", port: 0, strictPort: false, headers } });
  return {
    url: server.resolvedUrls!.local[0]!,
    close: async () => {
      await server.close();
      rmSync(outDir, { recursive: true, force: true });
    },
  };
}

/** A page that is being watched. */
interface Watched {
  readonly page: Page;
  /** Addresses outside the page's origin that it asked for; each was refused. */
  readonly foreign: readonly string[];
  /** What the page threw or logged as an error. */
  readonly errors: readonly string[];
}

/** Opens an address in a fresh context in which nothing outside its origin can be reached. */
export async function openPage(browser: Browser, url: string): Promise<Watched> {
  const [foreign, errors]: [string[], string[]] = [[], []];
  const context = await browser.newContext();
  const { origin } = new URL(url);
  await context.route(
    (address) => address.origin !== origin && !["data:", "blob:"].includes(address.protocol),
    async (route) => {
      foreign.push(route.request().url());
      await route.abort();
    },
  );
  const page = await context.newPage();
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  await page.goto(url);
  return { page, foreign, errors };
}
