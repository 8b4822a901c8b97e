// The second stage of every long sum: adds the shares, first to last. One invocation computes one sum.
//
//   y[i] = sum over s of partial[s,i]
//
// partial  (SHARES,SIZE)   f32
// y        (SIZE)          overwritten
// grid     ceil(SIZE/256) workgroups, spread over x and y

override SHARES: u32;
override SIZE: u32;

@group(0) @binding(0) var<storage, read> partial: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 256u + id.x;
  if (i >= SIZE) { return; }
  var sum = partial[i];
  for (var s = 1u; s < SHARES; s++) {
    sum += partial[s * SIZE + i];
  }
  y[i] = sum;
}
