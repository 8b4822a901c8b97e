// Cross-entropy over the classes, gradient. One invocation computes the C gradients of one pixel.
//
//   dlogits[n,c,p] = scale * weight[k] * (softmax(z)[c] - (1 where c = k)),   k = label[n,p], z = logits[n,:,p]
//
// logits   (N,C,SIZE)      f32, SIZE = H*W
// labels   (N,SIZE)        u32; a label of C or more has gradient 0
// weight   (C)             class weights
// step     scale = 1 / sum of the class weights of all pixels of the step
// dlogits  (N,C,SIZE)      overwritten
// grid     ceil(SIZE/64), N

override C: u32;
override SIZE: u32;

struct Step {
  scale: f32,
  stepSize: f32,
  rootCorrection: f32,
  l2: f32,
  shrink: f32,
}

@group(0) @binding(0) var<storage, read> logits: array<f32>;
@group(0) @binding(1) var<storage, read> labels: array<u32>;
@group(0) @binding(2) var<storage, read> weight: array<f32>;
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
  var sum = 0.0;
  var others = 0.0;                            // softmax[k] - 1 = -others / sum, which keeps its digits when the pixel is nearly certain
  for (var c = 0u; c < C; c++) {
    let e = exp(logits[first + c * SIZE] - most);
    sum += e;
    if (c != label) { others += e; }
  }
  let factor = step.scale * weight[label] / sum;
  for (var c = 0u; c < C; c++) {
    dlogits[first + c * SIZE] = factor * select(exp(logits[first + c * SIZE] - most), -others, c == label);
  }
}
