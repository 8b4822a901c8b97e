// Rectified linear unit, forward, in place. One invocation computes one value.
//
//   x[i] <- max(x[i], 0)
//
// x       (planes, SIZE)   f32
// grid    ceil(SIZE/64), planes

override SIZE: u32;

@group(0) @binding(0) var<storage, read_write> x: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= SIZE) { return; }
  let i = id.y * SIZE + id.x;
  x[i] = max(x[i], 0.0);
}
