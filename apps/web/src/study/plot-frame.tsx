import type { PointerEvent, ReactNode } from "react";

/** The inside of a plot in the units of its SVG. */
export const PLOT = { left: 48, top: 12, width: 330, height: 290, right: 14, bottom: 44 } as const;
const WIDTH = PLOT.left + PLOT.width + PLOT.right;
const HEIGHT = PLOT.top + PLOT.height + PLOT.bottom;

/** Colours that differ for every kind of sight (Okabe & Ito 2008), by their place among the models. */
export const COLOURS = ["series-1", "series-2", "series-3", "series-4", "series-5", "series-6", "series-7"] as const;

/** Axes around a plot; x and y run from 0 to their ends. `onPoint` gets the place under the pointer in the axes' units, null when it leaves. */
export function PlotFrame({
  label,
  x,
  y,
  children,
  onPoint,
}: {
  readonly label: string;
  readonly x: { readonly title: string; readonly ticks: readonly number[]; readonly end: number };
  readonly y: { readonly title: string; readonly ticks: readonly number[]; readonly end: number };
  readonly children: ReactNode;
  readonly onPoint?: (at: { readonly x: number; readonly y: number } | null) => void;
}) {
  const point = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const [px, py] = [((event.clientX - box.left) / box.width) * WIDTH, ((event.clientY - box.top) / box.height) * HEIGHT];
    onPoint?.({ x: ((px - PLOT.left) / PLOT.width) * x.end, y: (1 - (py - PLOT.top) / PLOT.height) * y.end });
  };
  const bottom = PLOT.top + PLOT.height;
  return (
    <svg
      className="plot"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={label}
      onPointerMove={point}
      onPointerLeave={() => onPoint?.(null)}
    >
      <rect className="ground" x={PLOT.left} y={PLOT.top} width={PLOT.width} height={PLOT.height} />
      {x.ticks.map((tick) => (
        <g key={`x${tick}`}>
          <line className="grid-line" x1={xOf(tick, x.end)} x2={xOf(tick, x.end)} y1={PLOT.top} y2={bottom} />
          <text x={xOf(tick, x.end)} y={bottom + 16} textAnchor="middle">
            {tick}
          </text>
        </g>
      ))}
      {y.ticks.map((tick) => (
        <g key={`y${tick}`}>
          <line className="grid-line" x1={PLOT.left} x2={PLOT.left + PLOT.width} y1={yOf(tick, y.end)} y2={yOf(tick, y.end)} />
          <text x={PLOT.left - 7} y={yOf(tick, y.end) + 4} textAnchor="end">
            {tick}
          </text>
        </g>
      ))}
      <text className="axis" x={PLOT.left + PLOT.width / 2} y={HEIGHT - 8} textAnchor="middle">
        {x.title}
      </text>
      <text className="axis" transform={`translate(13,${PLOT.top + PLOT.height / 2}) rotate(-90)`} textAnchor="middle">
        {y.title}
      </text>
      {children}
    </svg>
  );
}

/** A value on the x axis, px. */
export const xOf = (value: number, end: number): number => PLOT.left + (value / end) * PLOT.width;
/** A value on the y axis, px. */
export const yOf = (value: number, end: number): number => PLOT.top + (1 - value / end) * PLOT.height;
/** Points as an SVG path. */
export const pathOf = (points: readonly (readonly [x: number, y: number])[], xEnd: number, yEnd: number): string =>
  points.map(([x, y], i) => `${i === 0 ? "M" : "L"}${xOf(x, xEnd).toFixed(1)},${yOf(y, yEnd).toFixed(1)}`).join("");
