// conv-transpose2d, gradient of its input. One invocation computes one pixel of 4 input channels.
//
//   dx[n,ci,i,j] = sum over co, a and b of weight[ci,co,a,b] * dy[n,co, 2i + a, 2j + b]
//
// dy      (N,CO,2H,2W)     f32, last axis fastest
// weight  (CI,CO,2,2)      a vec4 is the four taps (0,0) (0,1) (1,0) (1,1)
// dx      (N,CI,H,W)       overwritten
// grid    ceil(W/LANES_X), ceil(H/LANES_Y), N*ceil(CI/4); N is the grid's alone

override CI: u32;
override CO: u32;
override H: u32;
override W: u32;
override LANES_X: u32;                         // the block, see blocks.ts: it changes the speed and not the order of any sum
override LANES_Y: u32;

@group(0) @binding(0) var<storage, read> dy: array<f32>;
@group(0) @binding(1) var<storage, read> weight: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> dx: array<f32>;

fn weightOf(ci: u32, co: u32) -> vec4f {
  if (ci < CI) { return weight[ci * CO + co]; }
  return vec4f();
}

@compute @workgroup_size(LANES_X, LANES_Y)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= W || id.y >= H) { return; }
  let blocks = (CI + 3u) / 4u;
  let n = id.z / blocks;
  let ci = (id.z % blocks) * 4u;
  var sum = vec4f();                           // one number an input channel
  for (var co = 0u; co < CO; co++) {
    let top = ((n * CO + co) * H * 2u + id.y * 2u) * W * 2u + id.x * 2u;
    let bottom = top + W * 2u;
    let slopes = vec4f(dy[top], dy[top + 1u], dy[bottom], dy[bottom + 1u]);
    sum += vec4f(
      dot(weightOf(ci, co), slopes), dot(weightOf(ci + 1u, co), slopes),
      dot(weightOf(ci + 2u, co), slopes), dot(weightOf(ci + 3u, co), slopes),
    );
  }
  for (var k = 0u; k < min(4u, CI - ci); k++) {
    dx[((n * CI + ci + k) * H + id.y) * W + id.x] = sum[k];
  }
}
