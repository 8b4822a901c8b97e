// Gradient of a bias: first stage. One workgroup of 64 sums one plane: 64 strided partial sums, then a tree in a fixed order.
// reduce-partials adds the N images, so that SHARES = N there.
//
//   partial[n,co] = sum over pixels p of dy[n,co,p],      dbias[co] = sum over n of partial[n,co]
//
// dy       (N,CO,SIZE)     f32, SIZE = H*W
// partial  (N,CO)
// grid     N*CO, 1

override SIZE: u32;

@group(0) @binding(0) var<storage, read> dy: array<f32>;
@group(0) @binding(1) var<storage, read_write> partial: array<f32>;

var<workgroup> sums: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let plane = group.x;
  var sum = 0.0;
  for (var i = lane; i < SIZE; i += 64u) {
    sum += dy[plane * SIZE + i];
  }
  sums[lane] = sum;
  workgroupBarrier();
  for (var half = 32u; half > 0u; half /= 2u) {
    if (lane < half) { sums[lane] += sums[lane + half]; }
    workgroupBarrier();
  }
  if (lane == 0u) { partial[plane] = sums[0]; }
}
