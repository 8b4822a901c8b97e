"""What independent readers see in the shared scans: pydicom (pixels through GDCM where compressed), nibabel, and NRRD read by hand.

    /usr/bin/python3 test/generate/intake_scans.py [SHARED_DATA]     (Debian: python3-pydicom python3-gdcm python3-nibabel)

Writes test/golden/intake-scans.json: for every scan its shape, spacing and first position in (z, y, x) LPS after axes were
permuted and flipped to the nearest patient axes, the sum, minimum and maximum of its values (64-bit sums), and some voxels as
[z, y, x, value] by their position.
"""
import datetime
import glob
import gzip
import json
import pathlib
import sys

import nibabel
import numpy as np
import pydicom

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "data"


if not DATA.exists():
    print(f"skipped: {DATA} is absent")
    sys.exit(0)


def canonical(values, affine):
    """values[i, j, k] with an LPS affine -> values (z, y, x), its spacing, and the position of its first voxel."""
    columns = affine[:3, :3]
    order = [int(np.argmax(np.abs(columns[row]))) for row in range(3)]  # file axis nearest to x, y, z
    assert sorted(order) == [0, 1, 2]
    values = np.transpose(values, order)
    columns = columns[:, order]
    origin = affine[:3, 3].copy()
    for axis in range(3):
        if columns[axis, axis] < 0:
            origin = origin + columns[:, axis] * (values.shape[axis] - 1)
            columns[:, axis] = -columns[:, axis]
            values = np.flip(values, axis)
    spacing = np.linalg.norm(columns, axis=0)
    return np.transpose(values, (2, 1, 0)), spacing[::-1], origin[::-1], columns


def describe(values, affine, seed):
    volume, spacing, origin, columns = canonical(values, affine)
    rng = np.random.default_rng(seed)
    voxels = []
    for _ in range(40):
        index = [int(rng.integers(n)) for n in volume.shape]
        position = origin[::-1] + columns @ np.array(index[::-1], dtype=float)
        voxels.append([*position[::-1].tolist(), float(volume[tuple(index)])])
    return {
        "shape": list(volume.shape),
        "spacing": spacing.tolist(),
        "origin": origin.tolist(),
        "sum": float(volume.astype(np.float64).sum()),
        "minimum": float(volume.min()),
        "maximum": float(volume.max()),
        "voxels": voxels,
    }


def dicom(*parts):
    slices = [pydicom.dcmread(f) for f in glob.glob(str(DATA.joinpath(*parts)))]
    row, column = np.array(slices[0].ImageOrientationPatient[:3], float), np.array(slices[0].ImageOrientationPatient[3:], float)
    normal = np.cross(row, column)
    slices.sort(key=lambda s: float(np.dot(normal, np.array(s.ImagePositionPatient, float))))
    positions = np.array([s.ImagePositionPatient for s in slices], float)
    hu = np.stack([s.pixel_array.astype(np.float64) * float(s.RescaleSlope) + float(s.RescaleIntercept) for s in slices])
    affine = np.eye(4)
    between_rows, between_columns = (float(v) for v in slices[0].PixelSpacing)
    affine[:3, 0] = row * between_columns
    affine[:3, 1] = column * between_rows
    affine[:3, 2] = (positions[-1] - positions[0]) / (len(slices) - 1) if len(slices) > 1 else normal * float(slices[0].SliceThickness)
    affine[:3, 3] = positions[0]
    return np.transpose(hu, (2, 1, 0)), affine


def nifti(*parts):
    image = nibabel.load(str(DATA.joinpath(*parts)))
    return np.asarray(image.dataobj, dtype=np.float64), np.diag([-1.0, -1.0, 1.0, 1.0]) @ image.affine


def nrrd(*parts):
    raw = DATA.joinpath(*parts).read_bytes()
    end = raw.index(b"\n\n")
    fields = dict(line.split(": ", 1) for line in raw[:end].decode().splitlines() if ": " in line and not line.startswith("#"))
    assert fields["encoding"] == "gzip" and fields["endian"] == "little" and fields["space"] == "left-posterior-superior"
    kind = {"short": "<i2", "int": "<i4"}[fields["type"]]
    sizes = [int(n) for n in fields["sizes"].split()]
    values = np.frombuffer(gzip.decompress(raw[end + 2 :]), kind).reshape(sizes, order="F").astype(np.float64)
    vector = lambda text: [float(v) for v in text.strip("()").split(",")]
    affine = np.eye(4)
    affine[:3, :3] = np.array([vector(v) for v in fields["space directions"].split()]).T
    affine[:3, 3] = vector(fields["space origin"])
    return values, affine


scans = {
    "crlm-ct-1006/dicom": dicom("crlm-ct-1006", "dicom", "*.dcm"),
    "abdomen-jpeg2000/dicom": dicom("abdomen-jpeg2000", "dicom", "*"),
    "abdomen-jpeg2000/organs.nii.gz": nifti("abdomen-jpeg2000", "organs.nii.gz"),
    "ibsi/ct_phantom/dicom/image": dicom("ibsi", "ct_phantom", "dicom", "image", "*.dcm"),
    "ibsi/ct_phantom/nifti/image/phantom.nii.gz": nifti("ibsi", "ct_phantom", "nifti", "image", "phantom.nii.gz"),
    "ibsi/ct_phantom/nifti/mask/mask.nii.gz": nifti("ibsi", "ct_phantom", "nifti", "mask", "mask.nii.gz"),
    "ibsi/digital_phantom/image/phantom.nii.gz": nifti("ibsi", "digital_phantom", "image", "phantom.nii.gz"),
    "pyradiomics/brain1_image.nrrd": nrrd("pyradiomics", "brain1_image.nrrd"),
    "pyradiomics/brain1_label.nrrd": nrrd("pyradiomics", "brain1_label.nrrd"),
}
for patient in ["STS_001", "STS_022", "STS_051"]:
    for name in ["ct", "ct_mask", "mr_t1", "mr_t1_mask"]:
        scans[f"sts/{patient}/{name}.nii.gz"] = nifti("sts", patient, f"{name}.nii.gz")
for file in sorted(glob.glob(str(DATA / "dicom-transfer-syntaxes" / "*.dcm"))):
    name = pathlib.Path(file).name
    scans[f"dicom-transfer-syntaxes/{name}"] = dicom("dicom-transfer-syntaxes", name)

golden = {
    "provenance": {
        "tool": "pydicom with GDCM; nibabel; NRRD read with NumPy",
        "version": f"pydicom {pydicom.__version__}, nibabel {nibabel.__version__}, numpy {np.__version__}",
        "script": "test/generate/intake_scans.py",
        "date": datetime.date.today().isoformat(),
        "seed": 0,
    },
    "scans": {name: describe(*scan, seed=index) for index, (name, scan) in enumerate(scans.items())},
}
(ROOT / "test" / "golden" / "intake-scans.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
