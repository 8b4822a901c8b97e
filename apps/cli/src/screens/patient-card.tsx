// One patient: risk, group, the features that drive it, and a slice with the rough box.
import { Box, Text } from "ink";
import type { Driver, FinishedPatient, FinishedStudy } from "@islet/pipeline/node";
import { COLOUR } from "../components/colour.ts";
import { useRoom } from "../components/frame.tsx";
import { halfBlocks } from "../components/half-blocks.ts";
import { RiskScale } from "../components/risk-scale.tsx";
import { groupOf } from "./results-patients.tsx";
import { useDoor } from "./route.ts";
import { useFetched } from "./use.ts";

interface CardProps {
  readonly finished: FinishedStudy;
  readonly model: string;
  readonly patient: FinishedPatient;
  readonly height: number;
}

/** The card of a patient. */
export function PatientCard({ finished, model, patient, height }: CardProps) {
  const { width } = useRoom();
  const pictureWidth = Math.min(Math.floor(width * 0.45), 2 * (height - 2));
  const { threshold } = finished.models.find((row) => row.model === model)!;
  const group = groupOf(finished, model, patient);
  const risk = patient.risks[model]!;
  return (
    <Box gap={2}>
      <Box flexDirection="column" width={width - pictureWidth - 2}>
        <Text bold wrap="truncate-end">{`${patient.id}  (${patient.cohort})`}</Text>
        <RiskScale risk={risk} threshold={threshold} group={group} width={Math.min(40, width - pictureWidth - 4)} />
        <Text wrap="truncate-end">
          {`outcome: ${patient.outcome ? "event" : "none"}${patient.timeMonths === null ? "" : `, followed ${patient.timeMonths.toFixed(1)} months`}`}
        </Text>
        <Text dimColor wrap="truncate-end">{`${model}; research use only`}</Text>
        <Drivers finished={finished} model={model} patient={patient.id} height={height - 6} width={width - pictureWidth - 2} />
      </Box>
      <Slice finished={finished} patient={patient.id} width={pictureWidth} height={height} />
    </Box>
  );
}

function Drivers({
  finished,
  model,
  patient,
  height,
  width,
}: Omit<CardProps, "patient"> & { readonly patient: string; readonly width: number }) {
  const { engine } = useDoor();
  const found = useFetched(`${finished.out} ${model} ${patient}`, () => engine.drivers(finished, model, patient));
  return (
    <Box marginTop={1} flexDirection="column">
      <Text bold>What drives it</Text>
      {found.is === "pending" && <Text dimColor>looking ...</Text>}
      {found.is === "failed" && <Text color={COLOUR.warning}>{found.why}</Text>}
      {found.is === "there" && found.value.length === 0 && (
        <Text color={COLOUR.warning}>{finished.why || "this patient has none of the model's features"}</Text>
      )}
      {found.is === "there" && found.value.length > 0 && (
        <>
          {found.value.slice(0, Math.max(1, height - 3)).map((driver) => (
            <DriverLine key={driver.feature} driver={driver} largest={Math.abs(found.value[0]!.part ?? 0)} width={width} />
          ))}
          <Text dimColor wrap="truncate-end">
            bar: weight x z, right raises; z: SD from the mean
          </Text>
        </>
      )}
    </Box>
  );
}

const BAR = 5;

function DriverLine({
  driver: { feature, z, part },
  largest,
  width,
}: {
  readonly driver: Driver;
  readonly largest: number;
  readonly width: number;
}) {
  const cells = part === null || largest === 0 ? 0 : Math.round((BAR * Math.abs(part)) / largest);
  const left = part !== null && part < 0 ? "█".repeat(cells).padStart(BAR) : " ".repeat(BAR);
  const right = part !== null && part >= 0 ? "█".repeat(cells).padEnd(BAR) : " ".repeat(BAR);
  const room = Math.max(8, width - 2 * BAR - 11);
  const name = feature.length > room ? `…${feature.slice(feature.length - room + 1)}` : feature.padEnd(room);
  return (
    <Text wrap="truncate-end">
      {`${name} z ${(z >= 0 ? "+" : "-") + Math.abs(z).toFixed(1)} `.padEnd(room + 8)}
      <Text color={COLOUR.low}>{left}</Text>
      {part === null ? " " : "│"}
      <Text color={COLOUR.high}>{right}</Text>
    </Text>
  );
}

function Slice({
  finished,
  patient,
  width,
  height,
}: {
  readonly finished: FinishedStudy;
  readonly patient: string;
  readonly width: number;
  readonly height: number;
}) {
  const { engine, colours } = useDoor();
  const side = Math.max(8, Math.min(width, 2 * (height - 2)));
  const found = useFetched(`${finished.out} ${patient} ${side}`, () => engine.slice(finished, patient, side));
  if (found.is === "pending") return <Text dimColor>reading the scan ...</Text>;
  if (found.is === "failed") return <Text color={COLOUR.warning}>{found.why}</Text>;
  if (!found.value) return <Text dimColor>no scan to show</Text>;
  const { picture, phase, slice, slices, drawn } = found.value;
  return (
    <Box flexDirection="column">
      <Text>{halfBlocks(picture, colours).join("\n")}</Text>
      <Text dimColor wrap="truncate-end">{`${phase}, slice ${slice + 1} of ${slices}`}</Text>
      <Text dimColor wrap="truncate-end">
        {[drawn.box ? "white: rough box" : "", drawn.mask ? "orange: mask" : ""].filter(Boolean).join(", ")}
      </Text>
    </Box>
  );
}
