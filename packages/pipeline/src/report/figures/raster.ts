// From a figure's SVG to a picture, by resvg with our own fonts: the same bytes on every machine.
import { initWasm, Resvg } from "@resvg/resvg-wasm";

/** What the renderer is made of. */
export interface RasterFiles {
  /** resvg's module. */
  readonly wasm: Uint8Array<ArrayBuffer>;
  /** DejaVu Sans, regular and bold. */
  readonly fonts: readonly Uint8Array[];
}

let started: Promise<void> | null = null;

/**
 * Starts the renderer, once a process.
 *
 * @returns a function from an SVG document to a PNG at twice its size (about 190 dots an inch where 96 px are one)
 */
export async function createRasteriser({ wasm, fonts }: RasterFiles): Promise<(svg: string) => Uint8Array> {
  started ??= initWasm(wasm);
  await started;
  return (svg) => {
    const resvg = new Resvg(svg, {
      font: { fontBuffers: [...fonts], defaultFontFamily: "DejaVu Sans", sansSerifFamily: "DejaVu Sans" },
      fitTo: { mode: "zoom", value: 2 },
      background: "white",
      // a heat map's cells stay squares
      imageRendering: 1,
    });
    const image = resvg.render();
    const png = image.asPng();
    image.free();
    resvg.free();
    return png;
  };
}
