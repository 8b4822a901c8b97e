// What lies around and in a generated lesion: an organ, vessels, fat, nodes, and the lesion with what it holds. Positions (z, y, x), mm, the lesion at (0, 0, 0).
import { randomFor, randomNormal } from "../random.ts";
import type { Triple } from "../volume.ts";
import { enhancementOf, type Enhancement, type PhaseHu } from "./enhancement.ts";
import { lesionBalls, reachOf, type Ball, type LesionShape } from "./lesion.ts";
import type { DemoPatient, DemoSettings } from "./roster.ts";
import { smoothField, type SmoothField } from "./texture.ts";

/** A surface: the signed distance to it (negative inside), mm, and whether a row along x at (z, y) may come near what it encloses. */
interface Surface {
  readonly distance: (z: number, y: number, x: number) => number;
  readonly meets: (z: number, y: number) => boolean;
}

/** A body of one kind of tissue. */
export interface Body extends Surface {
  readonly hu: PhaseHu;
}

/** How near a row must come to a surface to be drawn with it, mm: more than any edge is soft or surface wanders. */
const NEAR_MM = 4;

/** Bodies along x are followed this far from the lesion, mm. */
const FAR_MM = 60;

/** Everything that is drawn of a patient; what comes later covers what came before. */
export interface Scene {
  readonly enhancement: Enhancement;
  /** Fat between the organs, HU, the same in every phase. */
  readonly fatHu: number;
  readonly around: readonly Body[];
  readonly organ: Body;
  /** Tissue's unevenness, and how much its surface wanders, mm. */
  readonly organTexture: SmoothField;
  readonly organContour: SmoothField;
  /** Ducts and vessels within the organ. */
  readonly within: readonly Body[];
  readonly lesion: {
    readonly balls: readonly Ball[];
    readonly stretch: number;
    readonly texture: SmoothField;
    readonly contour: SmoothField;
    /** Standard deviation of the solid part in the arterial phase, HU: where the recurrence shows. */
    readonly patchinessHu: number;
    /** The solid part fades into its surroundings over this, mm. */
    readonly borderMm: number;
    /** How far the surface wanders inwards, mm. */
    readonly wanderMm: number;
    readonly inside: readonly Body[];
    /** Half-extents of the box that holds it, (z, y, x), mm. */
    readonly reach: Triple;
  };
}

/** The patchiness of lesions, HU: its mean without a recurrence, what a recurrence adds at signal 1, and its standard deviation between patients. */
const PATCHINESS = { mean: 14, recurrence: 30, sd: 8, least: 2 };

/** Largest axial diameters, mm: below 20 mm between the first two, else from the third up to the fourth, small ones oftener. */
const DIAMETERS = { small: [9, 18.5], large: [22.5, 44] } as const;

const WATER: PhaseHu = { unenhanced: 12, arterial: 14, venous: 15 };
const CALCIUM: PhaseHu = { unenhanced: 320, arterial: 320, venous: 320 };

