// Winograd's F(4x4, 3x3), input: v = B' d B. One invocation transforms one tile of one channel. Formulas and points in docs/winograd.md.
//
//   v[6i + j, ci, t] = sum over r, s of B[r,i] * d[r,s] * B[s,j],   d[r,s] = x[n,ci, 4 ty + r - 1, 4 tx + s - 1]
//
// (n, ty, tx) is tile chunk * TILES + t: tiles of 4 x 4 output pixels, row by row, image by image.
//
// x       (N,CI,H,W)          f32, last axis fastest; reads outside the image are 0. N is the binding's alone
// chunk   which TILES tiles
// v       (36,CI,TILES)       tiles beyond the last keep what was there
// grid    ceil(tiles of the chunk/64), CI

override CI: u32;
override H: u32;
override W: u32;
override TILES: u32;
override ACROSS = (W + 3u) / 4u;
override DOWN = (H + 3u) / 4u;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<uniform> chunk: u32;
@group(0) @binding(2) var<storage, read_write> v: array<f32>;

const A = 0.625;                               // the points 0, A, -A, B, -B and infinity
const B = 1.5;

fn along(d: array<f32, 6>) -> array<f32, 6> {
  let evenA = d[4] - B * B * d[2];
  let oddA = A * (d[3] - B * B * d[1]);
  let evenB = d[4] - A * A * d[2];
  let oddB = B * (d[3] - A * A * d[1]);
  return array(
    A * A * B * B * d[0] - (A * A + B * B) * d[2] + d[4],
    evenA + oddA, evenA - oddA, evenB + oddB, evenB - oddB,
    A * A * B * B * d[1] - (A * A + B * B) * d[3] + d[5],
  );
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let t = id.x;
  let ci = id.y;
  let tile = chunk * TILES + t;
  let n = tile / (ACROSS * DOWN);
  if (t >= TILES || n >= arrayLength(&x) / (CI * H * W)) { return; }
  let place = tile % (ACROSS * DOWN);
  let corner = vec2i(vec2u(place % ACROSS, place / ACROSS) * 4u) - 1;
  let plane = (n * CI + ci) * H;
  var rows: array<array<f32, 6>, 6>;
  var d: array<f32, 6>;
  for (var r = 0u; r < 6u; r++) {
    let row = corner.y + i32(r);
    let isRow = row >= 0 && row < i32(H);
    for (var s = 0u; s < 6u; s++) {
      let column = corner.x + i32(s);
      var value = 0.0;
      if (isRow && column >= 0 && column < i32(W)) { value = x[(plane + u32(row)) * W + u32(column)]; }
      d[s] = value;
    }
    rows[r] = along(d);
  }
  for (var j = 0u; j < 6u; j++) {
    let column = along(array(rows[0][j], rows[1][j], rows[2][j], rows[3][j], rows[4][j], rows[5][j]));
    for (var i = 0u; i < 6u; i++) {
      v[((i * 6u + j) * CI + ci) * TILES + t] = column[i];
    }
  }
}
