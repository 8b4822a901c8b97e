// Rectified linear unit, gradient, in place. One invocation computes one value.
//
//   d[i] <- d[i] where y[i] > 0, else 0 (0 at 0, as PyTorch has it)
//
// y       (planes, SIZE)   f32, what the forward pass left
// d       (planes, SIZE)   in: gradient of y; out: gradient of x
// grid    ceil(SIZE/64), planes

override SIZE: u32;

@group(0) @binding(0) var<storage, read> y: array<f32>;
@group(0) @binding(1) var<storage, read_write> d: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= SIZE) { return; }
  let i = id.y * SIZE + id.x;
  d[i] = select(0.0, d[i], y[i] > 0.0);
}
