// One new patient, scored with a model that a study made.
import { Text } from "ink";
import { Frame } from "../components/frame.tsx";
import { useDoor } from "./route.ts";

/** Scores a patient. */
export function ScoreScreen({ model }: { readonly model: string }) {
  const { back } = useDoor();
  return (
    <Frame title="score a patient" about={[]} keys={[["esc", "back"]]} onKey={(_, key) => key.escape && back()}>
      <Text>{model}</Text>
    </Frame>
  );
}
