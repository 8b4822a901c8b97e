// A scanner in front of a scene: slices, kernel and noise of the two hospitals.
import { randomFor, type Random } from "../random.ts";
import { AXIS_ALIGNED, voxelCount, type Geometry, type Mask, type Volume } from "../volume.ts";
import type { DemoPhase } from "./enhancement.ts";
import type { DemoPatient, DemoSettings } from "./roster.ts";
import { lesionDistance, sceneOf, type Body, type Scene } from "./scene.ts";

/** How a hospital scans; lengths in mm. */
interface Scanner {
  /** Distance between slices. */
  readonly intervalMm: number;
  /** Slice thickness / interval: thicker slices overlap. */
  readonly overlap: number;
  /** Pixels between these, in steps of 1/64 mm so that every format holds them exactly. */
  readonly pixelMm: readonly [number, number];
  /** Standard deviation of a slice at 120 kVp, HU. */
  readonly noiseHu: number;
  /** The reconstruction kernel: standard deviation of its blur in the plane, pixels, which makes noise grainy. */
  readonly grainPixels: number;
  /** The kernel's edge: half the width over which two tissues mix, mm. */
  readonly edgeMm: number;
}

/**
 * Geometry as the paper gives it: 0.5 mm slices every 0.5 mm, and 2 mm slices every 1 mm. Pixels, noise and kernels are ours: thin slices are noisier, the
 * other hospital's kernel is smoother.
 *
 * @see Song et al. 2021, CT image acquisition
 */
const SCANNERS: Record<DemoPatient["cohort"], Scanner> = {
  internal: { intervalMm: 0.5, overlap: 1, pixelMm: [0.6875, 0.8125], noiseHu: 18, grainPixels: 0.6, edgeMm: 0.5 },
  external: { intervalMm: 1, overlap: 2, pixelMm: [0.71875, 0.875], noiseHu: 13, grainPixels: 0.9, edgeMm: 0.8 },
};

/** The slice thickness of a hospital's scans, mm. */
export function sliceThicknessMm(cohort: DemoPatient["cohort"]): number {
  return SCANNERS[cohort].intervalMm * SCANNERS[cohort].overlap;
}

/** Noise at other voltages relative to 120 kVp, approximately. */
const NOISE_AT: Readonly<Record<number, number>> = { 100: 1.2, 120: 1, 140: 0.9 };

/** How much of a lesion's patchiness shows in a phase: the later, the more even. */
const PATCHES_IN: Readonly<Record<DemoPhase, number>> = { arterial: 1, venous: 0.5 };

/** What is seen around a lesion: in the plane at least this far from its centre and beyond its edge, and above and below it, mm. */
const FIELD = { least: 28, beyond: 10, above: 7 };

/** One phase of a generated patient, and its fine mask. */
export interface DemoScan {
  readonly volume: Volume;
  readonly mask: Mask;
}

/**
 * Scans one phase of a patient.
 *
 * The volume is a block of an abdomen around the lesion, in whole HU; each phase is held in another breath, so its lesion lies up to 3 mm from the
 * other's. The same settings, patient and phase give the same voxels.
 */
