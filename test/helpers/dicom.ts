// Synthetic DICOM files for tests: CT slices, segmentations and structure sets, written with dcmjs.
import dcmjs from "dcmjs";

const { DicomDict, DicomMetaDictionary } = dcmjs.data;

/** Attributes by their DICOM keyword, as dcmjs naturalises them. */
export type Dataset = Record<string, unknown>;

const EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";
const CT_IMAGE = "1.2.840.10008.5.1.4.1.1.2";

/** A name no message, report or output may ever show. */
export const PATIENT_NAME = "SECRET^PATIENT";

/** The bytes of a Part 10 file holding the dataset, in explicit little endian, whatever TransferSyntaxUID it is told to claim. */
export function dicomFile({ TransferSyntaxUID = EXPLICIT_LITTLE_ENDIAN, ...dataset }: Dataset): Uint8Array {
  const sop = { SOPClassUID: CT_IMAGE, SOPInstanceUID: uid("instance"), ...dataset };
  const meta = {
    MediaStorageSOPClassUID: sop.SOPClassUID,
    MediaStorageSOPInstanceUID: sop.SOPInstanceUID,
    TransferSyntaxUID,
    ImplementationClassUID: "2.25.1",
  };
  const vr: Record<string, string> = { TransferSyntaxUID: "UI", PixelData: "OW" };
  const named = { ...sop, _vrMap: { ...vr, ...(dataset["_vrMap"] as Record<string, string> | undefined) } };
  const file = new DicomDict(DicomMetaDictionary.denaturalizeDataset(meta));
  file.dict = DicomMetaDictionary.denaturalizeDataset(named);
  return new Uint8Array(file.write());
}

let counter = 0;
/** A fresh UID; tests that need it stable pass their own. */
export function uid(_for: string): string {
  counter += 1;
  return `2.25.20${String(counter).padStart(8, "0")}`;
}

/** What a synthetic CT series is made of; everything has a default. */
export interface CtSeries {
  readonly slices?: number;
  readonly rows?: number;
  readonly columns?: number;
  /** Position (x, y, z) of the first voxel of slice k, LPS, mm. */
  readonly position?: (k: number) => readonly [number, number, number];
  /** Row direction then column direction, LPS. */
  readonly orientation?: readonly number[];
  readonly pixelSpacing?: number;
  /** Stored value of voxel (k, row, column); HU is this minus 1024. */
  readonly stored?: (k: number, row: number, column: number) => number;
  /** Attributes that replace or add to those of every slice. */
  readonly attributes?: Dataset | ((k: number) => Dataset);
}

/** One file per slice of an axial CT series: 12 x 16 x 20 voxels of 2 x 1 x 1 mm unless told otherwise. */
export function ctSeries(series: CtSeries = {}): { name: string; bytes: Uint8Array }[] {
  const { slices = 12, rows = 16, columns = 20, pixelSpacing = 1 } = series;
  const position = series.position ?? ((k) => [-10, -8, 100 + 2 * k] as const);
  const stored = series.stored ?? ((k, r, c) => 1024 + 100 * k + 5 * r + c);
  const seriesUid = uid("series");
  const frame = uid("frame");
  return Array.from({ length: slices }, (_, k) => {
    const pixels = new Int16Array(rows * columns);
    for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) pixels[r * columns + c] = stored(k, r, c);
    const extra = typeof series.attributes === "function" ? series.attributes(k) : series.attributes;
    const [x, y, z] = position(k);
    const bytes = dicomFile({
      PatientName: PATIENT_NAME,
      PatientID: "SECRET-ID-77",
      Modality: "CT",
      ImageType: ["ORIGINAL", "PRIMARY", "AXIAL"],
      Manufacturer: "Synthetic",
      StudyInstanceUID: "2.25.100",
      SeriesInstanceUID: seriesUid,
      FrameOfReferenceUID: frame,
      SeriesNumber: 1,
      SeriesDescription: "synthetic",
      AcquisitionNumber: 1,
      InstanceNumber: k + 1,
      ImagePositionPatient: [x, y, z],
      ImageOrientationPatient: series.orientation ?? [1, 0, 0, 0, 1, 0],
      SliceThickness: 2,
      PixelSpacing: [pixelSpacing, pixelSpacing],
      SamplesPerPixel: 1,
      PhotometricInterpretation: "MONOCHROME2",
      Rows: rows,
      Columns: columns,
      BitsAllocated: 16,
      BitsStored: 16,
      HighBit: 15,
      PixelRepresentation: 1,
      RescaleIntercept: -1024,
      RescaleSlope: 1,
      PixelData: pixels.buffer,
      ...extra,
    });
    return { name: `slice-${String(k + 1).padStart(3, "0")}.dcm`, bytes };
  });
}

