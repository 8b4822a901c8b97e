import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleFixture } from "../../../../test/helpers/bundle.ts";
import { openBundle, type Bundle } from "../study/bundle/bundle.ts";
import { hashInput } from "../host/hash.node.ts";
import { planScore } from "./inputs.ts";
import { readPatients, type TablePatient } from "./table-patients.node.ts";

let folder: string;
let bundle: Bundle;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-patients-"));
  bundle = await openBundle((await bundleFixture("DLR-A + sag")).bytes);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A table of the bundle's columns with these rows. */
async function table(...rows: string[]): Promise<string> {
  const file = join(folder, "cohort.csv");
  const header = "patient_id,cohort,centre,arterial,mask,age,sex,symptom";
  await writeFile(file, `${[header, ...rows].join("\n")}\n`);
  return file;
}

/** The sentence that a patient of the table ends with. */
async function faultOf({ inputs, placed }: TablePatient): Promise<string> {
  try {
    const [task] = await planScore(bundle, inputs);
    await hashInput(task!.image as string);
    return "";
  } catch (error) {
    return placed((error as Error).message);
  }
}

describe("a table of patients", () => {
  it("names row and column of a file that is not there, of an empty cell and of a value that is none, and no path of this disk", async () => {
    const file = await table(
      "P1,a,x,scans/nobody,scans/nobody/rough.json,61,F,no",
      "P2,a,x,scans/2,,61,F,no",
      "P3,a,x,,r.json,61,F,no",
      "P4,a,x,scans/4,r.json,old,F,no",
      "P5,a,x,scans/5,r.json,61,F,",
    );
    const faults = await Promise.all((await readPatients(file, bundle, {})).map(faultOf));
    expect(faults).toEqual([
      expect.stringMatching(/^cohort\.csv, row 2, column arterial: scans\/nobody: does not exist/),
      expect.stringMatching(/^cohort\.csv, row 3, column mask: is empty: the model's deep features need the tumour's place/),
      expect.stringMatching(/^cohort\.csv, row 4, column arterial: is empty: the model ".*" needs its image/),
      'cohort.csv, row 5, column age: expected a number; got "old"',
      expect.stringMatching(/^cohort\.csv, row 6, column symptom: the model ".*" needs a value/),
    ]);
    expect(faults.join()).not.toContain(folder);
  });

  it("names the column of the longer of two paths where one lies in the other", async () => {
    const [one] = await readPatients(await table("P1,a,x,scans/1,scans/1/rough.json,61,F,no"), bundle, {});
    expect(one!.placed(`${join(folder, "scans/1/rough.json")}: is not JSON`)).toBe(
      "cohort.csv, row 2, column mask: scans/1/rough.json: is not JSON",
    );
  });

  it("says what a column holds where no row has the value that was asked for", async () => {
    const file = await table("P1,external,Graz,i,r,1,F,no", "P2,internal,Linz,i,r,1,F,no", "P3,internal,,i,r,1,F,no");
    const asked = (where: Record<string, string>) => readPatients(file, bundle, { where });
    await expect(asked({ cohort: "internal", centre: "Linz" })).resolves.toHaveLength(1);
    await expect(asked({ cohort: "extrenal" })).rejects.toThrow(
      `${file}, column cohort: no row has "extrenal"; did you mean "external"? (its values: external, internal)`,
    );
    await expect(asked({ cohort: "internal", centre: "Graz" })).rejects.toThrow(
      `${file}, column centre: no row with cohort = internal has "Graz" (its values: empty, Linz)`,
    );
  });
});
