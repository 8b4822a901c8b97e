// conv2d, forward, with products in half precision: conv2d-forward's tiles and lanes, whose pixels and weights lie in workgroup memory as f16.
//
//   a[n,co,p] = activation(bias[co] + sum over ci of half(ci)),   half(ci) = sum over taps t of weight[co,ci,t] * x[n,ci, p + t - K/2]
//   y = a where POOL is 1; where it is 2, the largest of each 2 x 2 of a
//
// The K*K terms of half(ci) are multiplied and added in f16, the sum over ci in f32. The error's bound is derived in docs/half.md. A pixel
// beyond LIMIT, with which no sum of the layer's weights leaves the range of f16, raises `overflow`: what is computed of it means nothing.
//
// x         (N,CI,H,W)     f32, last axis fastest; reads outside the image are 0
// weight    (CO,CI,K,K)    f32, K odd
// bias      (CO)           f32
// y         (N,CO,floor(H/POOL),floor(W/POOL))    f32
// overflow  (1)            u32, set to 1 where a value of x is beyond LIMIT in size, or is no number; otherwise left as it is
// grid      ceil(W/(4*LANES_X)), ceil(H/LANES_Y), N*ceil(CO/8)
//
// Activations (ACTIVATION), the series near 0, the turned weights and the pooling are conv2d-forward's.

enable f16;

override CI: u32;
override CO: u32;
override H: u32;
override W: u32;
override K: u32;
override ACTIVATION: u32;
override POOL: u32;                            // 1 or 2; for 2, LANES_Y is even
override LIMIT: f32;                           // at most 65504

override LANES_X: u32;                         // the block, see blocks.ts: it changes the speed and not the order of any sum
override LANES_Y: u32;
override DEPTH: u32;                           // input channels at a time
override LANES = LANES_X * LANES_Y;            // a multiple of 16
override COLUMNS = LANES_X * 4u + K - 1u;      // the tile and the border
override ROWS = LANES_Y + K - 1u;
override STRIDE = COLUMNS + 1u;                // odd for odd K: rows begin in different banks

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> weight: array<f32>;
@group(0) @binding(2) var<storage, read> bias: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
@group(0) @binding(4) var<storage, read_write> overflow: atomic<u32>;

var<workgroup> pixels: array<f16, DEPTH * ROWS * STRIDE>;   // [ci][row][column]
var<workgroup> taps: array<vec4h, DEPTH * K * K * 2u>;      // [ci][tap][half of the 8 channels]
var<workgroup> rows: array<f32, LANES * 4u>;                // for the pooling: two channels, two pixels a lane

fn biasOf(co: u32) -> f32 {
  if (co < CO) { return bias[co]; }
  return 0.0;
}

fn weightOf(co: u32, ci: u32, tap: u32) -> f32 {
  if (co < CO) { return weight[(co * CI + ci) * K * K + tap]; }
  return 0.0;
}

fn activate(v: f32) -> f32 {
  if (ACTIVATION == 0u || v > 0.0) { return v; }
  if (ACTIVATION == 1u) { return 0.0; }
  let series = v * (1 + v * (1 / 2.0 + v * (1 / 6.0 + v * (1 / 24.0 + v * (1 / 120.0 + v * (1 / 720.0 + v / 5040.0))))));
  return select(exp(v) - 1.0, series, v > -0.125);
}

fn store(plane: u32, row: u32, column: u32, v: f32) {
  if (row < H / POOL && column < W / POOL) { y[(plane * (H / POOL) + row) * (W / POOL) + column] = v; }
}

