// Cross-entropy over the classes, forward: first stage. One workgroup of 64 sums 1024 pixels: 64 strided partial sums, then a tree in a
// fixed order. reduce-partials adds the workgroups; the host divides by the sum of the pixels' class weights.
//
//   loss[n,p] = weight[k] * (log(sum over c of exp(z[c] - m)) - (z[k] - m)),   k = label[n,p], z = logits[n,:,p], m = max of z
//
// logits   (N,C,SIZE)      f32, SIZE = H*W
// labels   (N,SIZE)        u32; a label of C or more leaves the pixel out
// weight   (C)             class weights
// partial  (ceil(PIXELS/1024))   PIXELS = N*SIZE
// grid     ceil(PIXELS/1024)

override C: u32;
override SIZE: u32;
override PIXELS: u32;

@group(0) @binding(0) var<storage, read> logits: array<f32>;
@group(0) @binding(1) var<storage, read> labels: array<u32>;
@group(0) @binding(2) var<storage, read> weight: array<f32>;
@group(0) @binding(3) var<storage, read_write> partial: array<f32>;

var<workgroup> sums: array<f32, 64>;

fn lossOf(pixel: u32) -> f32 {
  let label = labels[pixel];
  if (label >= C) { return 0.0; }
  let first = (pixel / SIZE) * C * SIZE + pixel % SIZE;
  var most = logits[first];
  for (var c = 1u; c < C; c++) {
    most = max(most, logits[first + c * SIZE]);
  }
  var sum = 0.0;
  for (var c = 0u; c < C; c++) {
    sum += exp(logits[first + c * SIZE] - most);
  }
  return weight[label] * (log(sum) - (logits[first + label * SIZE] - most));
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  var sum = 0.0;
  for (var i = group.x * 1024u + lane; i < min(group.x * 1024u + 1024u, PIXELS); i += 64u) {
    sum += lossOf(i);
  }
  sums[lane] = sum;
  workgroupBarrier();
  for (var half = 32u; half > 0u; half /= 2u) {
    if (lane < half) { sums[lane] += sums[lane + half]; }
    workgroupBarrier();
  }
  if (lane == 0u) { partial[group.x] = sums[0]; }
}
