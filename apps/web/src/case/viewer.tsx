// NiiVue's three planes, with a layer on top for what the reader draws.
import type { Niivue, NVImage } from "@niivue/niivue";
import type { Triple } from "@islet/pipeline";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { Notice } from "../components/notice.tsx";
import { crosshairOf, lookAt, tilesOf, type Tile } from "./niivue-planes.ts";

/** Something shown over the scan. */
export interface Overlay {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** With its ending, by which compressed files are told. */
  readonly name: string;
  readonly kind: "mask" | "heat";
}

/** What lies on the picture at the moment. */
export interface Picture {
  readonly tiles: readonly Tile[];
  readonly crosshair: Triple;
  /** Moves the shown slices to a position. */
  lookAt(position: Triple): void;
}

/** The intensities shown as black and as white. */
interface Shown {
  readonly low: number;
  readonly high: number;
}

/**
 * The three planes of a scan.
 *
 * @param scan       plain NIfTI
 * @param onPicture  called after each change of what is shown; must not change between renders
 * @param children   what lies over the picture
 */
export function Viewer({
  scan,
  shown,
  overlay,
  onPicture,
  children,
}: {
  readonly scan: Uint8Array<ArrayBuffer>;
  readonly shown: Shown | null;
  readonly overlay: Overlay | null;
  readonly onPicture: (picture: Picture | null) => void;
  readonly children: ReactNode;
}) {
  const host = useRef<HTMLDivElement>(null);
  const [viewer, setViewer] = useState<Niivue | null>(null);
  const [fault, setFault] = useState<string | null>(null);

  useEffect(() => {
    const canvas = document.createElement("canvas");
    canvas.setAttribute(
      "aria-label",
      "The scan in three planes. Arrow keys move the crosshair; the slider below moves through the slices.",
    );
    canvas.setAttribute("role", "img");
    host.current!.prepend(canvas);
    let made: Niivue | null = null;
    let isOver = false;
    const start = async () => {
      try {
        const nv = await open(canvas, onPicture);
        made = nv;
        if (isOver) nv.cleanup();
        else setViewer(nv);
      } catch (error) {
        setFault(
          `This browser cannot show the scan (${(error as Error).message}): it needs WebGL 2; switch on hardware acceleration or use another browser. A mask or an annotation from a file can still be used.`,
        );
      }
    };
    void start();
    return () => {
      isOver = true;
      made?.cleanup();
      canvas.remove();
      setViewer(null);
      onPicture(null);
    };
  }, [onPicture]);

  useEffect(() => {
    if (viewer) void showScan(viewer, scan, shown).catch((error: Error) => setFault(`The scan cannot be shown: ${error.message}`));
    // The window is set apart from the scan, below.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [viewer, scan]);
  useEffect(() => {
    const image = viewer?.volumes[0];
    if (!viewer || !image || !shown) return;
    [image.cal_min, image.cal_max] = [shown.low, shown.high];
    viewer.updateGLVolume();
  }, [viewer, scan, shown]);
  useEffect(() => {
    if (viewer) void showOverlay(viewer, overlay);
  }, [viewer, scan, overlay]);

  return (
    <div className="viewer">
      <div className="planes" ref={host}>
        {children}
      </div>
      {fault !== null && <Notice kind="bad">{fault}</Notice>}
    </div>
  );
}

type Place = [left: number, top: number, width: number, height: number];
/** The axial plane large, the others beside it or below it: parts of the picture. */
const BESIDE: readonly [Place, Place, Place] = [
  [0, 0, 0.64, 1],
  [0.64, 0, 0.36, 0.5],
  [0.64, 0.5, 0.36, 0.5],
];
const BELOW: readonly [Place, Place, Place] = [
  [0, 0, 1, 0.66],
  [0, 0.66, 0.5, 0.34],
  [0.5, 0.66, 0.5, 0.34],
];

async function open(canvas: HTMLCanvasElement, drawn: (picture: Picture) => void): Promise<Niivue> {
  const { Niivue, SHOW_RENDER, SLICE_TYPE, DRAG_MODE } = await import("@niivue/niivue");
  const viewer = new Niivue({
    backColor: [0.043, 0.051, 0.059, 1],
    crosshairWidth: 0,
    fontColor: [0.72, 0.76, 0.8, 1],
    fontMinPx: 12,
    isRadiologicalConvention: true,
    multiplanarShowRender: SHOW_RENDER.NEVER,
    sliceType: SLICE_TYPE.MULTIPLANAR,
    tileMargin: 4,
    dragMode: DRAG_MODE.pan,
    dragAndDropEnabled: false,
    loadingText: "",
    logLevel: "error",
  });
  const draw = viewer.drawScene.bind(viewer);
  let isQueued = false;
  const tell = () => {
    isQueued = false;
    const dpr = canvas.width / Math.max(1, canvas.clientWidth);
    drawn({ tiles: tilesOf(viewer, dpr), crosshair: crosshairOf(viewer), lookAt: (position) => lookAt(viewer, position) });
  };
  viewer.drawScene = () => {
    const result = draw();
    if (!isQueued && viewer.volumes.length > 0) {
      isQueued = true;
      requestAnimationFrame(tell);
    }
    return result;
  };
  await viewer.attachToCanvas(canvas, false);
  const arrange = () => {
    const isWide = canvas.clientWidth > 1.15 * canvas.clientHeight;
    const [axial, coronal, sagittal] = isWide ? BESIDE : BELOW;
    viewer.setCustomLayout([
      { sliceType: SLICE_TYPE.AXIAL, position: axial },
      { sliceType: SLICE_TYPE.CORONAL, position: coronal },
      { sliceType: SLICE_TYPE.SAGITTAL, position: sagittal },
    ]);
  };
  arrange();
  new ResizeObserver(arrange).observe(canvas);
  return viewer;
}

async function imageOf(bytes: Uint8Array<ArrayBuffer>, name: string, colours: string): Promise<NVImage> {
  const { NVImage } = await import("@niivue/niivue");
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  return NVImage.loadFromFile({ file: new File([buffer], name), name, colormap: colours, opacity: 1 });
}

async function showScan(viewer: Niivue, bytes: Uint8Array<ArrayBuffer>, shown: Shown | null): Promise<void> {
  const image = await imageOf(bytes, "scan.nii", "gray");
  if (shown) [image.cal_min, image.cal_max] = [shown.low, shown.high];
  while (viewer.volumes.length > 0) viewer.removeVolume(viewer.volumes[0]!);
  viewer.addVolume(image);
  viewer.scene.crosshairPos = [0.5, 0.5, 0.5] as never;
  viewer.updateGLVolume();
}

async function showOverlay(viewer: Niivue, overlay: Overlay | null): Promise<void> {
  for (const old of viewer.volumes.slice(1)) viewer.removeVolume(old);
  if (!overlay || viewer.volumes.length === 0) return;
  const image = await imageOf(overlay.bytes, overlay.name, overlay.kind === "mask" ? "blue" : "warm");
  image.opacity = overlay.kind === "mask" ? 0.4 : 0.6;
  if (overlay.kind === "heat") {
    image.colormapNegative = "blue";
    const most = Math.max(Math.abs(image.global_min ?? 0), Math.abs(image.global_max ?? 0)) || 1;
    [image.cal_min, image.cal_max] = [most * 0.05, most];
    [image.cal_minNeg, image.cal_maxNeg] = [-most * 0.05, -most];
  }
  viewer.addVolume(image);
  viewer.updateGLVolume();
}
