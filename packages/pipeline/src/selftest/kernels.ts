// Kernels and statistics beside what other tools gave for small inputs.
import { decisionFunction, plattScaling, resample, trainSvm, type Core, type SvmKernel } from "@islet/core-wasm";
import { createSliceEncoder } from "../deep/encode.ts";
import { aucInterval, delongTest } from "../stats/prediction/delong.ts";
import { fisherTest } from "../stats/groups/fisher.ts";
import { levene } from "../stats/groups/levene.ts";
import { mannWhitneyFor } from "../stats/groups/mann-whitney.ts";
import { shapiroWilkFor } from "../stats/groups/shapiro-wilk.ts";
import { studentTest, welchTest } from "../stats/groups/t-test.ts";
import { agreementOf, checksOf, type Agreement } from "./agreement.ts";
import { VECTORS } from "./vectors.ts";

/** f32 arithmetic of some dozens of terms. */
const SINGLE = 1e-6;

/** Resampling, support vector machines and statistics. */
export function kernelAgreements(core: Core): Agreement[] {
  return [resampling(core), svm(core), statistics()];
}

function resampling(core: Core): Agreement {
  const { shape, axes, linear, cubic } = VECTORS.resampling;
  const data = Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, i) => ((37 * i) % 23) - 7);
  const run = (interpolation: "linear" | "cubic") => resample(core, data, shape, axes, interpolation);
  return agreementOf("resampling, linear and cubic", VECTORS.source.resampling, [
    ...checksOf("linear", run("linear"), linear, SINGLE),
    ...checksOf("cubic", run("cubic"), cubic, SINGLE),
  ]);
}

function svm(core: Core): Agreement {
  const { points, labels, C, gamma, linear, rbf, platt } = VECTORS.svm;
  const x = Float64Array.from(points);
  const y = Int8Array.from(labels);
  const decide = (kernel: SvmKernel) => decisionFunction(core, trainSvm(core, x, y, 2, { kernel, C, tolerance: 1e-10 }), x);
  const { a, b } = plattScaling(Float64Array.from(rbf), y);
  return agreementOf("support vector machine and its probabilities", VECTORS.source.svm, [
    ...checksOf("linear decision", decide({ kind: "linear" }), linear, 1e-6),
    ...checksOf("rbf decision", decide({ kind: "rbf", gamma }), rbf, 1e-6),
    // scikit-learn stops its search for the two parameters early.
    ...checksOf("platt", [a, b], platt, 1e-3),
  ]);
}

function statistics(): Agreement {
  const want = VECTORS.statistics;
  const [x, y] = [Float64Array.from(SLEEP.slice(0, 10)), Float64Array.from(SLEEP.slice(10))];
  const outcome = SLEEP.map((_, i) => (i < 10 ? 0 : 1));
  const shapiro = shapiroWilkFor(10)(x);
  const interval = aucInterval(outcome, SLEEP);
  const compared = delongTest(outcome, SLEEP, want.scores);
  const got: Record<Exclude<keyof typeof want, "scores">, number> = {
    studentP: studentTest(x, y).p,
    welchP: welchTest(x, y).p,
    mannWhitneyP: mannWhitneyFor(10, 10)(x, y).p,
    shapiroW: shapiro.w,
    shapiroP: shapiro.p,
    leveneP: levene(x, y).p,
    fisherP: fisherTest(23, 9, 23, 1),
    auc: interval.auc,
    aucLow: interval.lo,
    aucHigh: interval.hi,
    delongZ: compared.z,
    delongP: compared.p,
  };
  const checks = Object.entries(got).map(([name, value]) => {
    const expected = want[name as keyof typeof got];
    return { name, value, expected, tolerance: 1e-9 * Math.abs(expected) };
  });
  return agreementOf("tests between groups, ROC and DeLong", VECTORS.source.statistics, checks);
}

/** R's built-in data set sleep: extra hours of sleep under two drugs, ten people each (Student 1908). */
const SLEEP = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2, 1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

/**
 * The U-Net's encoder on one backend.
 *
 * @throws DeviceError when WebGPU is asked for and there is no adapter
 */
export async function encoderAgreement(core: Core, backend: "webgpu" | "wasm"): Promise<Agreement> {
  const { baseWidth, side, pooled } = VECTORS.encoder;
  const size = { height: side, width: side };
  const tensors = new Map<string, { shape: number[]; data: Float32Array }>();
  for (let k = 0; k < 10; k++) {
    const co = baseWidth * 2 ** (k >> 1);
    const ci = k === 0 ? 1 : k % 2 === 0 ? co / 2 : co;
    const name = `encoder.${k >> 1}.conv${(k % 2) + 1}`;
    tensors.set(`${name}.weight`, { shape: [co, ci, 3, 3], data: formula(2 * k, co * ci * 9, Math.sqrt(6 / (9 * ci))) });
    tensors.set(`${name}.bias`, { shape: [co], data: formula(2 * k + 1, co, 0.1) });
  }
  const architecture = { baseWidth, inChannels: 1, classes: 2, activation: "elu" as const };
  const encoder = await createSliceEncoder(core, { architecture, metadata: {}, tensors, parts: "encoder" }, size, backend, 1);
  try {
    const input = formula(4095, side * side, 1).map((v) => (v + 1) / 2);
    const values = await encoder.pooled({ data: input, count: 1, ...size });
    return agreementOf(`U-Net encoder, ${encoder.device}`, VECTORS.source.encoder, checksOf("pooled", values, pooled, 1e-5));
  } finally {
    encoder.destroy();
  }
}

/** Numbers that every language can make: bound * (2u - 1) with u an integer hash of the stream and the index, over 2^32. */
function formula(stream: number, length: number, bound: number): Float32Array {
  return Float32Array.from({ length }, (_, n) => {
    let h = Math.imul(stream * 1048576 + n + 1, 0x9e3779b1);
    h ^= h >>> 15;
    h = Math.imul(h, 0x85ebca77);
    h ^= h >>> 13;
    return bound * ((2 * (h >>> 0)) / 4294967296 - 1);
  });
}
