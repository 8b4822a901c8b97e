import type { Triple } from "@islet/pipeline";
import { useEffect, useEffectEvent, useMemo, useState } from "react";
import { DrawingLayer } from "./drawing-layer.tsx";
import { SliceSlider } from "./slice-slider.tsx";
import type { ScanDesk } from "./use-scan.ts";
import { Viewer, type Overlay, type Picture } from "./viewer.tsx";

const SHOWN = { none: "The scan alone", mask: "The mask", heat: "Where the risk comes from" } as const;
type ShownOver = keyof typeof SHOWN;

/** The planes of a scan with what lies over them: the reader's lines, and the mask or the risk's origin. */
export function ScanStage({
  desk,
  heat,
  isBusy,
}: {
  readonly desk: ScanDesk;
  readonly heat: Uint8Array<ArrayBuffer> | null;
  readonly isBusy: boolean;
}) {
  const { state, actions } = desk;
  const [picture, setPicture] = useState<Picture | null>(null);
  const [wanted, setWanted] = useState<ShownOver | null>(null);
  const { maskPicture } = state;
  const overlays = useMemo<Partial<Record<ShownOver, Overlay | null>>>(
    () => ({
      none: null,
      ...(maskPicture && { mask: maskPicture }),
      ...(heat && { heat: { bytes: heat, name: "heat.nii", kind: "heat" } }),
    }),
    [maskPicture, heat],
  );
  // What came last is shown until someone chooses otherwise.
  const over: ShownOver =
    wanted !== null && wanted in overlays ? wanted : "heat" in overlays ? "heat" : "mask" in overlays ? "mask" : "none";
  const { geometry } = state.view!;
  // An annotation that was read from a file is shown at once, by its largest slice.
  const read = state.startedAt === null ? state.rough?.rough?.slices.find(({ role }) => role === "largest") : undefined;
  const isShown = picture !== null;
  const lookAt = useEffectEvent((corners: NonNullable<typeof read>["corners"]) => {
    const middle = [2, 1, 0].map((c) => corners.reduce((sum, corner) => sum + corner[c]! / 4, 0));
    picture?.lookAt(middle as unknown as Triple);
  });
  useEffect(() => {
    if (read && isShown) lookAt(read.corners);
  }, [read, isShown]);
  return (
    <div className="stage">
      {Object.keys(overlays).length > 1 && (
        <div className="row" role="group" aria-label="Shown over the scan">
          {(Object.keys(overlays) as ShownOver[]).map((name) => (
            <button key={name} type="button" className="chip" aria-pressed={over === name} onClick={() => setWanted(name)}>
              {SHOWN[name]}
            </button>
          ))}
          {over === "heat" && <span className="faint">warm raises the risk, blue lowers it</span>}
        </div>
      )}
      <Viewer scan={state.picture!} shown={state.shown} overlay={overlays[over] ?? null} onPicture={setPicture}>
        {picture && picture.tiles.length > 0 && (
          <>
            <DrawingLayer
              picture={picture}
              geometry={geometry}
              drawn={state.drawn}
              role={isBusy ? null : state.role}
              tool={state.tool}
              onStart={actions.startDrawing}
              onDrawn={actions.drawn}
            />
            <SliceSlider picture={picture} geometry={geometry} />
          </>
        )}
      </Viewer>
    </div>
  );
}
