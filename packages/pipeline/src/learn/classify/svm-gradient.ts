// How a decision value changes with each feature: the slope of an SVM at a point.
import type { Scaler } from "../columns/scaler.ts";
import type { StoredSvm } from "./svm.ts";

/**
 * The gradient of a scaled SVM's decision value with respect to the raw features.
 *
 *   f(x) = sum over support vectors s of  a_s K(s, z) - rho,   z = (x - centre) / spread
 *
 *   linear   dK/dz = s
 *   RBF      dK/dz = 2 gamma K(s, z) (s - z)
 *   poly     dK/dz = degree gamma (gamma s.z + coef0)^(degree - 1) s
 *
 * and df/dx = df/dz / spread; 0 for a feature without spread, which the model does not see.
 *
 * @param scaler  null where the features went in as they are
 * @param x       raw features, as many as the model has
 */
export function svmGradient(svm: StoredSvm, scaler: Scaler | null, x: Float64Array): Float64Array {
  const { d, kernel, supportVectors, dualCoef } = svm;
  const spread = (j: number) => (scaler ? scaler.spread[j]! : 1);
  const z = scaler ? x.map((value, j) => (spread(j) > 0 ? (value - scaler.centre[j]!) / spread(j) : 0)) : x;
  const gradient = new Float64Array(d);
  dualCoef.forEach((coefficient, i) => {
    const s = (j: number) => supportVectors[i * d + j]!;
    let [product, distance] = [0, 0];
    for (let j = 0; j < d; j++) {
      product += s(j) * z[j]!;
      distance += (s(j) - z[j]!) ** 2;
    }
    if (kernel.kind === "rbf") {
      const weight = coefficient * 2 * kernel.gamma * Math.exp(-kernel.gamma * distance);
      for (let j = 0; j < d; j++) gradient[j]! += weight * (s(j) - z[j]!);
      return;
    }
    const weight =
      kernel.kind === "linear"
        ? coefficient
        : coefficient * kernel.degree * kernel.gamma * (kernel.gamma * product + kernel.coef0) ** (kernel.degree - 1);
    for (let j = 0; j < d; j++) gradient[j]! += weight * s(j);
  });
  return gradient.map((slope, j) => (spread(j) > 0 ? slope / spread(j) : 0));
}
