// Adds to a tensor, in place: where a map or a parameter is used twice, its gradients are summed. One invocation computes one value.
//
//   total[i] <- total[i] + x[i]
//
// x        (SIZE)          f32
// total    (SIZE)
// grid     ceil(SIZE/256) workgroups, spread over x and y

override SIZE: u32;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> total: array<f32>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 256u + id.x;
  if (i >= SIZE) { return; }
  total[i] += x[i];
}
