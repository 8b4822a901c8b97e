// The layout of the encoder's images: blocks of 4 channels, so that one f32x4 holds one pixel of a block, with a border of zeros.
//
//   [ceil(C / 8) * 2 blocks][H4 + 2 rows][W4 + 2 columns][4 channels]  f32,  where H4, W4 are H, W rounded up to a multiple of 4
//
// Pixel (y, x) lies at row y + 1, column x + 1. The border and all that lies outside H x W is zero for ever: kernels read it as the
// convolution's padding and never write it. Channels are filled up with zeros to a multiple of 8, one panel of the products.

/** Rows of an image with its border, or columns. */
export function rowsOf(H: i32): i32 {
  return ((H + 3) & ~3) + 2;
}

/** Bytes from one row of an image to the next. */
export function rowBytes(W: i32): usize {
  return (<usize>rowsOf(W)) << 4;
}

/** Bytes from one block of 4 channels to the next. */
export function blockBytes(H: i32, W: i32): usize {
  return <usize>rowsOf(H) * rowBytes(W);
}

/** Number of blocks of 4 channels that C channels take. */
export function blockCount(C: i32): i32 {
  return ((C + 7) >> 3) << 1;
}

/**
 * Bytes of a blocked image, as f64 because it may exceed any address. Strips of 6 pixels may be read up to 5 pixels past the last row,
 * hence the tail.
 */
export function blockedBytes(C: i32, H: i32, W: i32): f64 {
  return <f64>blockCount(C) * <f64>rowsOf(H) * <f64>rowBytes(W) + 128;
}

/**
 * Copies a planar image into a blocked one.
 *
 * @param x  f32 [C, H, W]
 * @param y  blocked image whose border and spare channels are zero
 */
export function toBlocked(x: usize, C: i32, H: i32, W: i32, y: usize): void {
  const row = rowBytes(W);
  for (let c = 0; c < C; c++) {
    const block = y + <usize>(c >> 2) * blockBytes(H, W) + ((<usize>(c & 3)) << 2);
    for (let i = 0; i < H; i++) {
      let to = block + <usize>(i + 1) * row + 16;
      for (let j = 0; j < W; j++, to += 16, x += 4) store<f32>(to, load<f32>(x));
    }
  }
}

/**
 * Copies a blocked image into a planar one.
 *
 * @param x  blocked image
 * @param y  f32 [C, H, W]
 */
export function fromBlocked(x: usize, C: i32, H: i32, W: i32, y: usize): void {
  const row = rowBytes(W);
  for (let c = 0; c < C; c++) {
    const block = x + <usize>(c >> 2) * blockBytes(H, W) + ((<usize>(c & 3)) << 2);
    for (let i = 0; i < H; i++) {
      let from = block + <usize>(i + 1) * row + 16;
      for (let j = 0; j < W; j++, from += 16, y += 4) store<f32>(y, load<f32>(from));
    }
  }
}
