// A score: risk, group, where the patient stands, what the risk is made of, and what to beware of.
import { Box, Text } from "ink";
import type { Score } from "@islet/pipeline";
import { COLOUR } from "../components/colour.ts";
import { RiskScale } from "../components/risk-scale.tsx";

interface ResultProps {
  readonly score: Score;
  readonly width: number;
  readonly height: number;
}

/** A score on a screen. */
export function ScoreResult({ score, width, height }: ResultProps) {
  const { risk, group, threshold, percentile, percentileAmong, notice, warnings } = score;
  const half = Math.floor((width - 2) / 2);
  const shownWarnings = warnings.slice(0, 3);
  const rows = Math.max(4, height - 7 - 2 * shownWarnings.length);
  return (
    <>
      <RiskScale risk={risk} threshold={threshold} group={group} width={Math.min(60, width - 6)} />
      <Text wrap="truncate-end">{`higher than ${percentile.toFixed(0)}% of the ${percentileAmong}`}</Text>
      <Text bold>{notice}</Text>
      <Box marginTop={1} gap={2}>
        <Parts score={score} width={half} rows={rows} />
        <Neighbours score={score} width={width - half - 2} rows={rows} />
      </Box>
      {shownWarnings.map((warning) => (
        <Text key={warning} color={COLOUR.warning}>
          {`! ${warning}`}
        </Text>
      ))}
      {warnings.length > shownWarnings.length && (
        <Text color={COLOUR.warning}>{`! and ${warnings.length - shownWarnings.length} more warnings (islet score prints all)`}</Text>
      )}
    </>
  );
}

function Parts({ score: { contributions }, width, rows }: { readonly score: Score; readonly width: number; readonly rows: number }) {
  const { groups, features, baseline } = contributions;
  const lines = [
    ...(groups.length > 1 ? groups.map(({ of, contribution }) => ({ name: of, part: contribution })) : []),
    ...features.map(({ name, contribution }) => ({ name, part: contribution })),
  ];
  const room = Math.max(8, width - 9);
  return (
    <Box flexDirection="column" width={width}>
      <Text bold wrap="truncate-end">{`What it is made of: ${baseline.toFixed(3)} (average)`}</Text>
      {lines.slice(0, rows - 1).map(({ name, part }) => (
        <Text key={name} wrap="truncate-end">
          {(name.length > room ? `…${name.slice(name.length - room + 1)}` : name).padEnd(room)}
          <Text color={part >= 0 ? COLOUR.high : COLOUR.low}>{`${part >= 0 ? "+" : "-"}${Math.abs(part).toFixed(3)}`.padStart(8)}</Text>
        </Text>
      ))}
    </Box>
  );
}

function Neighbours({
  score: { neighbours, shift },
  width,
  rows,
}: {
  readonly score: Score;
  readonly width: number;
  readonly rows: number;
}) {
  return (
    <Box flexDirection="column" width={width}>
      <Text bold>Nearest training patients</Text>
      {neighbours.slice(0, Math.max(1, rows - 2)).map(({ distance, outcome, timeMonths, risk }, i) => (
        <Text key={distance} wrap="truncate-end">
          {`${i + 1}  ${outcome ? "event" : "none "}${timeMonths === null ? "" : ` ${timeMonths.toFixed(0).padStart(3)} months`}  risk ${risk.toFixed(2)}  ${distance.toFixed(2)} SD away`}
        </Text>
      ))}
      <Text dimColor wrap="truncate-end">{`stands further out than ${shift.percentile.toFixed(0)}% of the training patients`}</Text>
    </Box>
  );
}
