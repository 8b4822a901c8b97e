// max-pool2d, gradient. One invocation computes one input pixel of one plane: it asks whether its window chose it.
//
//   dx[plane, p] = dy[plane, window of p]   where p is the first of the window's largest pixels, row by row; 0 elsewhere
//
// x       (N,C,H,W)        f32, what the forward pass read; the choice is made again from it
// dy      (N,C,OH,OW)      OH = floor(H/2), OW = floor(W/2)
// dx      (N,C,H,W)        overwritten; an odd last row or column has gradient 0
// grid    ceil(W/8), ceil(H/8), N*C

override H: u32;
override W: u32;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read_write> dx: array<f32>;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= W || id.y >= H) { return; }
  let i = (id.z * H + id.y) * W + id.x;
  let OH = H / 2u;
  let OW = W / 2u;
  let window = id.xy / 2u;
  if (window.x >= OW || window.y >= OH) {
    dx[i] = 0.0;
    return;
  }
  let top = (id.z * H + window.y * 2u) * W + window.x * 2u;
  let pixels = vec4f(x[top], x[top + 1u], x[top + W], x[top + W + 1u]);
  let largest = max(max(pixels.x, pixels.y), max(pixels.z, pixels.w));
  var chosen = 3u;
  for (var k = 3u; k > 0u; k--) {
    if (pixels[k - 1u] == largest) { chosen = k - 1u; }
  }
  let mine = (id.y & 1u) * 2u + (id.x & 1u);
  dx[i] = select(0.0, dy[(id.z * OH + window.y) * OW + window.x], mine == chosen);
}
