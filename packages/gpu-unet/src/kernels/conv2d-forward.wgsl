// conv2d, forward. One invocation computes one pixel of one output channel.
//
//   y[n,co,p] = bias[co] + sum over ci and taps t of weight[co,ci,t] * x[n,ci, p + t - K/2]
//
// x       (N,CI,H,W)     f32, last axis fastest; reads outside the image are 0
// weight  (CO,CI,K,K)    K odd; not flipped, so this is torch.nn.functional.conv2d
// bias    (CO)
// y       (N,CO,H,W)     stride 1, padding K/2: the image keeps its size
// grid    ceil(W/8), ceil(H/8), N*CO; N is the grid's alone, so one pipeline serves every batch

override CI: u32;
override CO: u32;
override H: u32;
override W: u32;
override K: u32;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> weight: array<f32>;
@group(0) @binding(2) var<storage, read> bias: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= W || id.y >= H) { return; }

  let n = id.z / CO;
  let co = id.z % CO;
  // Taps that fall inside the image: row p + t - K/2 lies in 0..H-1 for t in [first, last).
  let first = vec2u(max(K / 2u, id.x) - id.x, max(K / 2u, id.y) - id.y);
  let last = min(vec2u(K), vec2u(W + K / 2u - id.x, H + K / 2u - id.y));

  var sum = bias[co];
  for (var ci = 0u; ci < CI; ci++) {
    let plane = (n * CI + ci) * H;
    let taps = (co * CI + ci) * K;
    for (var ty = first.y; ty < last.y; ty++) {
      let row = (plane + id.y + ty - K / 2u) * W + id.x - K / 2u;
      for (var tx = first.x; tx < last.x; tx++) {
        sum += weight[(taps + ty) * K + tx] * x[row + tx];
      }
    }
  }
  y[(id.z * H + id.y) * W + id.x] = sum;
}