export function scanPatient(settings: Pick<DemoSettings, "seed" | "signal">, patient: DemoPatient, phase: DemoPhase): DemoScan {
  const scene = sceneOf(settings, patient);
  const scanner = SCANNERS[patient.cohort];
  const place = randomFor(settings.seed, "demo", "place", patient.id);
  const quarter = (low: number, high: number) => Math.round(4 * (low + (high - low) * place())) / 4;
  const [least, most] = scanner.pixelMm;
  const pixel = least + Math.round(64 * (most - least) * place()) / 64;
  const centre = [quarter(-260, -140), quarter(-120, -60), quarter(-60, 60)] as const;
  const breath = randomFor(settings.seed, "demo", "breath", patient.id, phase);
  const shift = [6 * breath() - 3, 2 * breath() - 1, 2 * breath() - 1] as const;

  const { reach } = scene.lesion;
  const half = Math.max(FIELD.least, Math.max(reach[1], reach[2]) + FIELD.beyond);
  const n = 2 * Math.ceil(half / pixel);
  const nz = 2 * Math.ceil((reach[0] + FIELD.above) / scanner.intervalMm);
  const spacing = [scanner.intervalMm, pixel, pixel] as const;
  const first = [-((nz - 1) / 2) * spacing[0], -((n - 1) / 2) * pixel, -((n - 1) / 2) * pixel] as const;
  const geometry: Geometry = {
    shape: [nz, n, n],
    spacing,
    origin: [centre[0] + first[0], centre[1] + first[1], centre[2] + first[2]],
    direction: AXIS_ALIGNED,
  };

  const volume = new Float32Array(voxelCount(geometry));
  const mask = new Uint8Array(voxelCount(geometry));
  const random = randomFor(settings.seed, "demo", "noise", patient.id, phase);
  // A slice is the mean of its sub-slices, each noisier by the square root of their number.
  const { overlap } = scanner;
  const noise = scanner.noiseHu * NOISE_AT[scene.enhancement.kvp]! * Math.sqrt(overlap);
  const layers: Float32Array[] = [];
  for (let k = 0; k < nz; k++) {
    for (let s = layers.length; s < k + overlap; s++) {
      const z = first[0] + (s - (overlap - 1) / 2) * spacing[0] - shift[0];
      const layer = grain(random, n, scanner.grainPixels, noise);
      drawLayer(scene, phase, scanner.edgeMm, { z, y: first[1] - shift[1], x: first[2] - shift[2], pixel, n }, layer);
      layers.push(layer);
    }
    const [from, to] = [k * n * n, (k + 1) * n * n];
    const slice = volume.subarray(from, to);
    for (const layer of layers.slice(k, k + overlap)) for (let i = 0; i < slice.length; i++) slice[i]! += layer[i]!;
    for (let i = 0; i < slice.length; i++) slice[i] = Math.round(slice[i]! / overlap);
    outline(
      scene,
      { z: first[0] + k * spacing[0] - shift[0], y: first[1] - shift[1], x: first[2] - shift[2], pixel, n },
      mask.subarray(from, to),
    );
  }
  return { volume: { ...geometry, data: volume }, mask: { ...geometry, data: mask } };
}

/** Where a square layer lies: its height, the position of its first pixel, the pixel's size, and how many there are along a side; mm. */
interface Layer {
  readonly z: number;
  readonly y: number;
  readonly x: number;
  readonly pixel: number;
  readonly n: number;
}

/** Adds a scene at one height to a layer. */
function drawLayer(scene: Scene, phase: DemoPhase, edgeMm: number, { z, y: y0, x: x0, pixel, n }: Layer, out: Float32Array): void {
  const { lesion } = scene;
  const texture = new Float64Array(n);
  const contour = new Float64Array(n);
  const patches = new Float64Array(n);
  const border = new Float64Array(n);
  const lesionHu = scene.enhancement.lesion[phase];
  const edge = Math.max(edgeMm, lesion.borderMm);
  const cover = (under: number, { hu, distance }: Body, y: number, x: number, wander = 0): number => {
    const share = insideShare(distance(z, y, x) + wander, edgeMm);
    return under + share * (hu[phase] - under);
  };
  for (let r = 0; r < n; r++) {
    const y = y0 + r * pixel;
    scene.organTexture.row(z, y, x0, pixel, texture);
    scene.organContour.row(z, y, x0, pixel, contour);
    const meetsLesion = Math.abs(z) < lesion.reach[0] + edge && Math.abs(y) < lesion.reach[1] + edge;
    if (meetsLesion) {
      lesion.texture.row(z, y, x0, pixel, patches);
      lesion.contour.row(z, y, x0, pixel, border);
    }
    const [around, within] = [scene.around, scene.within].map((bodies) => bodies.filter((body) => body.meets(z, y))) as [Body[], Body[]];
    const meetsOrgan = scene.organ.meets(z, y);
    for (let c = 0; c < n; c++) {
      const x = x0 + c * pixel;
      let hu = scene.fatHu + 5 * texture[c]!;
      for (const body of around) hu = cover(hu, body, y, x);
      if (meetsOrgan) hu = cover(hu, scene.organ, y, x, 1.2 * contour[c]!);
      for (const body of within) hu = cover(hu, body, y, x);
      if (meetsLesion) {
        const share = insideShare(lesionDistance(lesion, z, y, x) + wandered(lesion, border[c]!), edge);
        if (share > 0) {
          let solid = lesionHu + PATCHES_IN[phase] * lesion.patchinessHu * patches[c]!;
          for (const body of lesion.inside) solid = cover(solid, body, y, x);
          hu += share * (solid - hu);
        }
      }
      out[r * n + c]! += hu + 4 * texture[c]!;
    }
  }
}