/** One closed contour, or an open one, as points (x, y, z) in LPS, mm. */
export interface DrawnContour {
  readonly points: readonly (readonly [number, number, number])[];
  readonly type?: "CLOSED_PLANAR" | "CLOSEDPLANAR_XOR" | "OPEN_PLANAR" | "POINT";
}

/** A structure set (RTSTRUCT) with the structures in the given order. */
export function structureSet(structures: Readonly<Record<string, readonly DrawnContour[]>>): Uint8Array {
  const names = Object.keys(structures);
  return dicomFile({
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.481.3",
    Modality: "RTSTRUCT",
    PatientName: PATIENT_NAME,
    StructureSetROISequence: names.map((name, i) => ({ ROINumber: i + 1, ROIName: name })),
    ROIContourSequence: names.map((name, i) => ({
      ReferencedROINumber: i + 1,
      ContourSequence: structures[name]!.map(({ points, type = "CLOSED_PLANAR" }) => ({
        ContourGeometricType: type,
        NumberOfContourPoints: points.length,
        ContourData: points.flat().map((v) => Number(v.toFixed(6))),
      })),
    })),
  });
}

/** A segmentation of frames on slices. */
export interface DrawnSegmentation {
  readonly type?: "BINARY" | "FRACTIONAL" | "LABELMAP";
  readonly segments: readonly string[];
  readonly rows: number;
  readonly columns: number;
  /** Each frame's segment (from 1), the position of its first pixel, and its pixels. */
  readonly frames: readonly {
    readonly segment: number;
    readonly position: readonly [number, number, number];
    readonly pixels: readonly number[];
  }[];
  readonly orientation?: readonly number[];
  readonly attributes?: Dataset;
  /** Attributes of the shared pixel measures besides the pixel spacing of 1 mm. */
  readonly measures?: Dataset;
}

/** A DICOM segmentation; binary frames are packed to bits, without padding between frames. */
export function segmentation({
  type = "BINARY",
  segments,
  rows,
  columns,
  frames,
  orientation,
  attributes,
  measures,
}: DrawnSegmentation): Uint8Array {
  const values = frames.flatMap(({ pixels }) => pixels);
  const packed = new Uint8Array(2 * Math.ceil(values.length / 16));
  values.forEach((v, i) => {
    if (v) packed[i >> 3]! |= 1 << (i & 7);
  });
  const bits = type === "BINARY" ? 1 : 8;
  return dicomFile({
    SOPClassUID: type === "LABELMAP" ? "1.2.840.10008.5.1.4.1.1.66.7" : "1.2.840.10008.5.1.4.1.1.66.4",
    Modality: "SEG",
    PatientName: PATIENT_NAME,
    SegmentationType: type,
    ...(type === "FRACTIONAL" && { MaximumFractionalValue: 200, SegmentationFractionalType: "PROBABILITY" }),
    SegmentSequence: segments.map((label, i) => ({ SegmentNumber: i + 1, SegmentLabel: label })),
    Rows: rows,
    Columns: columns,
    NumberOfFrames: frames.length,
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    BitsAllocated: bits,
    BitsStored: bits,
    HighBit: bits - 1,
    PixelRepresentation: 0,
    SharedFunctionalGroupsSequence: [
      {
        PixelMeasuresSequence: [{ PixelSpacing: [1, 1], ...measures }],
        PlaneOrientationSequence: [{ ImageOrientationPatient: orientation ?? [1, 0, 0, 0, 1, 0] }],
      },
    ],
    PerFrameFunctionalGroupsSequence: frames.map(({ segment, position }) => ({
      PlanePositionSequence: [{ ImagePositionPatient: [...position] }],
      ...(type !== "LABELMAP" && { SegmentIdentificationSequence: [{ ReferencedSegmentNumber: segment }] }),
    })),
    PixelData: (bits === 1 ? packed : Uint8Array.from([...values, ...(values.length % 2 ? [0] : [])])).buffer,
    _vrMap: { PixelData: "OB" },
    ...attributes,
  });
}
