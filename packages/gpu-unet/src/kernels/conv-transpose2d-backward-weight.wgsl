// conv-transpose2d, gradient of its weight: first stage. A workgroup sums one share of the input rows for LANES columns (co, tap) of 16
// input channels; an invocation owns one column in all 16. reduce-partials adds the shares.
//
//   dweight[ci,co,a,b] = sum over n, i and j of x[n,ci,i,j] * dy[n,co, 2i + a, 2j + b]
//
// x        (N,CI,H,W)          f32, last axis fastest
// dy       (N,CO,2H,2W)
// partial  (SHARES,CI,CO,2,2)  share s holds the terms of the rows s*ROWS .. s*ROWS + ROWS - 1 of the N*H rows of x
// grid     ceil(CO*4/LANES), ceil(CI/16), SHARES
//
// x comes through workgroup memory, SPAN pixels of a row at a time, one vec4 for four input channels; all lanes read the same one.

override N: u32;
override CI: u32;
override CO: u32;
override H: u32;
override W: u32;
override ROWS: u32;                            // rows a share
override LANES: u32;                           // the block, see blocks.ts: it changes the speed and not the order of any sum
override SPAN: u32;                            // pixels of a row at a time, W at most

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read_write> partial: array<f32>;

var<workgroup> pixels: array<vec4f, SPAN * 4u>;     // [pixel][quarter of the 16 channels]

fn xOf(n: u32, ci: u32, row: u32, column: u32) -> f32 {
  if (ci < CI && column < W) { return x[((n * CI + ci) * H + row) * W + column]; }
  return 0.0;
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let columns = CO * 4u;
  let q = group.x * LANES + lane;
  let ci = group.y * 16u;
  let share = group.z;
  let co = min(q, columns - 1u) / 4u;          // lanes beyond the last column work along and write nothing
  let tap = vec2u(q & 1u, (q >> 1u) & 1u);

  var a = vec4f();
  var b = vec4f();
  var c = vec4f();
  var d = vec4f();
  for (var r = share * ROWS; r < min(share * ROWS + ROWS, N * H); r++) {
    let n = r / H;
    let row = r % H;
    let start = ((n * CO + co) * H * 2u + row * 2u + tap.y) * W * 2u + tap.x;
    for (var first = 0u; first < W; first += SPAN) {
      workgroupBarrier();
      for (var i = lane; i < SPAN * 4u; i += LANES) {
        let column = first + i % SPAN;
        let quarter = ci + (i / SPAN) * 4u;
        pixels[(i % SPAN) * 4u + i / SPAN] =
          vec4f(xOf(n, quarter, row, column), xOf(n, quarter + 1u, row, column), xOf(n, quarter + 2u, row, column), xOf(n, quarter + 3u, row, column));
      }
      workgroupBarrier();
      for (var i = 0u; i < min(SPAN, W - first); i++) {
        let slope = dy[start + (first + i) * 2u];
        a += pixels[i * 4u] * slope;
        b += pixels[i * 4u + 1u] * slope;
        c += pixels[i * 4u + 2u] * slope;
        d += pixels[i * 4u + 3u] * slope;
      }
    }
  }

  if (q >= columns) { return; }
  for (var k = 0u; k < min(16u, CI - ci); k++) {
    let ab = select(b[k & 3u], a[k & 3u], k < 4u);
    let cd = select(d[k & 3u], c[k & 3u], k < 12u);
    partial[(share * CI + ci + k) * columns + q] = select(cd, ab, k < 8u);
  }
}
