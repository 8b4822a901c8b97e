// Smooth random fields: what tissue looks like between its mean and the scanner's noise.
import { randomNormal, type Random } from "../random.ts";

/** A smooth field over space, about 0 with about unit variance. */
export interface SmoothField {
  /** The field at positions (z, y, x0 + i dx), mm, i = 0 .. out.length-1. */
  row(z: number, y: number, x0: number, dx: number, out: Float64Array): void;
}

/**
 * A sum of plane waves of one wavelength in random directions.
 *
 *   f(p) = sqrt(2 / n) * sum over waves of cos(k . p + phase),   |k| = 2 pi / wavelength
 *
 * @param waves  how many; the more, the nearer to a Gaussian field
 */
export function smoothField(random: Random, wavelengthMm: number, waves = 10): SmoothField {
  const all = Array.from({ length: waves }, () => {
    const k = [randomNormal(random), randomNormal(random), randomNormal(random)] as const;
    const scale = (2 * Math.PI) / wavelengthMm / Math.sqrt(k[0] ** 2 + k[1] ** 2 + k[2] ** 2);
    return { kz: k[0] * scale, ky: k[1] * scale, kx: k[2] * scale, phase: 2 * Math.PI * random() };
  });
  const amplitude = Math.sqrt(2 / waves);
  return {
    row(z, y, x0, dx, out) {
      out.fill(0);
      for (const { kz, ky, kx, phase } of all) {
        // Along a row a wave turns by the same angle at each step.
        const start = kz * z + ky * y + kx * x0 + phase;
        let c = amplitude * Math.cos(start);
        let s = amplitude * Math.sin(start);
        const [dc, ds] = [Math.cos(kx * dx), Math.sin(kx * dx)];
        for (let i = 0; i < out.length; i++) {
          out[i]! += c;
          const turned = c * dc - s * ds;
          s = c * ds + s * dc;
          c = turned;
        }
      }
    },
  };
}
