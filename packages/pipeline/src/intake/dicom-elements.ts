// A walk over the elements of a DICOM file, far enough to know whether its pixel data are all there: dcmjs fills what is
// missing with zeros, and dcm2niix decodes it as if it were an image.

/** Where the pixel data of a file lie. */
export interface PixelData {
  /** The value: raw pixels, or the items of an encapsulated stream. */
  readonly bytes: Uint8Array;
  /** False when the file ends before its pixel data do. */
  readonly isWhole: boolean;
}

const IMPLICIT = "1.2.840.10008.1.2";
const BIG_ENDIAN = "1.2.840.10008.1.2.2";
const UNDEFINED_LENGTH = 0xffffffff;
const LONG_FORM = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"]);

/**
 * Finds the pixel data of a Part 10 file.
 *
 * @param transferSyntax  UID from the file's meta group; a deflated data set cannot be walked
 * @returns null when the file ends before any pixel data begin
 * @see DICOM PS3.5, section 7 (data set) and annex A.4 (encapsulation)
 */
export function findPixelData(bytes: Uint8Array, transferSyntax: string): PixelData | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const walk = new Walk(view);
  let at = 132;
  while (at + 8 <= bytes.length) {
    const isMeta = view.getUint16(at, true) === 2;
    walk.littleEndian = isMeta || transferSyntax !== BIG_ENDIAN;
    const element = walk.element(at, !isMeta && transferSyntax === IMPLICIT);
    if (element.tag === 0x7fe00010 || element.tag === 0x7fe00008 || element.tag === 0x7fe00009) {
      if (element.length !== UNDEFINED_LENGTH) {
        const end = element.value + element.length;
        return { bytes: bytes.subarray(element.value, end), isWhole: end <= bytes.length };
      }
      const end = walk.endOfItems(element.value, false);
      return { bytes: bytes.subarray(element.value, end ?? bytes.length), isWhole: end !== null };
    }
    const next = element.length === UNDEFINED_LENGTH ? walk.endOfItems(element.value, element.isImplicit) : element.value + element.length;
    if (next === null) return null;
    at = next;
  }
  return null;
}

class Walk {
  littleEndian = true;
  readonly view: DataView;
  constructor(view: DataView) {
    this.view = view;
  }

  /** The element at an offset; the content of an UN of undefined length is implicit, whatever surrounds it. */
  element(at: number, isImplicit: boolean): { tag: number; value: number; length: number; isImplicit: boolean } {
    const { view, littleEndian } = this;
    const tag = view.getUint16(at, littleEndian) * 0x10000 + view.getUint16(at + 2, littleEndian);
    if (isImplicit || tag >= 0xfffe0000) return { tag, value: at + 8, length: view.getUint32(at + 4, littleEndian), isImplicit };
    const vr = String.fromCharCode(view.getUint8(at + 4), view.getUint8(at + 5));
    if (!LONG_FORM.has(vr)) return { tag, value: at + 8, length: view.getUint16(at + 6, littleEndian), isImplicit };
    if (at + 12 > view.byteLength) return { tag, value: view.byteLength, length: 0, isImplicit };
    return { tag, value: at + 12, length: view.getUint32(at + 8, littleEndian), isImplicit: vr === "UN" };
  }

  /** Past the delimiter that ends a sequence of items, or null when the file ends first. */
  endOfItems(from: number, isImplicit: boolean): number | null {
    let at: number | null = from;
    while (at !== null && at + 8 <= this.view.byteLength) {
      const { tag, value, length } = this.element(at, true);
      if (tag === 0xfffee0dd) return value;
      at = length === UNDEFINED_LENGTH ? this.endOfItem(value, isImplicit) : value + length;
    }
    return null;
  }

  private endOfItem(from: number, isImplicit: boolean): number | null {
    let at: number | null = from;
    while (at !== null && at + 8 <= this.view.byteLength) {
      const inner = this.element(at, isImplicit);
      if (inner.tag === 0xfffee00d) return inner.value;
      at = inner.length === UNDEFINED_LENGTH ? this.endOfItems(inner.value, inner.isImplicit) : inner.value + inner.length;
    }
    return null;
  }
}
