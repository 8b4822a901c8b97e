// conv-transpose2d, forward: 2 x 2 taps, stride 2. One invocation computes the 2 x 2 pixels above one input pixel in 4 output channels.
//
//   y[n,co, 2i + a, 2j + b] = bias[co] + sum over ci of weight[ci,co,a,b] * x[n,ci,i,j]
//
// x       (N,CI,H,W)       f32, last axis fastest
// weight  (CI,CO,2,2)      as torch.nn.functional.conv_transpose2d; a vec4 is the four taps (0,0) (0,1) (1,0) (1,1)
// bias    (CO)
// y       (N,CO,2H,2W)
// grid    ceil(W/LANES_X), ceil(H/LANES_Y), N*ceil(CO/4); N is the grid's alone

override CI: u32;
override CO: u32;
override H: u32;
override W: u32;
override LANES_X: u32;                         // the block, see blocks.ts: it changes the speed and not the order of any sum
override LANES_Y: u32;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> weight: array<vec4f>;
@group(0) @binding(2) var<storage, read> bias: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

fn weightOf(ci: u32, co: u32) -> vec4f {
  if (co < CO) { return weight[ci * CO + co]; }
  return vec4f();
}

fn store(n: u32, co: u32, p: vec2u, v: vec4f) {
  if (co >= CO) { return; }
  let taps = v + bias[co];
  let top = ((n * CO + co) * H * 2u + p.y * 2u) * W * 2u + p.x * 2u;
  y[top] = taps.x;
  y[top + 1u] = taps.y;
  y[top + W * 2u] = taps.z;
  y[top + W * 2u + 1u] = taps.w;
}

@compute @workgroup_size(LANES_X, LANES_Y)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= W || id.y >= H) { return; }
  let blocks = (CO + 3u) / 4u;
  let n = id.z / blocks;
  let co = (id.z % blocks) * 4u;
  var a = vec4f();
  var b = vec4f();
  var c = vec4f();
  var d = vec4f();
  for (var ci = 0u; ci < CI; ci++) {
    let v = x[((n * CI + ci) * H + id.y) * W + id.x];
    a += weightOf(ci, co) * v;
    b += weightOf(ci, co + 1u) * v;
    c += weightOf(ci, co + 2u) * v;
    d += weightOf(ci, co + 3u) * v;
  }
  store(n, co, id.xy, a);
  store(n, co + 1u, id.xy, b);
  store(n, co + 2u, id.xy, c);
  store(n, co + 3u, id.xy, d);
}
