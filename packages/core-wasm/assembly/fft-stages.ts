import { ROW, butterfly2, butterfly3, butterfly4, butterfly5, butterfly6, butterfly7 } from "./fft-butterflies";

// The stages of a Fourier transform. Every radix has functions of its own, because the compiler takes minutes over one that holds them all.

// @ts-ignore: decorator
@inline
function rowOf(base: usize, table: usize, j: usize): usize {
  return base + load<u32>(table + (j << 2));
}

/** The first stage: reads the rows of the table; output rows lie `to` bytes apart. */
// @ts-ignore: decorator
@inline
function first(radix: u32, base: usize, table: usize, m: usize, y: usize, to: usize, twiddle: usize, isOdd: bool): void {
  let w = twiddle;
  let out = y;
  for (let p: usize = 0; p < m; p++) {
    const t = table + (p << 2);
    const a = rowOf(base, t, 0);
    const b = rowOf(base, t, m);
    if (radix == 4) butterfly4(a, b, rowOf(base, t, 2 * m), rowOf(base, t, 3 * m), out, to, w, true, isOdd);
    else if (radix == 5) butterfly5(a, b, rowOf(base, t, 2 * m), rowOf(base, t, 3 * m), rowOf(base, t, 4 * m), out, to, w, true, isOdd);
    else if (radix == 6) {
      butterfly6(
        a, b, rowOf(base, t, 2 * m), rowOf(base, t, 3 * m), rowOf(base, t, 4 * m), rowOf(base, t, 5 * m), out, to, w, true, isOdd,
      );
    } else if (radix == 7) {
      butterfly7(
        a, b, rowOf(base, t, 2 * m), rowOf(base, t, 3 * m), rowOf(base, t, 4 * m), rowOf(base, t, 5 * m), rowOf(base, t, 6 * m),
        out, to, w, true, isOdd,
      );
    } else if (radix == 3) butterfly3(a, b, rowOf(base, t, 2 * m), out, to, w, true, isOdd);
    else butterfly2(a, b, out, to, w, true, isOdd);
    w += (isOdd ? radix : radix - 1) << 4;
    out += <usize>radix * to;
  }
}

/** The butterflies of one factor in a later stage: s of them, whose inputs lie `from` bytes apart and whose outputs `to`, each `next` bytes from those of the last. */
// @ts-ignore: decorator
@inline
function run(radix: u32, x: usize, from: usize, s: usize, y: usize, to: usize, next: usize, w: usize, isTwiddled: bool): void {
  let out = y;
  for (const end = x + s * ROW; x < end; x += ROW, out += next) {
    if (radix == 4) butterfly4(x, x + from, x + 2 * from, x + 3 * from, out, to, w, isTwiddled, false);
    else if (radix == 5) butterfly5(x, x + from, x + 2 * from, x + 3 * from, x + 4 * from, out, to, w, isTwiddled, false);
    else if (radix == 6) {
      butterfly6(x, x + from, x + 2 * from, x + 3 * from, x + 4 * from, x + 5 * from, out, to, w, isTwiddled, false);
    } else if (radix == 7) {
      butterfly7(
        x, x + from, x + 2 * from, x + 3 * from, x + 4 * from, x + 5 * from, x + 6 * from, out, to, w, isTwiddled, false,
      );
    } else if (radix == 3) butterfly3(x, x + from, x + 2 * from, out, to, w, isTwiddled, false);
    else butterfly2(x, x + from, out, to, w, isTwiddled, false);
  }
}

/** A stage between the first and the last. */
// @ts-ignore: decorator
@inline
function middle(radix: u32, x: usize, y: usize, m: usize, s: usize, twiddle: usize): void {
  const bytes = s * ROW;
  let w = twiddle;
  for (let p: usize = 0; p < m; p++) {
    run(radix, x + p * bytes, m * bytes, s, y + p * radix * bytes, bytes, ROW, w, true);
    w += (radix - 1) << 4;
  }
}

/** The last stage, whose output rows lie `to` bytes apart. */
// @ts-ignore: decorator
@inline
function last(radix: u32, x: usize, y: usize, s: usize, to: usize): void {
  run(radix, x, s * ROW, s, y, s * to, to, 0, false);
}

/** A first stage of radix 2. */
function first2(base: usize, table: usize, m: usize, y: usize, to: usize, twiddle: usize, isOdd: bool): void {
  if (isOdd) first(2, base, table, m, y, to, twiddle, true);
  else first(2, base, table, m, y, to, twiddle, false);
}

