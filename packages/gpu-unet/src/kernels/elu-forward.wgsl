// Exponential linear unit, forward, in place. One invocation computes one value.
//
//   x[i] <- x[i]             where x[i] > 0
//           exp(x[i]) - 1    elsewhere (alpha 1, as torch.nn.ELU)
//
// Near 0 the difference exp(x) - 1 loses its digits, so there the series x + x^2/2 + x^3/6 + ... takes its place: at |x| < 1/8
// seven terms leave out less than |x|^8/8! < 2e-12.
//
// x       (planes, SIZE)   f32
// grid    ceil(SIZE/64), planes

override SIZE: u32;

@group(0) @binding(0) var<storage, read_write> x: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= SIZE) { return; }
  let i = id.y * SIZE + id.x;
  let v = x[i];
  if (v > 0.0) { return; }
  let series = v * (1 + v * (1 / 2.0 + v * (1 / 6.0 + v * (1 / 24.0 + v * (1 / 120.0 + v * (1 / 720.0 + v / 5040.0))))));
  x[i] = select(exp(v) - 1.0, series, v > -0.125);
}
