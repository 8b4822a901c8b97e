// What the reader draws, as lines over the planes, and the pointer that draws it.
import type { Geometry, Triple } from "@islet/pipeline";
import { useState, type PointerEvent } from "react";
import { boxBetween, ontoSlice, ROLES, type Drawn, type Quadrilateral, type Role } from "./annotation.ts";
import type { Tile } from "./niivue-planes.ts";
import type { Pixel } from "./plane-map.ts";
import type { Picture } from "./viewer.tsx";

/** How a quadrilateral is drawn: by dragging from corner to corner, or by its four corners. */
export type Tool = "box" | "corners";

/** Shorter drags are a click that slipped, pixels. */
const SHORTEST_DRAG = 4;

/**
 * The layer over the picture. It takes the pointer only while a role is to be drawn, and only over the axial plane.
 *
 * @param role     which slice is being drawn; null while none is
 * @param onStart  called with the first press, when the clock of the drawing starts
 */
export function DrawingLayer({
  picture,
  geometry,
  drawn,
  role,
  tool,
  onStart,
  onDrawn,
}: {
  readonly picture: Picture;
  readonly geometry: Geometry;
  readonly drawn: Drawn;
  readonly role: Role | null;
  readonly tool: Tool;
  readonly onStart: () => void;
  readonly onDrawn: (role: Role, quadrilateral: Quadrilateral) => void;
}) {
  const [from, setFrom] = useState<Triple | null>(null);
  const [to, setTo] = useState<Triple | null>(null);
  const [corners, setCorners] = useState<readonly Triple[]>([]);
  const axial = picture.tiles.find(({ plane }) => plane === "axial");
  const half = geometry.spacing[0] / 2 + 1e-3;
  const clear = () => {
    setFrom(null);
    setTo(null);
    setCorners([]);
  };
  const at = (event: PointerEvent<SVGElement>): Triple => {
    const { left, top } = event.currentTarget.ownerSVGElement!.getBoundingClientRect();
    return axial!.map.toPatient([event.clientX - left, event.clientY - top]);
  };
  const press = (event: PointerEvent<SVGElement>) => {
    if (event.button !== 0 || role === null) return;
    onStart();
    const point = at(event);
    if (tool === "box") {
      event.currentTarget.setPointerCapture(event.pointerId);
      setFrom(point);
      setTo(point);
      return;
    }
    const next = [...corners, ontoSlice(geometry, point, corners[0] ?? point)];
    if (next.length < 4) return setCorners(next);
    clear();
    onDrawn(role, next as unknown as Quadrilateral);
  };
  const move = (event: PointerEvent<SVGElement>) => {
    if (from || corners.length > 0) setTo(at(event));
  };
  const release = (event: PointerEvent<SVGElement>) => {
    if (tool !== "box" || !from || role === null) return;
    const end = at(event);
    clear();
    const [[u0, v0], [u1, v1]] = [axial!.map.toPixel(from), axial!.map.toPixel(end)];
    if (Math.abs(u1 - u0) >= SHORTEST_DRAG && Math.abs(v1 - v0) >= SHORTEST_DRAG) onDrawn(role, boxBetween(geometry, from, end));
  };
  const unfinished = tool === "box" ? from && to && boxBetween(geometry, from, to) : corners.length > 0 && to ? [...corners, to] : null;

  return (
    <svg className="drawing" aria-hidden="true" data-drawing={role ?? ""}>
      {picture.tiles.map((tile) => (
        <Crosshair key={tile.plane} tile={tile} at={tile.map.toPixel(picture.crosshair)} />
      ))}
      {picture.tiles.map((tile) => (
        <g key={tile.plane}>
          {ROLES.flatMap((name) => {
            const quadrilateral = drawn[name];
            if (!quadrilateral || (name === role && unfinished)) return [];
            const isHere = tile.plane !== "axial" || tile.map.distance(quadrilateral[0]) <= half;
            return [<Outline key={name} tile={tile} points={quadrilateral} name={`role-${name}${isHere ? "" : " elsewhere"}`} />];
          })}
        </g>
      ))}
      {axial && unfinished && <Outline tile={axial} points={unfinished} name={`role-${role} unfinished`} isOpen={tool === "corners"} />}
      {axial && role !== null && (
        <rect
          className="pad"
          x={axial.left}
          y={axial.top}
          width={axial.width}
          height={axial.height}
          onPointerDown={press}
          onPointerMove={move}
          onPointerUp={release}
          onPointerCancel={clear}
          onWheel={(event) => picture.lookAt(stepped(picture.crosshair, geometry, event.deltaY < 0 ? 1 : -1))}
        />
      )}
    </svg>
  );
}

function stepped([z, y, x]: Triple, { spacing }: Geometry, slices: number): Triple {
  return [z + slices * spacing[0], y, x];
}

/** How much is left free around the crosshair's centre, pixels. */
const GAP = 10;

function Crosshair({ tile: { left, top, width, height }, at: [u, v] }: { readonly tile: Tile; readonly at: Pixel }) {
  const [right, bottom] = [left + width, top + height];
  if (u < left || u > right || v < top || v > bottom) return null;
  return (
    <path
      className="crosshair"
      d={`M${left} ${v}H${Math.max(left, u - GAP)}M${Math.min(right, u + GAP)} ${v}H${right}M${u} ${top}V${Math.max(top, v - GAP)}M${u} ${Math.min(bottom, v + GAP)}V${bottom}`}
    />
  );
}

function Outline({
  tile,
  points,
  name,
  isOpen = false,
}: {
  readonly tile: Tile;
  readonly points: readonly Triple[];
  readonly name: string;
  readonly isOpen?: boolean;
}) {
  const pixels = points
    .map((point) =>
      inside(tile, tile.map.toPixel(point))
        .map((v) => v.toFixed(1))
        .join(","),
    )
    .join(" ");
  return isOpen ? <polyline className={name} points={pixels} /> : <polygon className={name} points={pixels} />;
}

/** A pixel moved to the nearest one of the tile, so that nothing is drawn over a neighbour. */
function inside({ left, top, width, height }: Tile, [u, v]: Pixel): Pixel {
  return [Math.min(Math.max(u, left), left + width), Math.min(Math.max(v, top), top + height)];
}
