// A generated cohort to run without any data. It is synthetic, says so wherever it is named, and is no model of any disease.
import { randomFor, randomNormal, type Random } from "../random.ts";
import { AXIS_ALIGNED, voxelCount, type Geometry, type Mask, type Volume } from "../volume.ts";

/** One generated patient: two phases of an abdomen-like block with one lesion, and its mask. */
export interface PhantomPatient {
  readonly id: string;
  readonly cohort: "internal" | "external";
  readonly outcome: 0 | 1;
  readonly phases: Readonly<Record<PhantomPhase, Volume>>;
  readonly mask: Mask;
}

/** The two phases: early and late after contrast. */
export type PhantomPhase = "arterial" | "venous";

/** Mean HU of the parenchyma and of the lesion in each phase. */
const ENHANCEMENT: Record<PhantomPhase, { readonly organ: number; readonly lesion: number }> = {
  arterial: { organ: 95, lesion: 150 },
  venous: { organ: 110, lesion: 125 },
};

/** The planted signal: lesions with the outcome enhance less and less evenly. */
const SIGNAL = { enhancementHu: -35, patchinessHu: 15 };

/** How much lesions differ from patient to patient whatever their outcome: standard deviation of their enhancement and of their patchiness, HU. */
const VARIATION = { enhancementHu: 25, patchinessHu: 12 };

/** Who is in the cohort: 8 internal and 4 external patients, half with the outcome. */
export function phantomRoster(): { id: string; cohort: "internal" | "external"; outcome: 0 | 1 }[] {
  return Array.from({ length: 12 }, (_, i) => ({
    id: `PHANTOM_${String(i + 1).padStart(2, "0")}`,
    cohort: i < 8 ? ("internal" as const) : ("external" as const),
    outcome: (i % 2) as 0 | 1,
  }));
}

/**
 * Generates one patient.
 *
 * An organ-like block with smooth texture, fat around it, scanner noise (12 HU, 18 HU in the second "hospital") and an
 * ellipsoidal lesion of 7 to 12 mm semi-axes.
 *
 * @returns volumes of 26 x 88 x 88 voxels of 2.5 x 0.8 x 0.8 mm, whole HU
 */
export function phantomPatient(seed: number, { id, cohort, outcome }: ReturnType<typeof phantomRoster>[number]): PhantomPatient {
  const random = randomFor(seed, "phantom", id);
  const geometry: Geometry = { shape: [26, 88, 88], spacing: [2.5, 0.8, 0.8], origin: [-300, -20, -40], direction: AXIS_ALIGNED };
  const [nz, ny, nx] = geometry.shape;
  const between = (low: number, high: number) => low + (high - low) * random();
  const centre = [between(-4, 4), between(-6, 6), between(-6, 6)] as const;
  const radii = [between(7, 12), between(7, 12), between(7, 12)] as const;
  const organTexture = smoothField(random, 9);
  const lesionTexture = smoothField(random, 5);
  const lesionHu = outcome * SIGNAL.enhancementHu + VARIATION.enhancementHu * randomNormal(random);
  const patchinessHu = outcome * SIGNAL.patchinessHu + VARIATION.patchinessHu * Math.abs(randomNormal(random));
  const noiseHu = cohort === "internal" ? 12 : 18;

  const mask = new Uint8Array(voxelCount(geometry));
  const arterial = new Float32Array(voxelCount(geometry));
  const venous = new Float32Array(voxelCount(geometry));
  for (let z = 0, i = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++, i++) {
        const p = [(z - (nz - 1) / 2) * 2.5, (y - (ny - 1) / 2) * 0.8, (x - (nx - 1) / 2) * 0.8] as const;
        const lesion = Math.hypot((p[0] - centre[0]) / radii[0], (p[1] - centre[1]) / radii[1], (p[2] - centre[2]) / radii[2]) <= 1;
        const organ = Math.hypot(p[0] / 30, p[1] / 32, p[2] / 30) <= 1;
        mask[i] = lesion ? 1 : 0;
        for (const [phase, data] of [
          ["arterial", arterial],
          ["venous", venous],
        ] as const) {
          const mean = lesion
            ? ENHANCEMENT[phase].lesion + lesionHu + patchinessHu * lesionTexture(p)
            : organ
              ? ENHANCEMENT[phase].organ + 8 * organTexture(p)
              : -90;
          data[i] = Math.round(mean + noiseHu * randomNormal(random));
        }
      }
    }
  }
  return {
    id,
    cohort,
    outcome,
    phases: { arterial: { ...geometry, data: arterial }, venous: { ...geometry, data: venous } },
    mask: { ...geometry, data: mask },
  };
}

/** A smooth random field of about unit variance: a sum of plane waves of about one wavelength, mm. */
function smoothField(random: Random, wavelengthMm: number): (p: readonly [number, number, number]) => number {
  const waves = Array.from({ length: 12 }, () => {
    const k = [randomNormal(random), randomNormal(random), randomNormal(random)];
    const scale = (2 * Math.PI) / wavelengthMm / Math.hypot(...k);
    return { k: k.map((v) => v * scale), phase: 2 * Math.PI * random() };
  });
  return (p) =>
    waves.reduce((sum, { k, phase }) => sum + Math.cos(k[0]! * p[0] + k[1]! * p[1] + k[2]! * p[2] + phase), 0) *
    Math.sqrt(2 / waves.length);
}