@compute @workgroup_size(LANES_X, LANES_Y)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_id) local: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let blocks = (CO + 7u) / 8u;
  let n = group.z / blocks;
  let co = (group.z % blocks) * 8u;
  let corner = vec2i(group.xy * vec2u(LANES_X * 4u, LANES_Y)) - i32(K / 2u);

  // a: channels co .. co + 3, b: channels co + 4 .. co + 7, each for 4 neighbouring pixels
  var a0 = vec4f(biasOf(co), biasOf(co + 1u), biasOf(co + 2u), biasOf(co + 3u));
  var b0 = vec4f(biasOf(co + 4u), biasOf(co + 5u), biasOf(co + 6u), biasOf(co + 7u));
  var a1 = a0; var a2 = a0; var a3 = a0;
  var b1 = b0; var b2 = b0; var b3 = b0;

  for (var first = 0u; first < CI; first += DEPTH) {
    let depth = min(DEPTH, CI - first);
    workgroupBarrier();
    for (var ci = 0u; ci < depth; ci++) {
      let plane = (n * CI + first + ci) * H;
      for (var r = lane >> 4u; r < ROWS; r += LANES / 16u) {
        let row = corner.y + i32(r);
        let isRow = row >= 0 && row < i32(H);
        for (var c = lane & 15u; c < COLUMNS; c += 16u) {
          let column = corner.x + i32(c);
          var v = 0.0;
          if (isRow && column >= 0 && column < i32(W)) { v = x[(plane + u32(row)) * W + u32(column)]; }
          if (!(abs(v) <= LIMIT)) { atomicStore(&overflow, 1u); }
          pixels[(ci * ROWS + r) * STRIDE + c] = f16(clamp(v, -LIMIT, LIMIT));
        }
      }
    }
    for (var i = lane; i < depth * K * K * 2u; i += LANES) {
      let half = co + (i & 1u) * 4u;
      let ci = first + (i >> 1u) / (K * K);
      let tap = (i >> 1u) % (K * K);
      taps[i] = vec4h(vec4f(weightOf(half, ci, tap), weightOf(half + 1u, ci, tap), weightOf(half + 2u, ci, tap), weightOf(half + 3u, ci, tap)));
    }
    workgroupBarrier();

    for (var ci = 0u; ci < depth; ci++) {
      var g0 = vec4h(); var g1 = vec4h(); var g2 = vec4h(); var g3 = vec4h();
      var h0 = vec4h(); var h1 = vec4h(); var h2 = vec4h(); var h3 = vec4h();
      for (var ty = 0u; ty < K; ty++) {
        let row = (ci * ROWS + local.y + ty) * STRIDE + local.x * 4u;
        var window = vec4h(0.0h, pixels[row], pixels[row + 1u], pixels[row + 2u]);
        for (var tx = 0u; tx < K; tx++) {
          window = vec4h(window.yzw, pixels[row + tx + 3u]);
          let at = (ci * K * K + ty * K + tx) * 2u;
          let wa = taps[at];
          let wb = taps[at + 1u];
          g0 += wa * window.x; g1 += wa * window.y; g2 += wa * window.z; g3 += wa * window.w;
          h0 += wb * window.x; h1 += wb * window.y; h2 += wb * window.z; h3 += wb * window.w;
        }
      }
      a0 += vec4f(g0); a1 += vec4f(g1); a2 += vec4f(g2); a3 += vec4f(g3);
      b0 += vec4f(h0); b1 += vec4f(h1); b2 += vec4f(h2); b3 += vec4f(h3);
    }
  }

  let row = group.y * LANES_Y + local.y;
  let column = (group.x * LANES_X + local.x) * 4u;
  for (var k = 0u; k < min(8u, CO - co); k++) {
    let plane = n * CO + co + k;
    let isFirst = k < 4u;
    let v0 = activate(select(b0[k & 3u], a0[k & 3u], isFirst));
    let v1 = activate(select(b1[k & 3u], a1[k & 3u], isFirst));
    let v2 = activate(select(b2[k & 3u], a2[k & 3u], isFirst));
    let v3 = activate(select(b3[k & 3u], a3[k & 3u], isFirst));
    if (POOL == 1u) {
      store(plane, row, column, v0);
      store(plane, row, column + 1u, v1);
      store(plane, row, column + 2u, v2);
      store(plane, row, column + 3u, v3);
    } else {
      let at = ((k & 1u) * LANES + lane) * 2u;
      rows[at] = max(v0, v1);
      rows[at + 1u] = max(v2, v3);
      workgroupBarrier();                        // the next channel but one comes after the next barrier, so it overwrites nothing unread
      if ((local.y & 1u) == 0u) {
        store(plane, row / 2u, column / 2u, max(rows[at], rows[at + LANES_X * 2u]));
        store(plane, row / 2u, column / 2u + 1u, max(rows[at + 1u], rows[at + LANES_X * 2u + 1u]));
      }
    }
  }
}