/** A first stage of radix 3. */
function first3(base: usize, table: usize, m: usize, y: usize, to: usize, twiddle: usize, isOdd: bool): void {
  if (isOdd) first(3, base, table, m, y, to, twiddle, true);
  else first(3, base, table, m, y, to, twiddle, false);
}

/** A first stage of radix 4. */
function first4(base: usize, table: usize, m: usize, y: usize, to: usize, twiddle: usize, isOdd: bool): void {
  if (isOdd) first(4, base, table, m, y, to, twiddle, true);
  else first(4, base, table, m, y, to, twiddle, false);
}

/** A first stage of radix 5. */
function first5(base: usize, table: usize, m: usize, y: usize, to: usize, twiddle: usize, isOdd: bool): void {
  if (isOdd) first(5, base, table, m, y, to, twiddle, true);
  else first(5, base, table, m, y, to, twiddle, false);
}

/** A first stage of radix 6. */
function first6(base: usize, table: usize, m: usize, y: usize, to: usize, twiddle: usize, isOdd: bool): void {
  if (isOdd) first(6, base, table, m, y, to, twiddle, true);
  else first(6, base, table, m, y, to, twiddle, false);
}

/** A first stage of radix 7. */
function first7(base: usize, table: usize, m: usize, y: usize, to: usize, twiddle: usize, isOdd: bool): void {
  if (isOdd) first(7, base, table, m, y, to, twiddle, true);
  else first(7, base, table, m, y, to, twiddle, false);
}

/** A later stage of radix 2. */
function later2(x: usize, y: usize, m: usize, s: usize, to: usize, twiddle: usize, isLast: bool): void {
  if (isLast) last(2, x, y, s, to);
  else middle(2, x, y, m, s, twiddle);
}

/** A later stage of radix 3. */
function later3(x: usize, y: usize, m: usize, s: usize, to: usize, twiddle: usize, isLast: bool): void {
  if (isLast) last(3, x, y, s, to);
  else middle(3, x, y, m, s, twiddle);
}

/** A later stage of radix 4. */
function later4(x: usize, y: usize, m: usize, s: usize, to: usize, twiddle: usize, isLast: bool): void {
  if (isLast) last(4, x, y, s, to);
  else middle(4, x, y, m, s, twiddle);
}

/** A later stage of radix 5. */
function later5(x: usize, y: usize, m: usize, s: usize, to: usize, twiddle: usize, isLast: bool): void {
  if (isLast) last(5, x, y, s, to);
  else middle(5, x, y, m, s, twiddle);
}

/** A later stage of radix 6. */
function later6(x: usize, y: usize, m: usize, s: usize, to: usize, twiddle: usize, isLast: bool): void {
  if (isLast) last(6, x, y, s, to);
  else middle(6, x, y, m, s, twiddle);
}

/** A later stage of radix 7. */
function later7(x: usize, y: usize, m: usize, s: usize, to: usize, twiddle: usize, isLast: bool): void {
  if (isLast) last(7, x, y, s, to);
  else middle(7, x, y, m, s, twiddle);
}

/**
 * The first stage: reads the rows of the table.
 *
 * @param m   butterflies of the stage
 * @param to  bytes from one output row to the next
 */
// @ts-ignore: decorator
@inline
export function firstStage(
  radix: u32, base: usize, table: usize, m: usize, y: usize, to: usize, twiddle: usize, isOdd: bool,
): void {
  if (radix == 4) first4(base, table, m, y, to, twiddle, isOdd);
  else if (radix == 5) first5(base, table, m, y, to, twiddle, isOdd);
  else if (radix == 6) first6(base, table, m, y, to, twiddle, isOdd);
  else if (radix == 7) first7(base, table, m, y, to, twiddle, isOdd);
  else if (radix == 3) first3(base, table, m, y, to, twiddle, isOdd);
  else first2(base, table, m, y, to, twiddle, isOdd);
}

/**
 * A stage after the first.
 *
 * @param m, s    butterflies of the stage for each of the s factors so far
 * @param to      bytes from one output row to the next, where the stage is the last
 */
// @ts-ignore: decorator
@inline
export function laterStage(radix: u32, x: usize, y: usize, m: usize, s: usize, to: usize, twiddle: usize, isLast: bool): void {
  if (radix == 4) later4(x, y, m, s, to, twiddle, isLast);
  else if (radix == 5) later5(x, y, m, s, to, twiddle, isLast);
  else if (radix == 6) later6(x, y, m, s, to, twiddle, isLast);
  else if (radix == 7) later7(x, y, m, s, to, twiddle, isLast);
  else if (radix == 3) later3(x, y, m, s, to, twiddle, isLast);
  else later2(x, y, m, s, to, twiddle, isLast);
}
