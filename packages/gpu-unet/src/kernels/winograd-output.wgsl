// Winograd's F(4x4, 3x3), output: y = pool(activation(bias + A' m A)). One invocation computes one tile of 4 x 4 pixels of one channel.
// Formulas and points in docs/winograd.md.
//
//   a[n,co, 4 ty + i, 4 tx + j] = activation(bias[co] + sum over r, s of A[r,i] * m[6r + s, co, t] * A[s,j])
//   y = a where POOL is 1; where it is 2, the largest of each 2 x 2 of a, as max-pool2d-forward has it
//
// (n, ty, tx) is tile chunk * TILES + t, as in winograd-input; ACTIVATION is conv2d-forward's.
//
// m       (36,CO,TILES)       f32
// bias    (CO)
// chunk   which TILES tiles
// y       (N,CO,floor(H/POOL),floor(W/POOL))    N is the binding's alone
// grid    ceil(tiles of the chunk/64), CO

override CO: u32;
override H: u32;
override W: u32;
override TILES: u32;
override ACTIVATION: u32;
override POOL: u32;                            // 1 or 2
override OH = H / POOL;
override OW = W / POOL;
override ACROSS = (W + 3u) / 4u;
override DOWN = (H + 3u) / 4u;

@group(0) @binding(0) var<storage, read> m: array<f32>;
@group(0) @binding(1) var<storage, read> bias: array<f32>;
@group(0) @binding(2) var<uniform> chunk: u32;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

const A = 0.625;                               // the points 0, A, -A, B, -B and infinity
const B = 1.5;

fn along(m: array<f32, 6>) -> vec4f {
  let sumA = m[1] + m[2];
  let differenceA = m[1] - m[2];
  let sumB = m[3] + m[4];
  let differenceB = m[3] - m[4];
  return vec4f(
    m[0] + sumA + sumB,
    A * differenceA + B * differenceB,
    A * A * sumA + B * B * sumB,
    A * A * A * differenceA + B * B * B * differenceB + m[5],
  );
}

fn activate(v: f32) -> f32 {
  if (ACTIVATION == 0u || v > 0.0) { return v; }
  if (ACTIVATION == 1u) { return 0.0; }
  let series = v * (1 + v * (1 / 2.0 + v * (1 / 6.0 + v * (1 / 24.0 + v * (1 / 120.0 + v * (1 / 720.0 + v / 5040.0))))));
  return select(exp(v) - 1.0, series, v > -0.125);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let t = id.x;
  let co = id.y;
  let tile = chunk * TILES + t;
  let n = tile / (ACROSS * DOWN);
  if (t >= TILES || n >= arrayLength(&y) / (CO * OH * OW)) { return; }
  var rows: array<vec4f, 6>;
  for (var r = 0u; r < 6u; r++) {
    var line: array<f32, 6>;
    for (var s = 0u; s < 6u; s++) {
      line[s] = m[((r * 6u + s) * CO + co) * TILES + t];
    }
    rows[r] = along(line);
  }
  let place = tile % (ACROSS * DOWN);
  var columns: array<vec4f, 4>;
  for (var j = 0u; j < 4u; j++) {
    let column = bias[co] + along(array(rows[0][j], rows[1][j], rows[2][j], rows[3][j], rows[4][j], rows[5][j]));
    columns[j] = vec4f(activate(column.x), activate(column.y), activate(column.z), activate(column.w));
  }
  let corner = vec2u(place % ACROSS, place / ACROSS) * (4u / POOL);
  for (var j = 0u; j < min(4u / POOL, OW - min(OW, corner.x)); j++) {
    for (var i = 0u; i < min(4u / POOL, OH - min(OH, corner.y)); i++) {
      let top = i * POOL;
      let bottom = top + POOL - 1u;              // the same pixel where nothing is pooled
      let left = columns[j * POOL];
      let right = columns[j * POOL + POOL - 1u];
      y[((n * CO + co) * OH + corner.y + i) * OW + corner.x + j] = max(max(left[top], right[top]), max(left[bottom], right[bottom]));
    }
  }
}
