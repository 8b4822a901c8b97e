// max-pool2d, forward. One invocation computes one output pixel of one plane.
//
//   y[plane, i, j] = max of x[plane, 2i + a, 2j + b] over a, b in {0, 1}
//
// x       (N,C,H,W)        f32; an odd last row or column is left out, as torch.nn.functional.max_pool2d does
// y       (N,C,OH,OW)      OH = floor(H/2), OW = floor(W/2)
// grid    ceil(OW/8), ceil(OH/8), N*C

override H: u32;
override W: u32;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let OH = H / 2u;
  let OW = W / 2u;
  if (id.x >= OW || id.y >= OH) { return; }
  let top = (id.z * H + 2u * id.y) * W + 2u * id.x;
  let bottom = top + W;
  y[(id.z * OH + id.y) * OW + id.x] = max(max(x[top], x[top + 1u]), max(x[bottom], x[bottom + 1u]));
}
