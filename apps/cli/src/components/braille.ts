// Curves in braille characters: two dots across and four down in every cell.

/** A curve to draw, its corners joined by straight lines. */
export interface Series {
  readonly points: readonly (readonly [x: number, y: number])[];
  /** A name of ink's colours. */
  readonly colour?: string;
  /** Leaves gaps, so that curves can be told apart without colour. */
  readonly isDotted?: boolean;
}

/** A run of cells of one colour. */
export interface Run {
  /** Its first column. */
  readonly id: string;
  readonly text: string;
  readonly colour?: string;
}

/** Bits of the dots of a cell, by column and row. */
const DOTS = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;

/** Dots drawn and left out along a dotted line. */
const [ON, PERIOD] = [2, 5];

/**
 * Draws curves on a field of cells.
 *
 * @param width   cells
 * @param height  cells
 * @param ranges  of the axes: the field's left, right, bottom and top edges
 * @returns the runs of each row, from the top, with the row's number; where curves share a cell the later one's colour stands
 */
export function drawCurves(
  width: number,
  height: number,
  { x, y }: { readonly x: readonly [number, number]; readonly y: readonly [number, number] },
  series: readonly Series[],
): { readonly row: number; readonly runs: readonly Run[] }[] {
  const bits = new Uint8Array(width * height);
  const owner = new Int16Array(width * height).fill(-1);
  const [dotsX, dotsY] = [2 * width, 4 * height];
  const place = (value: number, [low, high]: readonly [number, number], dots: number) =>
    Math.round(Math.min(1, Math.max(0, (value - low) / (high - low))) * (dots - 1));
  series.forEach(({ points, isDotted }, k) => {
    let walked = 0;
    const dot = (u: number, v: number) => {
      if (isDotted && walked++ % PERIOD >= ON) return;
      const cell = Math.floor(v / 4) * width + Math.floor(u / 2);
      bits[cell]! |= DOTS[(u % 2) as 0 | 1][(v % 4) as 0 | 1 | 2 | 3];
      owner[cell] = k;
    };
    for (let i = 1; i < points.length; i++) {
      const [u0, v0] = [place(points[i - 1]![0], x, dotsX), dotsY - 1 - place(points[i - 1]![1], y, dotsY)];
      const [u1, v1] = [place(points[i]![0], x, dotsX), dotsY - 1 - place(points[i]![1], y, dotsY)];
      const steps = Math.max(Math.abs(u1 - u0), Math.abs(v1 - v0), 1);
      for (let s = i === 1 ? 0 : 1; s <= steps; s++)
        dot(Math.round(u0 + ((u1 - u0) * s) / steps), Math.round(v0 + ((v1 - v0) * s) / steps));
    }
  });
  return Array.from({ length: height }, (_, row) => ({ row, runs: runsOf(bits, owner, row * width, width, series) }));
}

function runsOf(bits: Uint8Array, owner: Int16Array, from: number, width: number, series: readonly Series[]): Run[] {
  const runs: { id: string; text: string; colour?: string; owner: number }[] = [];
  for (let cell = from; cell < from + width; cell++) {
    const text = bits[cell] ? String.fromCharCode(0x2800 + bits[cell]!) : " ";
    const last = runs.at(-1);
    if (last && last.owner === owner[cell]) last.text += text;
    else {
      const colour = series[owner[cell]!]?.colour;
      runs.push({ id: `${cell - from}`, text, owner: owner[cell]!, ...(colour !== undefined && { colour }) });
    }
  }
  return runs;
}
