// Winograd's F(4x4, 3x3), products: 36 products of matrices, one for each position p. A workgroup computes 8*LANES_C channels of
// 8*LANES_T tiles; an invocation computes 8 channels of 8 tiles.
//
//   m[p,co,t] = sum over ci of u[p,ci,co] * v[p,ci,t]
//
// u       (36,CI,COLUMNS)     f32, read four channels at a time; COLUMNS = CO rounded up to a multiple of 4
// v       (36,CI,TILES)       read four tiles at a time; TILES is a multiple of 128, so a workgroup's tiles are all there
// m       (36,CO,TILES)       overwritten; a tile that v does not have is one that nobody reads
// grid    ceil(tiles of the chunk/(8*LANES_T)), ceil(CO/(8*LANES_C)), 36
//
// DEPTH input channels at a time are brought into workgroup memory. The sums run over ci in order, whatever the block.

override CI: u32;
override CO: u32;
override TILES: u32;
override LANES_T: u32;                         // the block, see blocks.ts
override LANES_C: u32;
override DEPTH: u32;
override LANES = LANES_T * LANES_C;
override CHANNEL_QUADS = (CO + 3u) / 4u;
override TILE_QUADS = TILES / 4u;

@group(0) @binding(0) var<storage, read> u: array<vec4f>;
@group(0) @binding(1) var<storage, read> v: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> m: array<vec4f>;

var<workgroup> weights: array<vec4f, DEPTH * LANES_C * 2u>;   // [ci][four channels]
var<workgroup> tiles: array<vec4f, DEPTH * LANES_T * 2u>;     // [ci][four tiles]

fn store(plane: u32, co: u32, quad: u32, a: vec4f, b: vec4f) {
  if (co >= CO) { return; }
  let at = (plane * CO + co) * TILE_QUADS + quad;
  m[at] = a;
  m[at + LANES_T] = b;
}

@compute @workgroup_size(LANES_T, LANES_C)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_id) local: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let p = group.z;
  let firstTiles = group.x * LANES_T * 2u;
  let firstChannels = group.y * LANES_C * 2u;

  // a: the first four tiles, b: the last four, each for 8 channels
  var a0 = vec4f(); var a1 = vec4f(); var a2 = vec4f(); var a3 = vec4f();
  var a4 = vec4f(); var a5 = vec4f(); var a6 = vec4f(); var a7 = vec4f();
  var b0 = vec4f(); var b1 = vec4f(); var b2 = vec4f(); var b3 = vec4f();
  var b4 = vec4f(); var b5 = vec4f(); var b6 = vec4f(); var b7 = vec4f();

  for (var first = 0u; first < CI; first += DEPTH) {
    let depth = min(DEPTH, CI - first);
    workgroupBarrier();
    for (var i = lane; i < depth * LANES_C * 2u; i += LANES) {
      let channels = firstChannels + i % (LANES_C * 2u);
      var w = vec4f();
      if (channels < CHANNEL_QUADS) { w = u[(p * CI + first + i / (LANES_C * 2u)) * CHANNEL_QUADS + channels]; }
      weights[i] = w;
    }
    for (var i = lane; i < depth * LANES_T * 2u; i += LANES) {
      tiles[i] = v[(p * CI + first + i / (LANES_T * 2u)) * TILE_QUADS + firstTiles + i % (LANES_T * 2u)];
    }
    workgroupBarrier();

    for (var ci = 0u; ci < depth; ci++) {
      let w0 = weights[ci * LANES_C * 2u + local.y];
      let w1 = weights[ci * LANES_C * 2u + LANES_C + local.y];
      let t0 = tiles[ci * LANES_T * 2u + local.x];
      let t1 = tiles[ci * LANES_T * 2u + LANES_T + local.x];
      a0 += w0.x * t0; a1 += w0.y * t0; a2 += w0.z * t0; a3 += w0.w * t0;
      a4 += w1.x * t0; a5 += w1.y * t0; a6 += w1.z * t0; a7 += w1.w * t0;
      b0 += w0.x * t1; b1 += w0.y * t1; b2 += w0.z * t1; b3 += w0.w * t1;
      b4 += w1.x * t1; b5 += w1.y * t1; b6 += w1.z * t1; b7 += w1.w * t1;
    }
  }

  let quad = firstTiles + local.x;
  let co = (firstChannels + local.y) * 4u;
  let further = co + LANES_C * 4u;
  store(p, co, quad, a0, b0);
  store(p, co + 1u, quad, a1, b1);
  store(p, co + 2u, quad, a2, b2);
  store(p, co + 3u, quad, a3, b3);
  store(p, further, quad, a4, b4);
  store(p, further + 1u, quad, a5, b5);
  store(p, further + 2u, quad, a6, b6);
  store(p, further + 3u, quad, a7, b7);
}
