// Adam and AdamW: one step of one parameter. One invocation computes one value.
//
//   g      = dparameter + l2 * parameter                 l2 is Adam's weight decay, 0 for AdamW
//   mean   = BETA1 * mean + NEW1 * g                     NEW1 = 1 - BETA1 and NEW2 = 1 - BETA2 come from the host: f32 would
//   square = BETA2 * square + NEW2 * g^2                 lose five digits of 1 - 0.999
//   parameter = shrink * parameter - stepSize * mean / (sqrt(square) / rootCorrection + EPSILON)
//
// stepSize = learningRate / (1 - BETA1^t), rootCorrection = sqrt(1 - BETA2^t) for step t = 1, 2, ...; shrink = 1 - learningRate * decay is
// AdamW's decoupled weight decay, 1 for Adam. Kingma & Ba 2015, algorithm 1; Loshchilov & Hutter 2019, algorithm 2.
//
// dparameter  (SIZE)       f32
// step        what changes from step to step
// parameter, mean, square  (SIZE), in place
// grid        ceil(SIZE/256) workgroups, spread over x and y

override SIZE: u32;
override BETA1: f32;
override BETA2: f32;
override NEW1: f32;
override NEW2: f32;
override EPSILON: f32;

struct Step {
  scale: f32,
  stepSize: f32,
  rootCorrection: f32,
  l2: f32,
  shrink: f32,
}

@group(0) @binding(0) var<storage, read> dparameter: array<f32>;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read_write> parameter: array<f32>;
@group(0) @binding(3) var<storage, read_write> mean: array<f32>;
@group(0) @binding(4) var<storage, read_write> square: array<f32>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 256u + id.x;
  if (i >= SIZE) { return; }
  let p = parameter[i];
  let g = dparameter[i] + step.l2 * p;
  let m = BETA1 * mean[i] + NEW1 * g;
  let s = BETA2 * square[i] + NEW2 * g * g;
  mean[i] = m;
  square[i] = s;
  parameter[i] = step.shrink * p - step.stepSize * m / (sqrt(s) / step.rootCorrection + EPSILON);
}
