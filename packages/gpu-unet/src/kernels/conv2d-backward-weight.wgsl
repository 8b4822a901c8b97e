// conv2d, gradient of its weight: first stage. A workgroup sums one share of the image rows for LANES columns (ci, tap) of 16 output
// channels; an invocation owns one column in all 16. reduce-partials adds the shares.
//
//   dweight[co,ci,t] = sum over n and pixels p of dy[n,co,p] * x[n,ci, p + t - K/2]
//
// x        (N,CI,H,W)           f32, last axis fastest; reads outside the image are 0
// dy       (N,CO,H,W)
// partial  (SHARES,CO,CI,K,K)   share s holds the terms of the rows s*ROWS .. s*ROWS + ROWS - 1 of the N*H rows
// grid     ceil(CI*K*K/LANES), ceil(CO/16), SHARES
//
// dy comes through workgroup memory, SPAN pixels of a row at a time, one vec4 for four output channels; all lanes read the same one.

override N: u32;
override CI: u32;
override CO: u32;
override H: u32;
override W: u32;
override K: u32;
override ROWS: u32;                            // rows a share
override LANES: u32;                           // the block, see blocks.ts: it changes the speed and not the order of any sum
override SPAN: u32;                            // pixels of a row at a time, W at most

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read_write> partial: array<f32>;

var<workgroup> slopes: array<vec4f, SPAN * 4u>;     // [pixel][quarter of the 16 channels]

fn dyOf(n: u32, co: u32, row: u32, column: u32) -> f32 {
  if (co < CO && column < W) { return dy[((n * CO + co) * H + row) * W + column]; }
  return 0.0;
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let columns = CI * K * K;
  let q = group.x * LANES + lane;
  let co = group.y * 16u;
  let share = group.z;
  let ci = min(q, columns - 1u) / (K * K);     // lanes beyond the last column work along and write nothing
  let ty = (q % (K * K)) / K;
  let tx = q % K;

  var a = vec4f();
  var b = vec4f();
  var c = vec4f();
  var d = vec4f();
  for (var r = share * ROWS; r < min(share * ROWS + ROWS, N * H); r++) {
    let n = r / H;
    let row = r % H;
    let xRow = i32(row + ty) - i32(K / 2u);
    let isRow = xRow >= 0 && xRow < i32(H);
    let start = ((n * CI + ci) * H + u32(max(xRow, 0))) * W;
    for (var first = 0u; first < W; first += SPAN) {
      workgroupBarrier();
      for (var i = lane; i < SPAN * 4u; i += LANES) {
        let column = first + i % SPAN;
        let quarter = co + (i / SPAN) * 4u;
        slopes[(i % SPAN) * 4u + i / SPAN] =
          vec4f(dyOf(n, quarter, row, column), dyOf(n, quarter + 1u, row, column), dyOf(n, quarter + 2u, row, column), dyOf(n, quarter + 3u, row, column));
      }
      workgroupBarrier();
      if (isRow) {
        for (var i = 0u; i < SPAN; i++) {
          let column = i32(first + i + tx) - i32(K / 2u);
          if (column >= 0 && column < i32(W)) {
            let v = x[start + u32(column)];
            a += slopes[i * 4u] * v;
            b += slopes[i * 4u + 1u] * v;
            c += slopes[i * 4u + 2u] * v;
            d += slopes[i * 4u + 3u] * v;
          }
        }
      }
    }
  }

  if (q >= columns) { return; }
  for (var k = 0u; k < min(16u, CO - co); k++) {
    let ab = select(b[k & 3u], a[k & 3u], k < 4u);
    let cd = select(d[k & 3u], c[k & 3u], k < 12u);
    partial[(share * CO + co + k) * columns + q] = select(cd, ab, k < 8u);
  }
}
