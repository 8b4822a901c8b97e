// Soft Dice of the foreground, gradient. One invocation computes the C gradients of one pixel.
//
//   dp = share * (D - 2 y) / (b + SMOOTH),   D = (2 a + SMOOTH) / (b + SMOOTH),   (a, b) = sums[n],   y = 1 where label[n,p] >= 1
//   dlogits[n,c,p] = dp * q[0] * q[c] for c >= 1,   and -dp * q[0] * (sum of q[c] over c >= 1) for c = 0,   q = softmax(logits[n,:,p])
//
// logits   (N,C,SIZE)      f32, SIZE = H*W
// labels   (N,SIZE)        u32; a label of C or more has gradient 0
// sums     (N,2)           of soft-dice-forward
// step     share = 1 / slices of the step
// dlogits  (N,C,SIZE)      overwritten
// grid     ceil(SIZE/64), N

override C: u32;
override SIZE: u32;
override SMOOTH: f32;

struct Step {
  scale: f32,
  stepSize: f32,
  rootCorrection: f32,
  l2: f32,
  shrink: f32,
  share: f32,
}

@group(0) @binding(0) var<storage, read> logits: array<f32>;
@group(0) @binding(1) var<storage, read> labels: array<u32>;
@group(0) @binding(2) var<storage, read> sums: array<vec2f>;
@group(0) @binding(3) var<uniform> step: Step;
@group(0) @binding(4) var<storage, read_write> dlogits: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= SIZE) { return; }
  let first = id.y * C * SIZE + id.x;
  let label = labels[id.y * SIZE + id.x];
  if (label >= C) {
    for (var c = 0u; c < C; c++) {
      dlogits[first + c * SIZE] = 0.0;
    }
    return;
  }
  var most = logits[first];
  for (var c = 1u; c < C; c++) {
    most = max(most, logits[first + c * SIZE]);
  }
  let background = exp(logits[first] - most);
  var others = 0.0;
  for (var c = 1u; c < C; c++) {
    others += exp(logits[first + c * SIZE] - most);
  }
  let total = sums[id.y];
  let all = total.y + SMOOTH;
  let overlap = (2.0 * total.x + SMOOTH) / all;
  let dp = step.share * (overlap - select(0.0, 2.0, label > 0u)) / all;
  let sum = background + others;
  let factor = dp * (background / sum) / sum;
  dlogits[first] = -factor * others;
  for (var c = 1u; c < C; c++) {
    dlogits[first + c * SIZE] = factor * exp(logits[first + c * SIZE] - most);
  }
}
