// global-average-pool, forward. One workgroup of 64 sums one plane: 64 strided partial sums, then a tree in a fixed order.
//
//   y[plane] = (1 / SIZE) * sum over i of x[plane, i]
//
// x       (N,C,SIZE)       f32, SIZE = H*W
// y       (N,C)
// grid    N*C, 1

override SIZE: u32;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

var<workgroup> partial: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let plane = group.x;
  var sum = 0.0;
  for (var i = lane; i < SIZE; i += 64u) {
    sum += x[plane * SIZE + i];
  }
  partial[lane] = sum;
  workgroupBarrier();
  for (var half = 32u; half > 0u; half /= 2u) {
    if (lane < half) { partial[lane] += partial[lane + half]; }
    workgroupBarrier();
  }
  if (lane == 0u) { y[plane] = partial[0] / f32(SIZE); }
}
