// A finished study: its models, their curves, its patients.
import { Box, Text, type Key } from "ink";
import type { FinishedPatient, FinishedStudy } from "@islet/pipeline/node";
import { COLOUR } from "../components/colour.ts";
import { Frame, useRoom, type KeyHelp } from "../components/frame.tsx";
import { moved } from "../components/list.tsx";
import { CurvesTab } from "./results-curves.tsx";
import { ModelsTab } from "./results-models.tsx";
import { patientsShown, PatientsTab, type PatientOrder } from "./results-patients.tsx";
import { PatientCard } from "./patient-card.tsx";
import { useDoor } from "./route.ts";
import { proposeModel } from "./score.tsx";
import { useDraft, useFetched } from "./use.ts";

const TABS = ["models", "roc", "survival", "patients"] as const;
const TAB_WORDS = { models: "Models", roc: "ROC", survival: "Survival", patients: "Patients" };

interface ResultsProps {
  readonly out: string;
  readonly file: string | null;
}

/** The results of a study, read from its folder. */
export function ResultsScreen({ out, file }: ResultsProps) {
  const { engine, back } = useDoor();
  const found = useFetched(`${out}\n${file}`, () => engine.results(out, file));
  if (found.is === "there") return <Results finished={found.value} />;
  return (
    <Frame
      title="results"
      about={["Reads a finished study from its folder."]}
      keys={[["esc", "back"]]}
      onKey={(_, key) => key.escape && back()}
    >
      {found.is === "pending" ? <Text dimColor>reading the tables ...</Text> : <Text color={COLOUR.bad}>{`✗ ${found.why}`}</Text>}
    </Frame>
  );
}

/** What is looked at; kept while other screens are shown. */
interface View {
  readonly tab: (typeof TABS)[number];
  /** Index of the model. */
  readonly model: number;
  /** Index of the patient among those shown. */
  readonly patient: number;
  readonly search: string;
  readonly isSearching: boolean;
  readonly order: PatientOrder;
  readonly isCard: boolean;
}

function Results({ finished }: { readonly finished: FinishedStudy }) {
  const { back, go, drafts } = useDoor();
  const { height } = useRoom();
  const names = [...new Set(finished.models.map((row) => row.model))];
  const [view, setView] = useDraft<View>(`results ${finished.out}`, {
    tab: "models",
    model: Math.max(0, names.indexOf(finished.primary)),
    patient: 0,
    search: "",
    isSearching: false,
    order: "risk",
    isCard: false,
  });
  const change = (part: Partial<View>) => setView({ ...view, ...part });
  const model = names[view.model] ?? finished.primary;
  const shown = patientsShown(finished, model, view.search, view.order);
  const patient: FinishedPatient | undefined = shown[Math.min(view.patient, shown.length - 1)];
  const onKey = (input: string, key: Key) => {
    if (view.isSearching) return searchKey(input, key, view, change);
    const at = TABS.indexOf(view.tab);
    const toTab = (next: number) => change({ tab: TABS[(next + TABS.length) % TABS.length]!, isCard: false });
    if (view.isCard) {
      if (key.escape || key.return || key.backspace) change({ isCard: false });
      else change({ patient: moved(Math.min(view.patient, shown.length - 1), shown.length, 10, input, key) });
      return;
    }
    if (key.escape || input === "q") back();
    else if (key.rightArrow || (key.tab && !key.shift)) toTab(at + 1);
    else if (key.leftArrow || key.tab) toTab(at - 1);
    else if (/^[1-4]$/.test(input)) toTab(Number(input) - 1);
    else if (input === "m") change({ model: (view.model + 1) % names.length });
    else if (input === "M") change({ model: (view.model - 1 + names.length) % names.length });
    else if (input === "c") {
      proposeModel(drafts, `${finished.out}/model.islet`);
      go({ screen: "score" });
    } else if (view.tab !== "patients") {
      if (key.return) toTab(at + 1);
      else change({ model: moved(view.model, names.length, 10, input, key) });
    } else if (input === "/") change({ isSearching: true, search: "", patient: 0 });
    else if (input === "s") change({ order: view.order === "risk" ? "id" : "risk", patient: 0 });
    else if (key.return && patient) change({ isCard: true });
    else change({ patient: moved(Math.min(view.patient, shown.length - 1), shown.length, height - 4, input, key) });
  };
  return (
    <Frame
      title={`results: ${finished.study.name}`}
      aside={finished.isSynthetic ? "SYNTHETIC data; research use only" : "research use only"}
      about={[
        "Models: each one cross-validated on the internal cohort and, with the internal threshold, on the external one. ROC and survival: of the model that is chosen. Patients: cross-validated risks of internal patients, the mean of the fold models for external ones.",
        `All tables, figures and the report lie in ${finished.out}.`,
      ]}
      keys={keysOf(view)}
      takesText={view.isSearching}
      onKey={onKey}
    >
      <Box gap={2}>
        {TABS.map((tab, i) => (
          <Text key={tab} bold={tab === view.tab} inverse={tab === view.tab}>
            {tab === view.tab ? `[${i + 1} ${TAB_WORDS[tab]}]` : ` ${i + 1} ${TAB_WORDS[tab]} `}
          </Text>
        ))}
      </Box>
      <Box marginTop={1} flexDirection="column">
        {view.tab === "models" && <ModelsTab finished={finished} model={model} height={height - 2} />}
        {(view.tab === "roc" || view.tab === "survival") && (
          <CurvesTab finished={finished} model={model} kind={view.tab} height={height - 2} />
        )}
        {view.tab === "patients" && !view.isCard && (
          <PatientsTab
            finished={finished}
            model={model}
            shown={shown}
            chosen={Math.min(view.patient, shown.length - 1)}
            search={view.isSearching ? `${view.search}▏` : view.search}
            order={view.order}
            height={height - 2}
          />
        )}
        {view.tab === "patients" && view.isCard && patient && (
          <PatientCard finished={finished} model={model} patient={patient} height={height - 2} />
        )}
      </Box>
    </Frame>
  );
}

function searchKey(input: string, key: Key, { search }: View, change: (part: Partial<View>) => void): void {
  if (key.return) change({ isSearching: false });
  else if (key.escape) change({ isSearching: false, search: "" });
  else if (key.backspace || key.delete) change({ search: search.slice(0, -1), patient: 0 });
  else if (!key.ctrl && !key.meta && input !== "") change({ search: search + input, patient: 0 });
}

function keysOf({ tab, isCard, isSearching, order }: View): KeyHelp[] {
  if (isSearching)
    return [
      ["letters", "part of a patient's id, or high, low, event"],
      ["enter", "keep"],
      ["esc", "all patients"],
    ];
  if (isCard)
    return [
      ["↑↓", "next patient"],
      ["esc", "all patients"],
    ];
  const shared = [
    ["←→", "tab"],
    ["c", "score a new patient"],
    ["esc", "back"],
  ] as const;
  if (tab !== "patients") return [["↑↓", "model"], ...shared];
  return [["↑↓", "choose"], ["enter", "card"], ["/", "search"], ["s", order === "risk" ? "by id" : "by risk"], ["m", "model"], ...shared];
}
