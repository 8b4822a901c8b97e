// Winograd's F(4x4, 3x3), weights: u = G g G'. One invocation transforms one filter. Formulas and points in docs/winograd.md.
//
//   u[6i + j, ci, co] = sum over r, s of G[i,r] * g[r,s] * G[j,s],   g[r,s] = weight[co,ci, r, s]           forward
//                                                                    g[r,s] = weight[ci,co, 2 - r, 2 - s]   backward to the input
//
// Backward, the map that comes in is dy and the one that goes out dx: CI counts the layer's output channels, CO its input channels.
//
// weight  (CO,CI,3,3), backward (CI,CO,3,3)    f32
// u       (36,CI,COLUMNS)     COLUMNS = CO rounded up to a multiple of 4, zero beyond CO
// grid    ceil(COLUMNS/64), CI

override CI: u32;
override CO: u32;
override IS_BACKWARD: u32;                     // 0 or 1
override COLUMNS = (CO + 3u) / 4u * 4u;

@group(0) @binding(0) var<storage, read> weight: array<f32>;
@group(0) @binding(1) var<storage, read_write> u: array<f32>;

const A = 0.625;                               // the points 0, A, -A, B, -B and infinity
const B = 1.5;
const ZERO = 1.0 / (A * A * B * B);            // 1 / product of (p - q) over the other points q
const AT_A = 1.0 / (2.0 * A * A * (A * A - B * B));
const AT_B = 1.0 / (2.0 * B * B * (B * B - A * A));

fn along(g: vec3f) -> array<f32, 6> {
  let evenA = g.x + A * A * g.z;
  let oddA = A * g.y;
  let evenB = g.x + B * B * g.z;
  let oddB = B * g.y;
  return array(ZERO * g.x, AT_A * (evenA + oddA), AT_A * (evenA - oddA), AT_B * (evenB + oddB), AT_B * (evenB - oddB), g.z);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let co = id.x;
  let ci = id.y;
  if (co >= COLUMNS) { return; }
  var rows: array<array<f32, 6>, 3>;
  for (var r = 0u; r < 3u; r++) {
    var g = vec3f();
    if (co < CO) {
      let at = select(co * CI + ci, ci * CO + co, IS_BACKWARD == 1u) * 9u;
      let first = at + select(r * 3u, 8u - r * 3u, IS_BACKWARD == 1u);
      let step = select(1u, 0xffffffffu, IS_BACKWARD == 1u);   // backward the taps are read from the end: u32 arithmetic wraps
      g = vec3f(weight[first], weight[first + step], weight[first + 2u * step]);
    }
    rows[r] = along(g);
  }
  for (var j = 0u; j < 6u; j++) {
    let column = along(vec3f(rows[0][j], rows[1][j], rows[2][j]));
    for (var i = 0u; i < 6u; i++) {
      u[((i * 6u + j) * CI + ci) * COLUMNS + co] = column[i];
    }
  }
}
