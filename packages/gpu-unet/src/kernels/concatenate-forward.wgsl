// Concatenation along the channels, forward. One invocation copies one value.
//
//   y[n,c] = a[n,c] where c < CA, b[n, c - CA] elsewhere
//
// a       (N,CA,SIZE)      f32, SIZE = H*W; the skip
// b       (N,CB,SIZE)      the upsampled map
// y       (N,CA+CB,SIZE)
// grid    ceil(SIZE/64), N*(CA+CB)

override CA: u32;
override CB: u32;
override SIZE: u32;

@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= SIZE) { return; }
  let n = id.y / (CA + CB);
  let c = id.y % (CA + CB);
  let i = id.y * SIZE + id.x;
  if (c < CA) {
    y[i] = a[(n * CA + c) * SIZE + id.x];
  } else {
    y[i] = b[(n * CB + c - CA) * SIZE + id.x];
  }
}
