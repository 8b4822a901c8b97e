// Where NiiVue draws the three planes, and which positions they show.
import type { Niivue } from "@niivue/niivue";
import type { Triple } from "@islet/pipeline";
import { planeThrough, type Pixel, type PlaneMap } from "./plane-map.ts";

/** Which plane a tile shows. */
export type PlaneName = "axial" | "coronal" | "sagittal";

/** A tile of the picture: its plane, its place in CSS pixels, and the map between the two. */
export interface Tile {
  readonly plane: PlaneName;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly map: PlaneMap;
}

/** NiiVue's numbers for the planes. */
const PLANES: Readonly<Record<number, PlaneName>> = { 0: "axial", 1: "coronal", 2: "sagittal" };

/** Positions in NiiVue's own frame, (x, y, z) RAS, as ours: (z, y, x) LPS. */
const ours = (mm: ArrayLike<number>): Triple => [mm[2]!, -mm[1]!, -mm[0]!];

/** The tiles that the viewer drew last; empty until an image is shown. */
export function tilesOf(viewer: Niivue, dpr: number): Tile[] {
  if (viewer.volumes.length === 0) return [];
  return viewer.screenSlices.flatMap(({ axCorSag, leftTopWidthHeight }) => {
    const plane = PLANES[axCorSag];
    const [x, y, w, h] = leftTopWidthHeight as [number, number, number, number];
    const [left, width] = [Math.min(x, x + w), Math.abs(w)];
    const map = plane && calibrate(viewer, left, y, width, h, dpr);
    return map ? [{ plane, left: left / dpr, top: y / dpr, width: width / dpr, height: h / dpr, map }] : [];
  });
}

/** Where along a tile's sides NiiVue is asked what it shows; those that fall outside the image have no answer. */
const STEPS = [0.06, 0.22, 0.38, 0.5, 0.62, 0.78, 0.94];

/** A tile's map from three places, as far apart as the image allows. */
function calibrate(viewer: Niivue, left: number, top: number, width: number, height: number, dpr: number): PlaneMap | null {
  const known = STEPS.flatMap((down) =>
    STEPS.flatMap((across) => {
      const [u, v] = [left + across * width, top + down * height];
      const frac = viewer.canvasPos2frac([u, v]);
      return frac[0]! < 0 ? [] : [{ pixel: [u / dpr, v / dpr] as Pixel, position: ours(viewer.frac2mm(frac)) }];
    }),
  );
  const [a] = known;
  if (!a) return null;
  const b = known.findLast(({ pixel }) => pixel[1] === a.pixel[1] && pixel[0] !== a.pixel[0]);
  const c = known.findLast(({ pixel }) => pixel[0] === a.pixel[0] && pixel[1] !== a.pixel[1]);
  return b && c ? planeThrough([a.pixel, b.pixel, c.pixel], [a.position, b.position, c.position]) : null;
}

/** The position at the crosshair. */
export function crosshairOf(viewer: Niivue): Triple {
  return ours(viewer.frac2mm(viewer.scene.crosshairPos));
}

/** Moves the crosshair to a position. */
export function lookAt(viewer: Niivue, [z, y, x]: Triple): void {
  viewer.scene.crosshairPos = viewer.mm2frac([-x, -y, z]);
  viewer.drawScene();
}
