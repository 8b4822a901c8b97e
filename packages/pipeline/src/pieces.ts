// Loops over long rows of numbers.

/**
 * Numbers that a loop over a whole image or region takes at once. The engine compiles a function that is called often once and for all; a loop
 * over everything, called once a case, it compiles anew for every case while the loop runs.
 */
const PIECE = 4096;

/** Calls `visit` for consecutive pieces of 0..length-1. */
export function inPieces(length: number, visit: (from: number, to: number) => void): void {
  for (let from = 0; from < length; from += PIECE) visit(from, Math.min(from + PIECE, length));
}
