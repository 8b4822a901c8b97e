// Multiply and add, fused where the build allows it. The branch is decided when the module is compiled, and the calls are inlined by asc -O3.

/** a * b + c on four f32: one instruction with relaxed SIMD, two roundings without. */
export function fmaF32x4(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** c - a * b on four f32: one instruction with relaxed SIMD, two roundings without. */
export function fnmaF32x4(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_nmadd(a, b, c);
  return f32x4.sub(c, f32x4.mul(a, b));
}

/** a * b + c on two f64: one instruction with relaxed SIMD, two roundings without. */
export function fmaF64x2(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_madd(a, b, c);
  return f64x2.add(f64x2.mul(a, b), c);
}
