// How many colours the terminal shows, and what is said where it shows none.

/** None; the sixteen of old terminals; 256; any. */
export type ColourDepth = "none" | "16" | "256" | "true";

/** What a terminal shows; NO_COLOR, FORCE_COLOR, COLORTERM and TERM are heeded. */
export function colourDepth(stream: Pick<NodeJS.WriteStream, "isTTY"> & { getColorDepth?(): number }): ColourDepth {
  if (process.env["NO_COLOR"] || !stream.isTTY) return "none";
  const bits = stream.getColorDepth?.() ?? 1;
  return bits >= 24 ? "true" : bits >= 8 ? "256" : bits >= 4 ? "16" : "none";
}

/** Makes the libraries that colour text heed NO_COLOR (no-color.org), which they do not by themselves. Call it before they are loaded. */
export function heedNoColor(env: NodeJS.ProcessEnv = process.env): void {
  if (env["NO_COLOR"]) env["FORCE_COLOR"] = "0";
}

/** The colours of the screens; each means the same everywhere, and nothing is said by colour alone. */
export const COLOUR = {
  accent: "cyan",
  good: "green",
  warning: "yellow",
  bad: "red",
  high: "red",
  low: "cyan",
  external: "yellow",
} as const;

/** A colour as a property of ink's text; none where it is undefined. */
export function tint(colour: string | undefined): { readonly color?: string } {
  return colour === undefined ? {} : { color: colour };
}
