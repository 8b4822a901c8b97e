// Winograd's products as in winograd-product, with the weights handed round a subgroup instead of through workgroup memory: no barrier, and
// the same sums in the same order. A workgroup computes 8 channels of 8*LANES_S tiles; an invocation computes 8 channels of 8 tiles.
//
//   m[p,co,t] = sum over ci of u[p,ci,co] * v[p,ci,t]
//
// u       (36,CI,COLUMNS)     f32, read four channels at a time; COLUMNS = CO rounded up to a multiple of 4
// v       (36,CI,TILES)       read four tiles at a time; TILES is a multiple of 4
// m       (36,CO,TILES)       overwritten; a tile that v does not have is one that nobody reads
// grid    ceil(tiles of the chunk/(8*LANES_S)), ceil(CO/8), 36
//
// Of as many input channels as the subgroup has lanes, each lane fetches the weights of one; then each channel's go from their lane to all.
// Subgroups must be full, so LANES_S is a multiple of the device's largest; any size of 4 to 64 does. A lane beyond the last tile reads the
// last one and writes nothing.

enable subgroups;

override CI: u32;
override CO: u32;
override TILES: u32;
override LANES_S: u32;                         // the block, see blocks.ts
override CHANNEL_QUADS = (CO + 3u) / 4u;
override TILE_QUADS = TILES / 4u;

@group(0) @binding(0) var<storage, read> u: array<vec4f>;
@group(0) @binding(1) var<storage, read> v: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> m: array<vec4f>;

fn weights(p: u32, ci: u32, channels: u32) -> vec4f {
  if (ci < CI && channels < CHANNEL_QUADS) { return u[(p * CI + ci) * CHANNEL_QUADS + channels]; }
  return vec4f();
}

fn store(plane: u32, co: u32, quad: u32, a: vec4f, b: vec4f) {
  if (co >= CO) { return; }
  let at = (plane * CO + co) * TILE_QUADS + quad;
  if (quad < TILE_QUADS) { m[at] = a; }
  if (quad + LANES_S < TILE_QUADS) { m[at + LANES_S] = b; }
}

@compute @workgroup_size(LANES_S)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(subgroup_size) members: u32,
  @builtin(subgroup_invocation_id) member: u32,
) {
  let p = group.z;
  let channels = group.y * 2u;
  let quad = group.x * LANES_S * 2u + lane;
  let quadA = min(quad, TILE_QUADS - 1u);
  let quadB = min(quad + LANES_S, TILE_QUADS - 1u);

  // a: the first four tiles, b: the last four, each for 8 channels
  var a0 = vec4f(); var a1 = vec4f(); var a2 = vec4f(); var a3 = vec4f();
  var a4 = vec4f(); var a5 = vec4f(); var a6 = vec4f(); var a7 = vec4f();
  var b0 = vec4f(); var b1 = vec4f(); var b2 = vec4f(); var b3 = vec4f();
  var b4 = vec4f(); var b5 = vec4f(); var b6 = vec4f(); var b7 = vec4f();

  for (var first = 0u; first < CI; first += members) {
    let own0 = weights(p, first + member, channels);
    let own1 = weights(p, first + member, channels + 1u);
    for (var i = 0u; i < min(members, CI - first); i++) {
      let w0 = subgroupShuffle(own0, i);
      let w1 = subgroupShuffle(own1, i);
      let row = (p * CI + first + i) * TILE_QUADS;
      let t0 = v[row + quadA];
      let t1 = v[row + quadB];
      a0 += w0.x * t0; a1 += w0.y * t0; a2 += w0.z * t0; a3 += w0.w * t0;
      a4 += w1.x * t0; a5 += w1.y * t0; a6 += w1.z * t0; a7 += w1.w * t0;
      b0 += w0.x * t1; b1 += w0.y * t1; b2 += w0.z * t1; b3 += w0.w * t1;
      b4 += w1.x * t1; b5 += w1.y * t1; b6 += w1.z * t1; b7 += w1.w * t1;
    }
  }

  let co = channels * 4u;
  store(p, co, quad, a0, b0);
  store(p, co + 1u, quad, a1, b1);
  store(p, co + 2u, quad, a2, b2);
  store(p, co + 3u, quad, a3, b3);
  store(p, co + 4u, quad, a4, b4);
  store(p, co + 5u, quad, a5, b5);
  store(p, co + 6u, quad, a6, b6);
  store(p, co + 7u, quad, a7, b7);
}
