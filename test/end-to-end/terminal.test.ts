// The screens on a real terminal, as a user drives them.
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { generateDemo } from "@islet/pipeline/node";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { islet } from "../helpers/cli.ts";
import { hasTmux, openTerminal, type Terminal } from "../helpers/tmux.ts";

const ISLET = fileURLToPath(new URL("../../apps/cli/bin/islet.js", import.meta.url));
const isThere = await hasTmux();
if (!isThere) console.warn("skipped: the terminal's journeys need tmux (apt-get install tmux)");

/** The shell waits for a command. */
const PROMPT = /^[$#]\s*$/m;

let folder: string;
let terminal: Terminal;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-terminal-"));
  await generateDemo(join(folder, "demo"), { seed: 1, patients: 10, signal: 1, format: "nifti", network: { baseWidth: 2, inputSize: 64 } });
});
afterEach(() => terminal?.close());
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A terminal in which `islet ARGS` was typed. */
async function open(columns: number, rows: number, args: string, env: Record<string, string> = {}): Promise<void> {
  terminal = await openTerminal(columns, rows, folder, { ISLET_STATE: join(folder, "state"), ...env });
  await terminal.type(`"${process.execPath}" "${ISLET}" ${args}`);
  await terminal.press("Enter");
}

/** The risk of the first external patient by the primary model, and whose it is. */
async function externalRisk(out: string): Promise<{ patient: string; risk: number }> {
  const lines = (await readFile(join(folder, out, "predictions.csv"), "utf8")).split("\n");
  const [patient, , , , , risk] = lines.find((line) => line.includes(",external,DLR-A,"))!.split(",");
  return { patient: patient!, risk: Number(risk) };
}

const asText = (screen: string) => screen.replace(/\s+/g, " ");

describe.skipIf(!isThere)("the screens in a terminal", () => {
  it("take a user at 80 x 24 from a study file to its results, a patient's card and the score of a patient, whose risk is the study's", async () => {
    await open(80, 24, "");
    await terminal.until("none yet: press o");
    await terminal.press("o");
    await terminal.until("open a study");
    await terminal.type("demo/stu");
    await terminal.press("Tab");
    await terminal.until("demo/study.yaml");
    await terminal.press("Enter");
    await terminal.until(/✓ demo cohort .*SYNTHETIC/);
    await terminal.press("Enter");
    await terminal.until(/● (patients|models)/);
    await terminal.until("✓ finished after", 90);
    await terminal.press("Enter");
    await terminal.until("[1 Models]");
    expect(asText(await terminal.screen())).toMatch(/SYNTHETIC data; research use only .*› DLR-A internal \d/);
    await terminal.press("2");
    expect(await terminal.until("sensitivity over 1 - specificity")).toMatch(/[\u2801-\u28ff]{3}/);
    await terminal.press("3");
    await terminal.until(/high risk: \d+ patients/);
    await terminal.press("4");
    const { patient, risk } = await externalRisk("islet-out/demo");
    await terminal.until("by risk, DLR-A");
    await terminal.press("/");
    await terminal.type(patient);
    await terminal.until(`search: ${patient}`);
    await terminal.press("Enter", "Enter");
    await terminal.until(`${patient}  (external)`);
    const card = await terminal.until("white: rough box");
    expect(card).toContain(`risk ${risk.toFixed(3)}`);
    expect(card).toMatch(/deep_arterial_\d+ +z [+-]/);
    expect(await terminal.coloured()).toMatch(/\[[\d;]*48;2;\d+;\d+;\d+/);
    await terminal.press("Escape");
    await terminal.until("1 patient by risk");
    await terminal.press("c");
    await terminal.until("islet-out/demo/model.islet");
    await terminal.press("Enter");
    await terminal.until("Press enter to score");
    for (const file of ["arterial.nii.gz", "arterial-rough.json"]) {
      await terminal.press("Down");
      await terminal.type(`demo/patients/${patient}/${file}`);
    }
    await terminal.press("Enter");
    expect(await terminal.until("Nearest training patients")).toContain(`risk ${risk.toFixed(3)}: `);
    await terminal.press("Escape");
    await terminal.until("score a patient");
    await terminal.press("C-c");
    await terminal.until(PROMPT);
    expect(await terminal.modes()).toEqual({ alternate: false, cursor: true });
  }, 180_000);

  it("stop a study at 200 x 60 without loss and go on with it; a terminal made too small says so and comes back", async () => {
    await open(200, 60, "tui demo/study.yaml -o out --workers 1");
    await terminal.until(/Done last/, 90);
    await terminal.press("q");
    await terminal.until("Stop this study?");
    await terminal.press("y");
    await terminal.until("Press r to go on from there");
    await terminal.resize(60, 20);
    await terminal.until(/need 80\s+columns and 24 rows/);
    await terminal.resize(200, 60);
    await terminal.until("Press r to go on from there");
    await terminal.press("r");
    await terminal.until(/[1-9]\d* kept from before/);
    await terminal.until("✓ finished after", 90);
    await terminal.press("Escape");
    expect(await terminal.until("Your last studies")).toContain("finished: demo cohort");
    await terminal.until(/› demo cohort .*finished/);
    await terminal.press("q");
    await terminal.until(PROMPT);
    // What a run without a stop gives.
    const whole = await islet(["study", "run", join(folder, "demo", "study.yaml"), "-o", join(folder, "whole"), "--json"]);
    expect(whole.code).toBe(0);
    const predictions = (out: string) => readFile(join(folder, out, "predictions.csv"), "utf8");
    expect(await predictions("out")).toBe(await predictions("whole"));
  }, 180_000);

  it("name the column that a wrong table lacks, and go on when it is mended", async () => {
    const wrong = join(folder, "wrong");
    await cp(join(folder, "demo"), wrong, { recursive: true });
    const table = await readFile(join(wrong, "cohort.csv"), "utf8");
    await writeFile(join(wrong, "cohort.csv"), table.replace("recurrence", "recurence"));
    await open(80, 24, "", { NO_COLOR: "1" });
    await terminal.until("Your last studies");
    await terminal.press("o");
    await terminal.until("open a study");
    await terminal.type("wrong/study.yaml");
    await terminal.press("Enter");
    expect(asText(await terminal.until("✗"))).toContain('✗ wrong/cohort.csv: has no column "recurrence"; did you mean "recurence"?');
    expect(await terminal.coloured()).not.toContain("\u001b[");
    await writeFile(join(wrong, "cohort.csv"), table);
    await terminal.press("Enter");
    await terminal.until("✓ demo cohort");
    await terminal.press("C-c");
    await terminal.until(PROMPT);
  }, 120_000);

  it("give the terminal back on a crash and on a signal", async () => {
    await open(80, 24, "tui; echo ended $?", {
      NODE_OPTIONS: "--import data:text/javascript,process.on('SIGUSR2',()=>{throw(new(Error)('fell%20over'))})",
    });
    await terminal.until("the network runs on");
    expect(await terminal.modes()).toMatchObject({ alternate: true, cursor: false });
    process.kill(await terminal.program(), "SIGUSR2");
    const after = await terminal.until("ended 1");
    expect(after).toMatch(/islet: this should not have happened[^]*fell over/);
    expect(await terminal.modes()).toEqual({ alternate: false, cursor: true });
    await terminal.close();

    await open(80, 24, "tui");
    await terminal.until("the network runs on");
    process.kill(await terminal.program(), "SIGTERM");
    await terminal.until("Terminated");
    expect(await terminal.modes()).toEqual({ alternate: false, cursor: true });
  }, 120_000);
});
