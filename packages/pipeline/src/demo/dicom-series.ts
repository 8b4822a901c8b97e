// A generated scan as a CT series in DICOM, one file a slice, such as a scanner would send it. SYNTHETIC says so in its names and comments.
import dcmjs from "dcmjs";
import { randomFor, randomInt } from "../random.ts";
import type { Volume } from "../volume.ts";

/** Stored values are HU + 1024. */
const INTERCEPT = -1024;

const CT_IMAGE = "1.2.840.10008.5.1.4.1.1.2";
const EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";

/** What the headers of a series say. */
export interface SeriesFacts {
  readonly seed: number;
  /** Becomes patient id and name; it says SYNTHETIC. */
  readonly patient: string;
  readonly phase: string;
  readonly series: number;
  readonly hospital: string;
  readonly kvp: number;
  readonly sliceThicknessMm: number;
}

/**
 * The files of a series: uncompressed, explicit little endian, 16 bits signed, from the lowest slice up.
 *
 * Unique identifiers follow from seed, patient and phase (UUID-derived form, 2.25.n), so the same facts and voxels give the same bytes. There is no
 * date of birth, and the dates are the first of January 2000.
 *
 * @param volume  whole HU above -1024, axis-aligned
 * @see DICOM PS3.3 A.3 (CT image), PS3.5 B.2 (UUID-derived identifiers)
 */
export function dicomSeries(volume: Volume, facts: SeriesFacts): { readonly name: string; readonly bytes: Uint8Array }[] {
  const { seed, patient, phase, series, hospital, kvp, sliceThicknessMm } = facts;
  const [nz, rows, columns] = volume.shape;
  const [dz, dy, dx] = volume.spacing;
  const [z0, y0, x0] = volume.origin;
  const shared = {
    SpecificCharacterSet: "ISO_IR 192",
    SOPClassUID: CT_IMAGE,
    StudyInstanceUID: uid(seed, patient, "study"),
    SeriesInstanceUID: uid(seed, patient, phase, "series"),
    FrameOfReferenceUID: uid(seed, patient, "frame"),
    PositionReferenceIndicator: "",
    PatientName: patient.replace("-", "^"),
    PatientID: patient,
    PatientBirthDate: "",
    PatientSex: "",
    PatientIdentityRemoved: "YES",
    DeidentificationMethod: "SYNTHETIC: generated, nobody was scanned",
    PatientComments: "SYNTHETIC phantom; no person",
    StudyDate: "20000101",
    StudyTime: "000000",
    StudyID: "1",
    AccessionNumber: "",
    ReferringPhysicianName: "",
    Modality: "CT",
    Manufacturer: "Islet demo generator",
    InstitutionName: `SYNTHETIC ${hospital}`,
    StudyDescription: "SYNTHETIC abdomen",
    SeriesDescription: `SYNTHETIC ${phase}`,
    SeriesNumber: series,
    AcquisitionNumber: series,
    ImageType: ["DERIVED", "PRIMARY", "AXIAL"],
    ImageComments: "SYNTHETIC phantom",
    KVP: kvp,
    SliceThickness: sliceThicknessMm,
    SpacingBetweenSlices: dz,
    ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
    PixelSpacing: [dy, dx],
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    Rows: rows,
    Columns: columns,
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 1,
    RescaleIntercept: INTERCEPT,
    RescaleSlope: 1,
    RescaleType: "HU",
  };
  const area = rows * columns;
  return Array.from({ length: nz }, (_, k) => ({
    name: `slice-${String(k + 1).padStart(4, "0")}.dcm`,
    bytes: dicomFile({
      ...shared,
      SOPInstanceUID: uid(seed, patient, phase, "slice", k),
      InstanceNumber: k + 1,
      ImagePositionPatient: [x0, y0, z0 + k * dz],
      SliceLocation: z0 + k * dz,
      PixelData: Int16Array.from(volume.data.subarray(k * area, (k + 1) * area), (hu) => hu - INTERCEPT).buffer,
      _vrMap: { PixelData: "OW" },
    }),
  }));
}

/** A Part 10 file of a dataset. */
function dicomFile(dataset: Record<string, unknown>): Uint8Array {
  const { DicomDict, DicomMetaDictionary } = dcmjs.data;
  const file = new DicomDict(
    DicomMetaDictionary.denaturalizeDataset({
      MediaStorageSOPClassUID: dataset["SOPClassUID"],
      MediaStorageSOPInstanceUID: dataset["SOPInstanceUID"],
      TransferSyntaxUID: EXPLICIT_LITTLE_ENDIAN,
      ImplementationClassUID: "2.25.1",
      _vrMap: { TransferSyntaxUID: "UI" },
    }),
  );
  file.dict = DicomMetaDictionary.denaturalizeDataset(dataset);
  return new Uint8Array(file.write());
}

/** An identifier that follows from what it is for: 2.25 and up to 36 digits. */
function uid(seed: number, ...path: (string | number)[]): string {
  const random = randomFor(seed, "demo", "uid", ...path);
  return `2.25.${1 + randomInt(random, 9)}${Array.from({ length: 35 }, () => randomInt(random, 10)).join("")}`;
}
