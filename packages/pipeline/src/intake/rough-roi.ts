// The reader's rough annotation, islet-rough-roi/1: one quadrilateral on the top, the largest and the bottom slice.
import { z } from "zod";
import { IntakeError } from "../errors.ts";
import type { Triple } from "../volume.ts";

/** A corner (x, y, z), mm. */
export type Corner = readonly [x: number, y: number, z: number];

/** The three slices a reader draws on. */
export type Role = "top" | "largest" | "bottom";

/** An annotation as its file has it, always in LPS once it is read; it can be written back as it is. */
export interface RoughRoi {
  readonly format: "islet-rough-roi/1";
  /** The image that it was drawn on, as its author names it. */
  readonly image: string;
  readonly coordinateSystem: "LPS";
  readonly unit: "mm";
  readonly annotator?: string;
  readonly slices: readonly { readonly role: Role; readonly corners: readonly [Corner, Corner, Corner, Corner] }[];
}

/** Corners of one quadrilateral may be this far from a common plane, mm: what rounding and a careless click leave. */
const PLANE_TOLERANCE_MM = 1;

const roles = ["top", "largest", "bottom"] as const;

const corner = z.tuple([z.number(), z.number(), z.number()], "corners are three numbers, [x, y, z] in mm");
const fileSchema = z.object({
  format: z.literal("islet-rough-roi/1", 'format must be "islet-rough-roi/1"'),
  image: z.string("image must be a text, the name of the image").default(""),
  coordinateSystem: z.enum(["LPS", "RAS"], 'coordinateSystem must be "LPS" or "RAS"'),
  unit: z.literal("mm", 'unit must be "mm"'),
  annotator: z.string("annotator must be a text").optional(),
  slices: z.array(
    z.object({
      role: z.enum(roles, 'role must be "top", "largest" or "bottom"'),
      corners: z.array(corner, "corners must be a list of four"),
    }),
    "slices must be a list of three",
  ),
});

/**
 * Reads a rough annotation.
 *
 * @param text  JSON
 * @param file  for messages
 * @returns the annotation in LPS
 * @throws IntakeError naming the slice and the way out: not JSON, a wrong or missing field, a role that is not there once,
 *   a quadrilateral without four corners, not flat, without area or crossing itself, a top below the bottom
 */
export function parseRoughRoi(text: string, file: string): RoughRoi {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new IntakeError(file, "is not JSON, expected a rough annotation (islet-rough-roi/1); save it again", { cause });
  }
  const parsed = fileSchema.safeParse(json);
  if (!parsed.success) {
    const { message, path } = parsed.error.issues[0]!;
    const where = path.length > 0 ? ` at ${path.join(".")}` : "";
    throw new IntakeError(
      file,
      `is not a rough annotation (islet-rough-roi/1): ${path.length > 0 ? message : "expected one JSON object"}${where}; compare it with what "islet roi simulate" writes from a mask, or with the example in docs/intake.md`,
    );
  }
  const { slices, coordinateSystem, image, annotator } = parsed.data;
  for (const role of roles) {
    const found = slices.filter((slice) => slice.role === role).length;
    if (found !== 1)
      throw new IntakeError(
        file,
        `has ${found === 0 ? "no" : found} "${role}" ${found > 1 ? "slices" : "slice"}, expected one each of ${roles.join(", ")}; draw ${found === 0 ? "it" : "only one"}`,
      );
  }
  const flip = coordinateSystem === "RAS" ? -1 : 1;
  const drawn = slices.map(({ role, corners }) => {
    if (corners.length !== 4)
      throw new IntakeError(file, `its "${role}" slice has ${corners.length} corners, expected the 4 of a quadrilateral; draw it again`);
    // Adding 0 turns -0 into 0.
    const [a, b, c, d] = corners.map(([x, y, zz]): Corner => [x * flip + 0, y * flip + 0, zz]);
    const quadrilateral = [a!, b!, c!, d!] as const;
    const problem = problemOf(quadrilateral);
    if (problem) throw new IntakeError(file, `its "${role}" quadrilateral ${problem}`);
    return { role, corners: quadrilateral };
  });
  const level = (role: Role) => drawn.find((slice) => slice.role === role)!.corners.reduce((sum, [, , zz]) => sum + zz / 4, 0);
  if (level("top") < level("bottom") - PLANE_TOLERANCE_MM) {
    throw new IntakeError(
      file,
      `its "top" slice (z ${level("top").toFixed(1)} mm) lies below its "bottom" slice (z ${level("bottom").toFixed(1)} mm), expected the top to be the upper one; swap the roles, or check the sign of z`,
    );
  }
  return {
    format: "islet-rough-roi/1",
    image,
    coordinateSystem: "LPS",
    unit: "mm",
    ...(annotator !== undefined && { annotator }),
    slices: drawn,
  };
}

/** The corners of all slices as positions (z, y, x) in LPS, mm. */
export function cornersOf(rough: RoughRoi): Triple[] {
  return rough.slices.flatMap(({ corners }) => corners.map(([x, y, zz]): Triple => [zz, y, x]));
}

/** Why four corners, in the order they were drawn, are no quadrilateral on an axial slice; null when they are. */
export function problemOf(corners: readonly [Corner, Corner, Corner, Corner]): string | null {
  const [a, b, c, d] = corners;
  // The vector area of the quadrilateral: half the cross product of its diagonals, the normal of its plane.
  const [p, q] = [minus(c, a), minus(d, b)];
  const normal: Corner = [p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]];
  const length = Math.hypot(...normal);
  if (crosses(a, b, c, d) || crosses(b, c, d, a)) return "crosses itself, expected corners in order around it; draw it again";
  if (length < 1e-6) return "has no area, expected four corners around the tumour; draw it again";
  const heights = corners.map((point) => (normal[0] * point[0] + normal[1] * point[1] + normal[2] * point[2]) / length);
  const spread = Math.max(...heights) - Math.min(...heights);
  if (spread > PLANE_TOLERANCE_MM) {
    return `is not flat: its corners lie up to ${spread.toFixed(1)} mm from a common plane, expected one slice; draw it on a single axial slice`;
  }
  if (Math.abs(normal[2]) < length * Math.SQRT1_2)
    return "stands upright, expected an axial slice (x and y vary, z does not); draw it on an axial slice";
  return null;
}

const minus = (a: Corner, b: Corner): Corner => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];

/** Whether the sides a-b and c-d of the quadrilateral cross, seen from above. */
function crosses(a: Corner, b: Corner, c: Corner, d: Corner): boolean {
  const side = (p: Corner, q: Corner, r: Corner) => Math.sign((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]));
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}
