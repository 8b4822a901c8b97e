import { describe, expect, it } from "vitest";
import { readRadiomicsConfig } from "./config.ts";
import { presetOf } from "./presets.ts";

const ibsi = presetOf("ibsi").settings;
const read = (text: string) => readRadiomicsConfig(text, "C.yaml", ibsi);

describe("readRadiomicsConfig", () => {
  it("changes what it names and leaves the rest of the preset", () => {
    const { chain, select } = read(
      "spacing: 2\nrounding: true\nresegmentation: [null, 400]\ndiscretisation: { fixedBinNumber: 8 }\nfeatures: { glcm: [2D_avg] }",
    );
    expect(chain).toEqual({
      ...ibsi.chain,
      spacing: 2,
      rounding: true,
      resegmentation: { low: -Infinity, high: 400 },
      discretisation: { kind: "fixedBinNumber", number: 8 },
    });
    expect(select).toEqual({ ...ibsi.select, glcm: ["2D_avg"] });
  });

  it("takes null for a step that is not wanted", () => {
    const preset = presetOf("ibsi-e").settings;
    const { chain } = readRadiomicsConfig(
      "spacing: null\noutlierSigma: null\nresegmentation: null\nivhDiscretisation: none",
      "C.yaml",
      preset,
    );
    expect(chain).toMatchObject({ spacing: null, outlierSigma: null, resegmentation: null, ivhDiscretisation: { kind: "none" } });
  });

  it("leaves the preset as it is where the file is empty", () => {
    expect(read("")).toEqual(ibsi);
  });

  it.each([
    ["spacin: 2", /unknown key "spacin"; did you mean "spacing"/],
    ["features: { glmc: [] }", /unknown key "glmc"; did you mean "glcm"/],
    ["setting: { binWidth: 5 }", /A parameter file of PyRadiomics belongs to the preset pyradiomics/],
    ["discretisation: { fixedBinSize: -3 }", /^C\.yaml: discretisation/],
    ["features: { glcm: [4D] }", /^C\.yaml: features\.glcm\.0: /],
    ["spacing: [", /is not valid YAML/],
  ])("refuses %s", (text, sentence) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ name: "ConfigError", message: expect.stringMatching(sentence) as unknown as string }),
    );
  });
});