/** Makes the scene of a patient; the findings of its table decide what is in it. */
export function sceneOf(settings: Pick<DemoSettings, "seed" | "signal">, patient: DemoPatient): Scene {
  const random = randomFor(settings.seed, "demo", "scene", patient.id);
  const between = (low: number, high: number) => low + (high - low) * random();
  const { categories, numbers, outcome } = patient;
  const enhancement = enhancementOf(settings, patient);
  const isUnclear = categories.boundary === "unclear";

  const u = random();
  const { small, large } = DIAMETERS;
  const diameter = categories.max_diameter === "<20mm" ? small[0] + (small[1] - small[0]) * u : large[0] + (large[1] - large[0]) * u ** 2.5;
  const { balls, stretch } = lesionBalls(random, categories.shape as LesionShape, diameter);
  const reach: Triple = [reachOf(balls, 0) * stretch, reachOf(balls, 1), reachOf(balls, 2)];

  // The organ: a bent tube along x, thicker towards the head, which ends where the tail does.
  const isHead = categories.location === "uncinate" || categories.location === "head_neck";
  const isTail = categories.location === "tail";
  const radius = (isHead ? between(13, 16) : between(9, 12)) * (categories.atrophy === "yes" ? 0.7 : 1);
  const [off, tilt] = [[between(-0.4, 0.4) * radius, between(-0.5, 0.3) * radius] as const, between(-0.25, 0.25)];
  const bend = { y: between(3, 7) / 800, z: between(2, 5) / 22 };
  // Polynomials of x, since they are asked for at every voxel: a parabola, and a cubic that swings up and back.
  const lineY = (x: number) => off[1] + x * (tilt - bend.y * x);
  const lineZ = (x: number) => off[0] + bend.z * x * (1 - (x * x) / 2904);
  const along = Array.from({ length: 2 * FAR_MM + 1 }, (_, i) => i - FAR_MM);
  const [ys, zs] = [along.map(lineY), along.map(lineZ)];
  const [lowY, highY, lowZ, highZ] = [Math.min(...ys), Math.max(...ys), Math.min(...zs), Math.max(...zs)];
  const tube = (r: number, end = Number.POSITIVE_INFINITY, dy = 0, dz = 0): Surface => ({
    distance(z, y, x) {
      const [a, b] = [y - lineY(x) - dy, z - lineZ(x) - dz];
      return Math.max(Math.sqrt(a * a + b * b) - r, x - end);
    },
    meets: (z, y) =>
      y - dy > lowY - r - NEAR_MM && y - dy < highY + r + NEAR_MM && z - dz > lowZ - r - NEAR_MM && z - dz < highZ + r + NEAR_MM,
  });
  const alongZ = (r: number, y0: number, x0: number): Surface => ({
    distance: (_, y, x) => Math.sqrt((y - y0) * (y - y0) + (x - x0) * (x - x0)) - r,
    meets: (_, y) => Math.abs(y - y0) < r + NEAR_MM,
  });

  // The splenic vein runs behind the organ; where a vessel is involved the lesion sits on it and narrows it.
  const splenic = Math.min(7, Math.max(1.5, numbers.splenic_vein / 2));
  const behind = categories.vessel_involvement === "yes" ? 0.75 * reach[1] : Math.max(radius - off[1], reach[1]) + splenic + between(1, 3);
  const portal = Math.min(12, Math.max(4, numbers.portal_vein / 2));
  const beside = reach[2] + portal + between(2, 5);
  const aortaAt = Math.max(behind + splenic, radius) + between(11, 14);
  const around: Body[] = [
    { hu: enhancement.aorta, ...alongZ(between(8, 10), aortaAt, between(-12, 4)) },
    { hu: enhancement.aorta, ...alongZ(3.5, aortaAt - between(14, 16), between(-6, 6)) },
    ...(isTail ? [{ hu: enhancement.spleen, ...ball([0, 6, Math.max(28, reach[2] + 16)], 14) }] : []),
    { hu: enhancement.vein, ...tube(splenic, Number.POSITIVE_INFINITY, behind - off[1], -off[0]) },
    ...nodes(categories.node_morphology, categories.node_enhancement),
  ];
  const duct = categories.duct_dilated_or_cut === "yes" ? between(1.8, 3) : between(0.6, 1);
  const within: Body[] = [
    { hu: WATER, ...tube(duct, isTail ? 12 : Number.POSITIVE_INFINITY) },
    ...(isHead ? [{ hu: enhancement.vein, ...alongZ(portal, 0.5 * behind, beside) }] : []),
  ];

  const inside: Body[] = [];
  const largest = balls[0]!;
  const somewhere = (share: number): Triple => {
    const { centre, radius: r } = largest;
    return [
      centre[0] * stretch + share * r * between(-1, 1),
      centre[1] + share * r * between(-1, 1),
      centre[2] + share * r * between(-1, 1),
    ];
  };
  if (categories.property === "cystic") inside.push({ hu: WATER, ...ball(scaled(largest.centre, stretch), 0.8 * largest.radius) });
  if (categories.property === "mixed")
    for (let i = 0; i < 3; i++) inside.push({ hu: WATER, ...ball(somewhere(0.45), between(0.18, 0.32) * largest.radius) });
  if (categories.calcification === "yes")
    for (let i = 0; i < 2; i++) inside.push({ hu: CALCIUM, ...ball(somewhere(0.5), between(0.7, 1.3)) });

  const { mean, recurrence, sd, least } = PATCHINESS;
  return {
    enhancement,
    fatHu: -100 + 5 * randomNormal(random),
    around,
    organ: { hu: enhancement.parenchyma, ...tube(radius, isTail ? reach[2] + 6 : Number.POSITIVE_INFINITY) },
    organTexture: smoothField(random, 9, 6),
    organContour: smoothField(random, 12, 6),
    within,
    lesion: {
      balls,
      stretch,
      texture: smoothField(random, 5, 16),
      contour: smoothField(random, 6),
      patchinessHu: Math.max(least, mean + recurrence * settings.signal * outcome + sd * randomNormal(random)),
      borderMm: isUnclear ? between(3, 5) : between(0.5, 1.2),
      wanderMm: (isUnclear ? 0.08 : 0.03) * (diameter / 2),
      inside,
      reach,
    },
  };

  /** Lymph nodes in the fat in front: one of normal size, one of 10 mm or more, or several that have grown together; dark inside where they enhance unevenly. */
  function nodes(morphology: string, pattern: string): Body[] {
    const r = morphology === "normal" ? between(2, 3.5) : between(5.2, 7);
    const at: Triple = [between(-6, 6), -(Math.max(radius - off[1], reach[1]) + r + between(2, 4)), between(-14, 14)];
    const all: Ball[] = [{ centre: at, radius: r }];
    if (morphology === "confluent")
      for (const side of [-1, 1]) all.push({ centre: [at[0] + side, at[1], at[2] + side * 1.5 * r], radius: 0.9 * r });
    return all.flatMap(({ centre, radius: size }) => [
      { hu: enhancement.node, ...ball(centre, size) },
      ...(pattern === "heterogeneous" ? [{ hu: WATER, ...ball(centre, 0.5 * size) }] : []),
    ]);
  }
}

const scaled = ([z, y, x]: Triple, stretch: number): Triple => [z * stretch, y, x];

/** The surface of a ball. */
function ball([cz, cy, cx]: Triple, radius: number): Surface {
  return {
    distance: (z, y, x) => Math.sqrt((z - cz) * (z - cz) + (y - cy) * (y - cy) + (x - cx) * (x - cx)) - radius,
    meets: (z, y) => Math.abs(z - cz) < radius + NEAR_MM && Math.abs(y - cy) < radius + NEAR_MM,
  };
}

/** The signed distance to the union of a lesion's balls, before its surface wanders, mm. */
export function lesionDistance({ balls, stretch }: Scene["lesion"], z: number, y: number, x: number): number {
  const zz = z / stretch;
  let nearest = Number.POSITIVE_INFINITY;
  for (const { centre, radius } of balls) {
    const d = Math.sqrt((zz - centre[0]) ** 2 + (y - centre[1]) ** 2 + (x - centre[2]) ** 2) - radius;
    if (d < nearest) nearest = d;
  }
  return nearest;
}