/** Marks the voxels whose centre lies in the lesion. */
function outline({ lesion }: Scene, { z, y: y0, x: x0, pixel, n }: Layer, out: Uint8Array): void {
  if (Math.abs(z) >= lesion.reach[0]) return;
  const border = new Float64Array(n);
  for (let r = 0; r < n; r++) {
    const y = y0 + r * pixel;
    if (Math.abs(y) >= lesion.reach[1]) continue;
    lesion.contour.row(z, y, x0, pixel, border);
    for (let c = 0; c < n; c++) if (lesionDistance(lesion, z, y, x0 + c * pixel) + wandered(lesion, border[c]!) <= 0) out[r * n + c] = 1;
  }
}

/** How far the surface lies inside its balls where the field of its border is f: 0 to wanderMm, mm. */
function wandered({ wanderMm }: Scene["lesion"], f: number): number {
  return wanderMm * Math.min(1, Math.max(0, 0.5 + 0.4 * f));
}

/** The part of a voxel that lies inside a surface at a signed distance, where tissues mix over twice the edge. */
function insideShare(distance: number, edge: number): number {
  return distance >= edge ? 0 : distance <= -edge ? 1 : 0.5 - distance / (2 * edge);
}

/** A square of noise with a standard deviation, made grainy by a Gaussian kernel in rows and columns. */
function grain(random: Random, n: number, sigmaPixels: number, sd: number): Float32Array {
  const reach = Math.ceil(2 * sigmaPixels);
  const taps = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-((i - reach) ** 2) / (2 * sigmaPixels ** 2)));
  const norm = Math.sqrt(taps.reduce((sum, w) => sum + w * w, 0));
  const kernel = taps.map((w) => w / norm);
  const wide = n + 2 * reach;
  const white = new Float32Array(wide * wide);
  // Box and Muller's pairs, both of them: this is where most of a scan's time would go.
  for (let i = 0; i + 1 < white.length; i += 2) {
    const [radius, angle] = [Math.sqrt(-2 * Math.log(1 - random())), 2 * Math.PI * random()];
    white[i] = radius * Math.cos(angle);
    white[i + 1] = radius * Math.sin(angle);
  }
  const rows = new Float32Array(wide * n);
  for (let r = 0; r < wide; r++)
    for (let c = 0; c < n; c++) {
      let sum = 0;
      for (let t = 0; t < kernel.length; t++) sum += kernel[t]! * white[r * wide + c + t]!;
      rows[r * n + c] = sum;
    }
  const out = new Float32Array(n * n);
  for (let r = 0; r < n; r++)
    for (let c = 0; c < n; c++) {
      let sum = 0;
      for (let t = 0; t < kernel.length; t++) sum += kernel[t]! * rows[(r + t) * n + c]!;
      out[r * n + c] = sd * sum;
    }
  return out;
}
