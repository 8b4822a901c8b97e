// Which study to run, and where its results go; it is checked before anything is computed.
import { basename, dirname, join } from "node:path";
import { Box, Text } from "ink";
import { useState } from "react";
import { COLOUR } from "../components/colour.ts";
import { Field, fieldText } from "../components/field.tsx";
import { Frame, useRoom } from "../components/frame.tsx";
import { sentenceOf } from "../exit.ts";
import { expandHome, type CheckedStudy } from "./engine.ts";
import { useForm } from "./form.tsx";
import { useDoor } from "./route.ts";

type Check = { is: "none" } | { is: "checking" } | { is: "good"; file: string; study: CheckedStudy } | { is: "bad"; why: string };

const FIELDS = ["study file", "results to"] as const;

/** Opens a study file. */
export function OpenScreen() {
  const { engine, back, start, go } = useDoor();
  const { width, height } = useRoom();
  const [check, setCheck] = useState<Check>({ is: "none" });
  const form = useForm("open", FIELDS, FIELDS, () => setCheck({ is: "none" }));
  const file = expandHome(form.text("study file").trim());
  const out = expandHome(form.text("results to").trim()) || proposedOutput(file);
  const look = async () => {
    setCheck({ is: "checking" });
    await engine.check(file).then(
      (study) => setCheck({ is: "good", file, study }),
      (error: unknown) => setCheck({ is: "bad", why: sentenceOf(error) }),
    );
  };
  const enter = async () => {
    if (file === "") return;
    if (check.is === "good") start({ file, out });
    else if (check.is !== "checking") await look();
  };
  return (
    <Frame
      title="open a study"
      about={[
        "Give the study file (study.yaml; islet study init writes one to start from) and the folder for its results. Tab completes a path.",
        "Enter checks the file, its tables and that every scan is there; enter again runs it. A folder that holds a part of this study is gone on with: nothing that is finished is computed again.",
      ]}
      keys={[
        ["↑↓", "field"],
        ["tab", "complete a path"],
        ["enter", check.is === "good" ? "run" : "check"],
        ...(check.is === "good" ? ([["ctrl+r", "results that are there"]] as const) : []),
        ["esc", "back"],
      ]}
      takesText
      onKey={(input, key) => {
        if (key.escape) back();
        else if (key.return) void enter();
        else if (key.ctrl && input === "r" && check.is === "good") go({ screen: "results", out, file });
        else form.onKey(input, key);
      }}
    >
      {FIELDS.map((name) => (
        <Field
          key={name}
          label={name}
          value={form.texts[name] ?? fieldText("")}
          isFocused={form.focus === name}
          hint={name === "results to" ? out : "path of study.yaml"}
          width={width - 16}
          labelWidth={13}
        />
      ))}
      {form.ways.length > 0 && <Ways ways={form.ways} height={height - 8} />}
      <Box marginTop={1} flexDirection="column">
        <CheckResult check={check} height={height - 5} />
      </Box>
    </Frame>
  );
}

/** The folder that results go to where none is named: beside the others, under the name of the study's folder. */
function proposedOutput(file: string): string {
  const name = basename(dirname(file));
  return file === "" ? "islet-out" : join("islet-out", name === "." || name === "" || name === ".." ? "study" : name);
}

function Ways({ ways, height }: { readonly ways: readonly string[]; readonly height: number }) {
  const shown = ways.slice(0, Math.max(1, height));
  return (
    <Box marginLeft={15} flexDirection="column">
      {shown.map((way) => (
        <Text key={way} dimColor wrap="truncate-start">
          {way}
        </Text>
      ))}
      {ways.length > shown.length && <Text dimColor>{`and ${ways.length - shown.length} more`}</Text>}
    </Box>
  );
}

function CheckResult({ check, height }: { readonly check: Check; readonly height: number }) {
  if (check.is === "none") return null;
  if (check.is === "checking") return <Text dimColor>reading the study and its tables ...</Text>;
  if (check.is === "bad") return <Text color={COLOUR.bad}>{`✗ ${check.why}`}</Text>;
  const { name, internal, external, models, missing } = check.study;
  const shown = missing.slice(0, Math.max(1, height - 4));
  return (
    <>
      <Text
        color={COLOUR.good}
      >{`✓ ${name}: ${internal} internal${external ? ` and ${external} external` : ""} patients, ${models} models`}</Text>
      {missing.length > 0 && (
        <Text
          color={COLOUR.warning}
        >{`! ${missing.length} file${missing.length > 1 ? "s are" : " is"} not there; their patients will be left out:`}</Text>
      )}
      {shown.map((sentence) => (
        <Text key={sentence} color={COLOUR.warning} wrap="truncate-middle">
          {`  ${sentence}`}
        </Text>
      ))}
      {missing.length > shown.length && (
        <Text color={COLOUR.warning}>{`  and ${missing.length - shown.length} more (islet study validate lists them)`}</Text>
      )}
      <Text>Press enter to run it.</Text>
    </>
  );
}
