import { indexOf, type Geometry } from "@islet/pipeline";
import type { Picture } from "./viewer.tsx";

/** Moves through the axial slices by pointer and by keyboard, and says where one is. */
export function SliceSlider({ picture, geometry }: { readonly picture: Picture; readonly geometry: Geometry }) {
  const [nz] = geometry.shape;
  const [z, y, x] = picture.crosshair;
  const slice = Math.min(nz - 1, Math.max(0, Math.round(indexOf(geometry, picture.crosshair)[0])));
  return (
    <label className="slice-slider">
      <span>
        Slice {slice + 1} of {nz}
        <span className="wide-only"> · z {z.toFixed(1)} mm</span>
      </span>
      <input
        type="range"
        min={0}
        max={nz - 1}
        value={slice}
        onChange={(event) =>
          picture.lookAt([z + (event.target.valueAsNumber - slice) * geometry.spacing[0] * geometry.direction[0][0], y, x])
        }
      />
    </label>
  );
}
