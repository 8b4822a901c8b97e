import { describe, expect, it } from "vitest";
import { blockOf, planOfBlock } from "./blocks.ts";
import { parseStudy } from "./config.ts";

const STUDY = `
name: t
seed: 1
cohorts: { internal: { table: c.csv } }
outcome: { event: y }
phases:
  ct: { image: i, mask: m, window: { level: 50, width: 400 } }
  mr: { image: j, mask: n, percentiles: [1, 99] }
preprocess: { spacing: 1.5, interpolation: linear }
models: [{ name: R, features: [radiomics.ct, radiomics.ct.ibsi-c, radiomics.mr.ibsi] }]
`;
const study = parseStudy(STUDY, "study.yaml");

const chainOf = (phase: string, preset: string) => {
  const plan = planOfBlock(study, phase, preset);
  if (plan.kind !== "ibsi") throw new Error("expected a plan by IBSI's definitions");
  return plan.settings.chain;
};

describe("blocks", () => {
  it("take the study's preset, song-2021 by default, or name their own", () => {
    expect(blockOf("radiomics.ct", study)).toEqual({ kind: "radiomics", phase: "ct", preset: "song-2021" });
    expect(blockOf("radiomics.ct.ibsi-c", study)).toMatchObject({ preset: "ibsi-c" });
  });

  it("give song-2021 the study's grid and the phase's window, and leave IBSI's configurations theirs", () => {
    expect(chainOf("ct", "song-2021")).toMatchObject({ spacing: 1.5, interpolation: "linear", window: { level: 50, width: 400 } });
    expect(chainOf("ct", "ibsi-c")).toMatchObject({ spacing: 2, window: null, resegmentation: { low: -1000, high: 400 } });
    expect(chainOf("ct", "ibsi")).toMatchObject({ spacing: null, discretisation: { kind: "fixedBinSize", size: 25 } });
  });

  it("bin intensities without a unit by number, inside the percentiles, without bounds in HU", () => {
    expect(chainOf("mr", "ibsi-c")).toMatchObject({
      window: { percentiles: [1, 99] },
      resegmentation: null,
      rounding: false,
      discretisation: { kind: "fixedBinNumber", number: 32 },
      ivhDiscretisation: { kind: "none" },
    });
  });

  it("are refused where they name no preset, with the nearest one", () => {
    expect(() => parseStudy(STUDY.replace("ibsi-c", "ibsi-x"), "study.yaml")).toThrow(
      expect.objectContaining({
        name: "ConfigError",
        message: expect.stringMatching(/"radiomics\.ct\.ibsi-x" names no preset; did you mean "ibsi/) as unknown as string,
      }),
    );
  });
});
