// Soft Dice of the foreground, forward: first stage. One workgroup of 64 sums 1024 pixels of a slice: 64 strided partial sums, then a tree
// in a fixed order. reduce-partials adds the workgroups; the host makes the loss of the sums.
//
//   sums[n] = ( sum over p of q y,  sum over p of q + y ),   q = sum over c >= 1 of softmax(logits[n,:,p])[c],   y = 1 where label[n,p] >= 1
//
// logits   (N,C,SIZE)      f32, SIZE = H*W
// labels   (N,SIZE)        u32; a label of C or more leaves the pixel out
// partial  (ceil(SIZE/1024),N,2)
// grid     ceil(SIZE/1024), N

override C: u32;
override SIZE: u32;

@group(0) @binding(0) var<storage, read> logits: array<f32>;
@group(0) @binding(1) var<storage, read> labels: array<u32>;
@group(0) @binding(2) var<storage, read_write> partial: array<f32>;

var<workgroup> sums: array<vec2f, 64>;

fn termsOf(n: u32, pixel: u32) -> vec2f {
  let label = labels[n * SIZE + pixel];
  if (label >= C) { return vec2f(); }
  let first = n * C * SIZE + pixel;
  var most = logits[first];
  for (var c = 1u; c < C; c++) {
    most = max(most, logits[first + c * SIZE]);
  }
  let background = exp(logits[first] - most);
  var others = 0.0;
  for (var c = 1u; c < C; c++) {
    others += exp(logits[first + c * SIZE] - most);
  }
  let q = others / (background + others);
  let y = select(0.0, 1.0, label > 0u);
  return vec2f(q * y, q + y);
}

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  var sum = vec2f();
  for (var i = group.x * 1024u + lane; i < min(group.x * 1024u + 1024u, SIZE); i += 64u) {
    sum += termsOf(group.y, i);
  }
  sums[lane] = sum;
  workgroupBarrier();
  for (var half = 32u; half > 0u; half /= 2u) {
    if (lane < half) { sums[lane] += sums[lane + half]; }
    workgroupBarrier();
  }
  if (lane < 2u) { partial[(group.x * groups.y + group.y) * 2u + lane] = sums[0][lane]; }
}
