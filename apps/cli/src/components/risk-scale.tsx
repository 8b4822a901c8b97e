// Where a risk lies between 0 and 1, beside the threshold.
import { Text } from "ink";

/** A line from 0 to 1 with the threshold (┼) and the risk (●) on it, in `width` cells. */
export function RiskScale({ risk, threshold, width }: { readonly risk: number; readonly threshold: number; readonly width: number }) {
  const cells = Array.from({ length: width }, () => "─");
  const at = (value: number) => Math.min(width - 1, Math.max(0, Math.round(value * (width - 1))));
  cells[at(threshold)] = "┼";
  cells[at(risk)] = "●";
  return <Text>{`0 ${cells.join("")} 1`}</Text>;
}
