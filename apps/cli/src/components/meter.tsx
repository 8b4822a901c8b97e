// How far something has come, as a bar with its count.
import { Box, Text } from "ink";
import { COLOUR } from "./colour.ts";

interface MeterProps {
  readonly label: string;
  readonly done: number;
  readonly total: number;
  readonly tail: string;
  /** Cells of the bar. */
  readonly width: number;
}

/** A bar in eighths of a cell. */
export function Meter({ label, done, total, tail, width }: MeterProps) {
  const eighths = Math.round(total > 0 ? (8 * width * Math.min(done, total)) / total : 0);
  const full = Math.floor(eighths / 8);
  const part = " ▏▎▍▌▋▊▉"[eighths % 8]!;
  const bar = ("█".repeat(full) + (eighths % 8 ? part : "")).padEnd(width, "·");
  return (
    <Box gap={1}>
      <Box width={11} flexShrink={0}>
        <Text>{label}</Text>
      </Box>
      <Box flexShrink={0}>
        <Text color={COLOUR.accent}>{bar}</Text>
      </Box>
      <Text wrap="truncate-end">
        {`${done}/${total}`}
        {tail && <Text dimColor>{`  ${tail}`}</Text>}
      </Text>
    </Box>
  );
}
