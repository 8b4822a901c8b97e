// A risk in words, and where it lies between 0 and 1 beside the threshold.
import { Text } from "ink";
import { COLOUR } from "./colour.ts";

interface RiskProps {
  readonly risk: number;
  readonly threshold: number;
  readonly group: "low" | "high";
  /** Cells of the scale. */
  readonly width: number;
}

/** The risk with its group and the threshold, and below them a line from 0 to 1 with the threshold (┼) and the risk (●) on it. */
export function RiskScale({ risk, threshold, group, width }: RiskProps) {
  const cells = Array.from({ length: width }, () => "─");
  const at = (value: number) => Math.min(width - 1, Math.max(0, Math.round(value * (width - 1))));
  cells[at(threshold)] = "┼";
  cells[at(risk)] = "●";
  return (
    <>
      <Text wrap="truncate-end">
        {`risk ${risk.toFixed(3)}: `}
        <Text bold color={COLOUR[group]}>
          {group}
        </Text>
        {` (threshold ${threshold.toPrecision(3)})`}
      </Text>
      <Text>{`0 ${cells.join("")} 1`}</Text>
    </>
  );
}
