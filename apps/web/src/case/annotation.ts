// The three quadrilaterals that a reader draws, and the file that they become.
import { indexOf, positionOf, type Geometry, type Triple } from "@islet/pipeline";

/** The three slices, in the order in which they are asked for. */
export const ROLES = ["top", "largest", "bottom"] as const;

/** One of the three slices. */
export type Role = (typeof ROLES)[number];

/** Four corners in order around a quadrilateral on one slice: positions (z, y, x), LPS, mm. */
export type Quadrilateral = readonly [Triple, Triple, Triple, Triple];

/** What has been drawn so far. */
export type Drawn = Readonly<Partial<Record<Role, Quadrilateral>>>;

/**
 * The box between two opposite corners, on the slice that is nearest to the first.
 *
 * @param a, b  positions on the shown plane; the sides follow the image's own axes
 */
export function boxBetween(geometry: Geometry, a: Triple, b: Triple): Quadrilateral {
  const [from, to] = [indexOf(geometry, a), indexOf(geometry, b)];
  const z = nearestSlice(geometry, from);
  const at = (y: number, x: number) => positionOf(geometry, [z, y, x]);
  return [at(from[1], from[2]), at(from[1], to[2]), at(to[1], to[2]), at(to[1], from[2])];
}

/** A position moved onto the slice of the first corner. */
export function ontoSlice(geometry: Geometry, point: Triple, first: Triple): Triple {
  const z = nearestSlice(geometry, indexOf(geometry, first));
  const [, y, x] = indexOf(geometry, point);
  return positionOf(geometry, [z, y, x]);
}

function nearestSlice({ shape }: Geometry, [z]: Triple): number {
  return Math.min(shape[0] - 1, Math.max(0, Math.round(z)));
}

/** The index of the slice that a quadrilateral lies on, 0 for the lowest. */
export function sliceOf(geometry: Geometry, [corner]: Quadrilateral): number {
  return nearestSlice(geometry, indexOf(geometry, corner));
}

/** The first role that is not drawn yet; null when all are. */
export function nextRole(drawn: Drawn): Role | null {
  return ROLES.find((role) => !drawn[role]) ?? null;
}

/**
 * The annotation as a file: islet-rough-roi/1, corners in LPS to a hundredth of a millimetre.
 *
 * @param seconds  how long drawing took; null where it was not timed. A reader's own note, beside the format's keys
 * @returns null until all three are drawn
 */
export function annotationText(drawn: Drawn, seconds: number | null): string | null {
  const slices = ROLES.flatMap((role) => {
    const corners = drawn[role];
    return corners ? [{ role, corners: corners.map(([z, y, x]) => [x, y, z].map((v) => Math.round(v * 100) / 100 + 0)) }] : [];
  });
  if (slices.length < ROLES.length) return null;
  const annotator = seconds === null ? {} : { annotator: `drawn in the browser in ${Math.round(seconds)} s` };
  const annotation = { format: "islet-rough-roi/1", image: "scan", coordinateSystem: "LPS", unit: "mm", ...annotator, slices };
  return `${JSON.stringify(annotation, null, 2)}\n`;
}

/** What an annotation that was read holds, as if it had been drawn here. */
export function drawnOf(rough: {
  readonly slices: readonly { readonly role: Role; readonly corners: readonly (readonly [number, number, number])[] }[];
}): Drawn {
  return Object.fromEntries(
    rough.slices.map(({ role, corners }) => [role, corners.map(([x, y, z]): Triple => [z, y, x])]),
  ) as unknown as Drawn;
}
