// Concatenation along the channels, gradient: its parts. One invocation copies one value.
//
//   da[n,c] = dy[n,c],   db[n,c] = dy[n, CA + c]
//
// dy      (N,CA+CB,SIZE)   f32, SIZE = H*W
// da      (N,CA,SIZE)      overwritten
// db      (N,CB,SIZE)      overwritten
// grid    ceil(SIZE/64), N*(CA+CB)

override CA: u32;
override CB: u32;
override SIZE: u32;

@group(0) @binding(0) var<storage, read> dy: array<f32>;
@group(0) @binding(1) var<storage, read_write> da: array<f32>;
@group(0) @binding(2) var<storage, read_write> db: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= SIZE) { return; }
  let n = id.y / (CA + CB);
  let c = id.y % (CA + CB);
  let i = id.y * SIZE + id.x;
  if (c < CA) {
    da[(n * CA + c) * SIZE + id.x] = dy[i];
  } else {
    db[(n * CB + c - CA) * SIZE + id.x] = dy[i];
  }
}
