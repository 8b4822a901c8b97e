// From one vector a slice to one vector a patient.
import { kMeans, type Core } from "@islet/core-wasm";
import type { Random } from "../random.ts";

const CLUSTERS = 2;
const RESTARTS = 10;

/** A patient's vector and how many slices it stands on. */
export interface PatientVector {
  readonly features: Float64Array;
  readonly slices: number;
  readonly kept: number;
}

/**
 * The mean vector of the larger of two K-means clusters of slices.
 *
 * Slices near the tumour's ends and slices that the rough box adds look unlike its bulk; the larger cluster
 * is the bulk. Fewer than 3 slices: the plain mean. A tie in size goes to the cluster with the smaller mean
 * distance to its centre.
 *
 * @param vectors  (slices, channels), row-major
 * @param random   the stream for k-means++ (2 numbers a restart, 10 restarts)
 * @see Song et al. 2021, doi 10.21037/atm-21-25, "Deep learning radiomics"
 */
export function aggregateSlices(core: Core, vectors: Float32Array, slices: number, channels: number, random: Random): PatientVector {
  const members = bulkOfSlices(core, vectors, slices, channels, random);
  return { features: meanOf(vectors, channels, members), slices, kept: members.length };
}

/** The slices whose mean `aggregateSlices` takes, in rising order. */
export function bulkOfSlices(core: Core, vectors: Float32Array, slices: number, channels: number, random: Random): number[] {
  if (slices < 3) return [...Array(slices).keys()];
  const uniforms = Float64Array.from({ length: RESTARTS * CLUSTERS }, random);
  const { assignment, centres } = kMeans(core, vectors, slices, channels, CLUSTERS, RESTARTS, uniforms);
  const clusters = Array.from({ length: CLUSTERS }, (_, c) => {
    const members: number[] = [];
    for (let i = 0; i < slices; i++) if (assignment[i] === c) members.push(i);
    return { members, spread: meanDistance(vectors, channels, members, centres.subarray(c * channels, (c + 1) * channels)) };
  });
  const [larger] = clusters.sort((a, b) => b.members.length - a.members.length || a.spread - b.spread);
  return larger!.members;
}

/** The mean vector of some slices. */
export function meanOf(vectors: Float32Array, channels: number, members: readonly number[]): Float64Array {
  const mean = new Float64Array(channels);
  for (const i of members) for (let c = 0; c < channels; c++) mean[c]! += vectors[i * channels + c]!;
  return mean.map((sum) => sum / members.length);
}

function meanDistance(vectors: Float32Array, channels: number, members: readonly number[], centre: Float64Array): number {
  let total = 0;
  for (const i of members) {
    let squared = 0;
    for (let c = 0; c < channels; c++) squared += (vectors[i * channels + c]! - centre[c]!) ** 2;
    total += Math.sqrt(squared);
  }
  return members.length ? total / members.length : Infinity;
}
