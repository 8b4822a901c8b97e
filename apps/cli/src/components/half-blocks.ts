// A picture in characters: two pixels a cell, one above the other.
import type { ColourDepth } from "./colour.ts";

/** Red, green and blue of every pixel, row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

const RESET = "\u001b[0m";
/** From dark to light, where there are no colours. */
const RAMP = " .:-=+*%@";
/** A line drawn on the picture, where there are no colours: white, and any other colour. */
const [LINE, OTHER_LINE] = ["#", "o"];

/**
 * A picture as lines of text: upper half blocks whose foreground is the upper pixel and whose background is the lower one; without colours, characters of
 * rising weight.
 *
 * @returns ceil(height / 2) lines of `width` cells; a last row without a partner has black below it
 */
export function halfBlocks({ width, height, rgb }: Pixels, depth: ColourDepth): string[] {
  const pixel = (x: number, y: number) => (y < height ? rgb.subarray(3 * (y * width + x), 3 * (y * width + x) + 3) : new Uint8Array(3));
  return Array.from({ length: Math.ceil(height / 2) }, (_, row) => {
    let line = "";
    let before = "";
    for (let x = 0; x < width; x++) {
      const [upper, lower] = [pixel(x, 2 * row), pixel(x, 2 * row + 1)];
      if (depth === "none") {
        line += characterOf(upper, lower);
        continue;
      }
      const style = `\u001b[${colourOf(upper, depth, 38)};${colourOf(lower, depth, 48)}m`;
      line += (style === before ? "" : style) + "\u2580";
      before = style;
    }
    return depth === "none" ? line : line + RESET;
  });
}

const isGrey = ([r, g, b]: Uint8Array) => r === g && g === b;

function characterOf(upper: Uint8Array, lower: Uint8Array): string {
  if (!isGrey(upper) || !isGrey(lower)) return OTHER_LINE;
  if (upper[0] === 255 || lower[0] === 255) return LINE;
  return RAMP[Math.round(((upper[0]! + lower[0]!) / 2 / 255) * (RAMP.length - 1))]!;
}

/** A colour as the parameters of an escape sequence; `base` is 38 for the foreground, 48 for the background. */
function colourOf(rgb: Uint8Array, depth: Exclude<ColourDepth, "none">, base: 38 | 48): string {
  const [r, g, b] = rgb as unknown as [number, number, number];
  if (depth === "true") return `${base};2;${r};${g};${b}`;
  if (depth === "256") return `${base};5;${of256(r, g, b)}`;
  const shift = base - 8;
  if (r !== g || g !== b) return String(shift + 3);
  // Black, dark grey, light grey, white.
  return String([shift, shift + 60, shift + 7, shift + 67][Math.min(3, Math.floor(r / 64))]);
}

/** xterm's palette: 24 greys from 8 to 238 in steps of 10, and a cube of six levels a colour. */
function of256(r: number, g: number, b: number): number {
  if (r === g && g === b) return r < 4 ? 16 : r > 246 ? 231 : 232 + Math.min(23, Math.max(0, Math.round((r - 8) / 10)));
  const level = (value: number) => (value < 48 ? 0 : value < 115 ? 1 : Math.min(5, Math.floor((value - 35) / 40)));
  return 16 + 36 * level(r) + 6 * level(g) + level(b);
}
