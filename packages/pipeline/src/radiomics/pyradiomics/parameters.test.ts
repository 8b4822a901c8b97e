import { describe, expect, it } from "vitest";
import { binLevels } from "./bins.ts";
import { pyradiomicsNames } from "./extract.ts";
import { DEFAULT_PARAMETERS, parsePyradiomicsParameters } from "./parameters.ts";

const read = (text: string) => parsePyradiomicsParameters(text, "Params.yaml");

/** A file such as PyRadiomics' users have. */
const TYPICAL = `
imageType:
  Original: {}
  LoG: { sigma: [1.0, 3.0] }
  Wavelet: {}
featureClass:
  shape:
  firstorder: [Mean, StandardDeviation]
  glcm:
    - Contrast
    - SumVariance
setting:
  normalize: true
  normalizeScale: 100
  binWidth: 5
  resampledPixelSpacing: [2, 2, 2]
  interpolator: sitkBSpline
  resegmentRange: [-3, 3]
  resegmentMode: sigma
  voxelArrayShift: 300
  additionalInfo: true
  label: 2
  geometryTolerance: 0.0001
`;

describe("parsePyradiomicsParameters", () => {
  it("reads a file of PyRadiomics as it is", () => {
    const { settings, classes } = read(TYPICAL);
    expect(settings).toMatchObject({
      normalize: true,
      normalizeScale: 100,
      binWidth: 5,
      resampledPixelSpacing: [2, 2, 2],
      interpolator: "spline",
      resegmentRange: [-3, 3],
      resegmentMode: "sigma",
      voxelArrayShift: 300,
      label: 2,
    });
    expect(classes).toEqual([
      { name: "shape", features: null },
      { name: "firstorder", features: ["Mean", "StandardDeviation"] },
      { name: "glcm", features: ["Contrast"] },
    ]);
  });

  it("says of each thing that it does not do, and why", () => {
    const { warnings } = read(TYPICAL);
    const said = (pattern: RegExp) => expect(warnings).toContainEqual(expect.stringMatching(pattern));
    said(/imageType LoG is not supported, its features are left out/);
    said(/imageType Wavelet is not supported/);
    said(/glcm\.SumVariance is deprecated in PyRadiomics and left out/);
    said(/setting\.additionalInfo has no effect: provenance is always given/);
    said(/setting\.geometryTolerance has no effect/);
    expect(warnings).toHaveLength(5);
  });

  it("keeps what stands under imageType.Original for the classes that look at intensities, and says where it has no effect", () => {
    const { settings, original, warnings } = read(
      "setting: { binWidth: 5 }\nimageType: { Original: { binWidth: 10, distances: [2], label: 3 } }",
    );
    expect(settings).toMatchObject({ binWidth: 5, distances: [1], label: 1 });
    expect(original).toEqual({ ...settings, binWidth: 10, distances: [2] });
    expect(warnings).toEqual(["Params.yaml: imageType.Original.label has no effect there, as in PyRadiomics; write it under setting"]);
  });

  it("has PyRadiomics' defaults: seven classes, bins of 25, label 1", () => {
    expect(DEFAULT_PARAMETERS.settings).toMatchObject({
      binWidth: 25,
      binCount: null,
      label: 1,
      normalize: false,
      symmetricalGLCM: true,
      gldm_a: 0,
    });
    const names = pyradiomicsNames(DEFAULT_PARAMETERS);
    expect([...new Set(names.map((name) => name.split("_")[1]))]).toEqual([
      "shape",
      "firstorder",
      "glcm",
      "gldm",
      "glrlm",
      "glszm",
      "ngtdm",
    ]);
    expect(names).toHaveLength(14 + 18 + 24 + 14 + 16 + 16 + 5);
    expect(names).toContain("original_glcm_Contrast");
  });

  it("takes null for a default, as PyRadiomics writes it", () => {
    expect(
      read("setting: { resegmentRange: null, binCount: null, weightingNorm: null, interpolator: null }").settings.interpolator,
    ).toBeNull();
  });

  it.each([
    ["setting: { binwidth: 5 }", /setting\.binwidth is not a setting of PyRadiomics; did you mean "binWidth"/],
    ["setting: { binWidth: -1 }", /setting\.binWidth: /],
    ["setting: { resampledPixelSpacing: [1, 1] }", /setting\.resampledPixelSpacing: /],
    ["setting: { interpolator: sitkGaussian }", /"sitkGaussian" is not supported; use sitkBSpline, sitkLinear or sitkNearestNeighbor/],
    ["featureClass: { glmc: null }", /featureClass\.glmc is not a class of PyRadiomics; did you mean "glcm"/],
    ["featureClass: { glcm: [Contrst] }", /featureClass\.glcm: Contrst is not one of its features; did you mean "Contrast"/],
    ["imageType: { LoG: {} }", /asks for filtered images only/],
    ["imageType: { Original: { binwidth: 5 } }", /setting\.binwidth is not a setting of PyRadiomics; did you mean "binWidth"/],
    ["settings: {}", /settings is not a key of a parameter file; did you mean "setting"\?; a parameter file has setting, imageType, /],
    ["inputImage: { Original: {} }", /inputImage is what PyRadiomics 1 called imageType; rename the key/],
    ["setting: 5", /setting: .*; a parameter file has setting, imageType, featureClass and voxelSetting/],
    ["setting: [", /is not valid YAML/],
  ])("refuses %s", (text, sentence) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ name: "ConfigError", message: expect.stringMatching(sentence) as unknown as string }),
    );
  });
});

describe("binLevels", () => {
  const levels = (values: readonly number[], binWidth: number, binCount: number | null = null) => [
    ...binLevels(Float64Array.from(values), { binWidth, binCount }),
  ];

  it("puts edges at multiples of the width, below 0 too", () => {
    expect(levels([-30, -26, -25, 0, 24, 25], 25)).toEqual([1, 1, 2, 3, 3, 4]);
  });

  it("starts at a multiple of the width also where the lowest intensity is one", () => {
    expect(levels([50, 74, 75], 25)).toEqual([1, 1, 2]);
  });

  it("puts an intensity on an edge into the upper bin although the width is no binary fraction", () => {
    expect(levels([0, 0.1, 0.2, 0.3, 0.7], 0.1)).toEqual([1, 2, 3, 3, 7]);
  });

  it("spreads a number of bins over the range, the highest intensity in the last", () => {
    expect(levels([0, 24, 25, 99, 100], 25, 4)).toEqual([1, 1, 2, 4, 4]);
  });

  it("gives a flat region one level; with a bin count the middle one, as NumPy's histogram", () => {
    expect(levels([7, 7], 25)).toEqual([1, 1]);
    expect(levels([7, 7], 25, 4)).toEqual([3, 3]);
  });

  it("refuses bins far too narrow for the image", () => {
    expect(() => levels([0, 1e6], 1)).toThrow(expect.objectContaining({ name: "ConfigError" }));
  });
});
