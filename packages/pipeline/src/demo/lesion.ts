// The shape of a generated lesion: a union of balls whose border wanders.
import { randomNormal, type Random } from "../random.ts";
import type { Triple } from "../volume.ts";

/** A ball: its centre (z, y, x) and radius, mm. */
export interface Ball {
  readonly centre: Triple;
  readonly radius: number;
}

/** The three shapes that readers tell apart. */
export type LesionShape = "round" | "lobulated" | "confluent";

/** How far balls may be drawn out along z. */
const STRETCH = { low: 0.85, high: 1.15 };

/**
 * The balls of a lesion around (0, 0, 0) whose largest axial diameter is the one wanted.
 *
 * Round: two balls that nearly coincide; lobulated: a ball with nodules that reach out of it; confluent: several that run into each other.
 *
 * @param diameterMm  largest diameter on any axial slice, mm
 * @returns           the balls, and by how much z is to be divided before a distance to them is taken
 */
export function lesionBalls(
  random: Random,
  shape: LesionShape,
  diameterMm: number,
): { readonly balls: readonly Ball[]; readonly stretch: number } {
  const between = (low: number, high: number) => low + (high - low) * random();
  const away = (distance: number): Triple => {
    const v = [0.7 * randomNormal(random), randomNormal(random), randomNormal(random)] as const;
    const length = Math.sqrt(v[0] ** 2 + v[1] ** 2 + v[2] ** 2) / distance;
    return [v[0] / length, v[1] / length, v[2] / length];
  };
  const main: Ball = { centre: [0, 0, 0], radius: 1 };
  const more = {
    round: () => [{ centre: away(between(0.05, 0.3)), radius: 0.95 }],
    lobulated: () => [0, 1].map(() => ({ centre: away(between(0.8, 1)), radius: between(0.4, 0.6) })),
    confluent: () => [0, 1, 2].map(() => ({ centre: away(between(0.8, 1.1)), radius: between(0.65, 0.95) })),
  }[shape]();
  const balls = [main, ...more];
  const scale = diameterMm / axialDiameter(balls);
  const middle = centreOf(balls);
  return {
    balls: balls.map(({ centre, radius }) => ({
      centre: [(centre[0] - middle[0]) * scale, (centre[1] - middle[1]) * scale, (centre[2] - middle[2]) * scale] as const,
      radius: radius * scale,
    })),
    stretch: between(STRETCH.low, STRETCH.high),
  };
}

/** The largest diameter of a union of balls on any plane of constant z: between the far sides of two discs. */
function axialDiameter(balls: readonly Ball[]): number {
  const low = Math.min(...balls.map((b) => b.centre[0] - b.radius));
  const high = Math.max(...balls.map((b) => b.centre[0] + b.radius));
  let widest = 0;
  for (let step = 0; step <= 200; step++) {
    const z = low + ((high - low) * step) / 200;
    const discs = balls.flatMap(({ centre, radius }) => {
      const r2 = radius ** 2 - (z - centre[0]) ** 2;
      return r2 > 0 ? [{ y: centre[1], x: centre[2], r: Math.sqrt(r2) }] : [];
    });
    for (const a of discs) for (const b of discs) widest = Math.max(widest, Math.hypot(a.y - b.y, a.x - b.x) + a.r + b.r);
  }
  return widest;
}

/** The middle of the box around balls. */
function centreOf(balls: readonly Ball[]): Triple {
  const middle = (axis: 0 | 1 | 2) =>
    (Math.min(...balls.map((b) => b.centre[axis] - b.radius)) + Math.max(...balls.map((b) => b.centre[axis] + b.radius))) / 2;
  return [middle(0), middle(1), middle(2)];
}

/** How far the balls reach from (0, 0, 0) along an axis, mm. */
export function reachOf(balls: readonly Ball[], axis: 0 | 1 | 2): number {
  return Math.max(...balls.map((b) => Math.abs(b.centre[axis]) + b.radius));
}
