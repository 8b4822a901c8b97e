// The renderer of figures in Node: its module and fonts out of their own packages, read when a first figure is drawn.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** The files that the renderer needs: path below `figures/` to path on this disk; a page serves them in `figures/` beside its scripts. */
export function rasterFiles(): Record<string, string> {
  const font = (name: string) => fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`));
  return {
    "resvg.wasm": fileURLToPath(import.meta.resolve("@resvg/resvg-wasm/index_bg.wasm")),
    "DejaVuSans.ttf": font("DejaVuSans"),
    "DejaVuSans-Bold.ttf": font("DejaVuSans-Bold"),
  };
}

let rasteriser: Promise<(svg: string) => Uint8Array> | null = null;

/** A PNG of an SVG document, at twice its size. */
export async function rasterise(svg: string): Promise<Uint8Array> {
  rasteriser ??= start();
  return (await rasteriser)(svg);
}

async function start(): Promise<(svg: string) => Uint8Array> {
  const { createRasteriser } = await import("./raster.ts");
  const files = rasterFiles();
  const [wasm, ...fonts] = await Promise.all(Object.values(files).map(async (path) => new Uint8Array(await readFile(path))));
  return createRasteriser({ wasm: wasm!, fonts });
}
