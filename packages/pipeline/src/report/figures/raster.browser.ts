// The renderer of figures in a browser: its module and fonts lie beside the page, and are fetched when a first figure is drawn.
import { DeviceError } from "../../errors.ts";
import { createRasteriser } from "./raster.ts";

// In two steps, so that bundlers leave the folder alone.
const here = import.meta.url;

/** A renderer's files by their names: those that `rasterFiles()` of the Node side lists, served in `figures/` beside the script that this module is bundled into. */
const NAMES = ["resvg.wasm", "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"] as const;

let rasteriser: Promise<(svg: string) => Uint8Array> | null = null;

/**
 * A PNG of an SVG document, at twice its size: the bytes that Node draws.
 *
 * @throws DeviceError where the renderer's files are not served
 */
export async function rasterise(svg: string): Promise<Uint8Array> {
  rasteriser ??= start();
  return (await rasteriser)(svg);
}

async function start(): Promise<(svg: string) => Uint8Array> {
  const [wasm, ...fonts] = await Promise.all(NAMES.map(fetched));
  return createRasteriser({ wasm: wasm!, fonts });
}

async function fetched(name: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(new URL(`figures/${name}`, here));
  if (!response.ok)
    throw new DeviceError(
      `figures/${name}: the page's server does not have it (${response.status}); reload the page, or serve the whole build`,
    );
  return new Uint8Array(await response.arrayBuffer());
}
