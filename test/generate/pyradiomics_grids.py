"""PyRadiomics' features of a real tumour where grids, axes and types differ from the plain case -> test/golden/pyradiomics-grids.json

Tool: PyRadiomics 3 in an environment of its own, as pyradiomics_settings.py.
Run:  python test/generate/pyradiomics_grids.py [FOLDER]   with the CT of patient STS_002 in FOLDER (default ../shared/data/sts)

Each case says how its image and mask are made of the files, so that the test makes the same.
"""

import datetime
import json
import math
import pathlib
import sys

try:
    import radiomics
except ImportError:
    print("skipped: PyRadiomics is not installed for this Python")
    sys.exit(0)
import numpy as np
import SimpleITK as sitk
from radiomics import featureextractor

radiomics.setVerbosity(60)
ROOT = pathlib.Path(__file__).resolve().parents[2]
folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "../shared/data/sts") / "STS_002"

# A mask of another program: an ellipsoid on a grid of its own in the tumour, its axes columns of `direction`.
ELLIPSOID = {"size": [38, 46, 15], "spacing": [1.3, 0.9, 3.7], "origin": [105.17, 149.43, -577.3], "direction": [-1, 0, 0, 0, -1, 0, 0, 0, 1]}
MIRRORED = {**ELLIPSOID, "origin": [57.31, 149.43, -525.8], "direction": [1, 0, 0, 0, -1, 0, 0, 0, -1]}
TURNED = {**ELLIPSOID, "origin": [98.6, 155.4, -577.3], "direction": [-0.96, 0.28, 0, -0.28, -0.96, 0, 0, 0, 1]}
UPRIGHT = {"spacing": [1, 1, 3]}
OBLIQUE = {**UPRIGHT, "direction": [-1, 0, 0, 0, -0.96, -0.28, 0, -0.28, 0.96]}
HALVES = {"spacing": [0.5, 0.5, 3], "direction": OBLIQUE["direction"]}
SAGITTAL = {"permute": [1, 2, 0]}

CASES = [
    # name, image, mask, settings
    ("a mask on a grid of its own, cubic", {}, ELLIPSOID, {"resampledPixelSpacing": [3, 3, 3]}),
    ("a mask that runs against the image, slices of a new spacing", {}, MIRRORED, {"resampledPixelSpacing": [1.5, 1.5, 0], "force2D": True}),
    ("a mask turned by 16 degrees, linear", {}, TURNED, {"resampledPixelSpacing": [2, 2.5, 4], "interpolator": "sitkLinear"}),
    ("a mask moved by parts of a voxel, nearest neighbour", {}, {"shift": [0.3, -0.2, 0.9]}, {"resampledPixelSpacing": [2, 2, 2], "interpolator": "sitkNearestNeighbor", "padDistance": 0}),
    ("a mask on a grid of its own, to the image's spacing", {}, ELLIPSOID, {"resampledPixelSpacing": [0.976562, 0.976562, 3.27], "binCount": 32}),
    ("a mask on a grid of its own, normalised", {}, ELLIPSOID, {"resampledPixelSpacing": [2, 2, 2], "normalize": True, "normalizeScale": 100, "binWidth": 5}),
    ("1 x 1 x 3 mm to 1 mm, where every third slice is one of the image's", UPRIGHT, UPRIGHT, {"resampledPixelSpacing": [1, 1, 1]}),
    ("1 x 1 x 3 mm to 2 mm, linear: halves and quarters", UPRIGHT, UPRIGHT, {"resampledPixelSpacing": [2, 2, 2], "interpolator": "sitkLinear"}),
    ("an oblique scan of 1 x 1 x 3 mm to 1 mm", OBLIQUE, OBLIQUE, {"resampledPixelSpacing": [1, 1, 1]}),
    ("an oblique scan of 0.5 x 0.5 x 3 mm to 1 mm, linear: every place half way between two", HALVES, HALVES, {"resampledPixelSpacing": [1, 1, 3], "interpolator": "sitkLinear"}),
    ("an oblique scan and a mask half way between its voxels, without resampling", OBLIQUE, {**OBLIQUE, "every": 2}, {"binCount": 20}),
    ("the axes of a sagittal file, slices", SAGITTAL, SAGITTAL, {"force2D": True, "binCount": 20}),
    ("the axes of a sagittal file, one kept", SAGITTAL, SAGITTAL, {"resampledPixelSpacing": [2, 0, 1.5], "symmetricalGLCM": False}),
    ("a sagittal image and an axial mask", SAGITTAL, {}, {"resampledPixelSpacing": [2, 2.5, 3]}),
    ("8 bits without a sign: nothing below 0 or above 255", {"type": "uint8"}, {}, {"resampledPixelSpacing": [1.5, 1.5, 2]}),
    ("hundredths in 32 bits, a width that is no binary fraction", {"type": "float32"}, {}, {"binWidth": 0.1}),
    ("hundredths in 32 bits, a number of bins", {"type": "float32"}, {}, {"binCount": 33, "resampledPixelSpacing": [2.5, 2.5, 2.5], "interpolator": "sitkLinear"}),
    ("hundredths in 64 bits, a width that is no binary fraction", {"type": "float64"}, {}, {"binWidth": 0.1}),
    ("hundredths in 64 bits, resampled", {"type": "float64"}, {}, {"binCount": 33, "resampledPixelSpacing": [2.5, 2.5, 2.5]}),
    ("a width that is no binary fraction", {}, {}, {"binWidth": 7.3}),
    ("re-segmentation that leaves a smaller box", {}, {}, {"resegmentRange": [1.2], "resegmentMode": "sigma", "binWidth": 10}),
]


def ellipsoid(size, spacing, origin, direction):
    """1 where the sum of ((2 i - n + 1) / (n - 4))^2 over the axes is at most 1."""
    x, y, z = (((2 * np.arange(n) - n + 1) / (n - 4)) ** 2 for n in size)
    mask = sitk.GetImageFromArray((x[None, None, :] + y[None, :, None] + z[:, None, None] <= 1).astype(np.uint8))
    mask.SetSpacing(spacing)
    mask.SetOrigin(origin)
    mask.SetDirection([float(d) for d in direction])
    return mask


def changed(image, how):
    """A file's image as `how` says: its numbers of another type, its axes in another order, on another grid."""
    if "type" in how:
        values = sitk.GetArrayFromImage(image)
        values = np.clip(values, 0, 255).astype(np.uint8) if how["type"] == "uint8" else (values / 100).astype(how["type"])
        other = sitk.GetImageFromArray(values)
        other.CopyInformation(image)
        image = other
    if "permute" in how:
        image = sitk.PermuteAxes(image, how["permute"])
    image = sitk.Image(image)
    if "spacing" in how:
        image.SetSpacing([float(s) for s in how["spacing"]])
    if "direction" in how:
        image.SetDirection([float(d) for d in how["direction"]])
    if "every" in how:
        image = image[:: how["every"], :: how["every"], :]
    if "shift" in how:
        image.SetOrigin([o + s for o, s in zip(image.GetOrigin(), how["shift"])])
    return image


def features(image, mask, settings):
    result = featureextractor.RadiomicsFeatureExtractor(**{"additionalInfo": False, "correctMask": True, **settings}).execute(image, mask)
    numbers = {name: float(value) for name, value in result.items() if name.startswith("original")}
    return {name: None if math.isnan(value) else float(f"{value:.12g}") for name, value in numbers.items()}


ct, tumour = sitk.ReadImage(str(folder / "ct.nii.gz")), sitk.ReadImage(str(folder / "ct_mask.nii.gz"))
out = {
    "provenance": {
        "tool": "PyRadiomics",
        "version": radiomics.__version__,
        "simpleItk": sitk.Version.VersionString(),
        "numpy": np.__version__,
        "script": "test/generate/pyradiomics_grids.py",
        "date": str(datetime.date.today()),
    },
    "patient": "STS_002",
    "cases": [
        {
            "name": name,
            "image": image,
            "mask": mask,
            "settings": settings,
            "features": features(changed(ct, image), ellipsoid(**mask) if "size" in mask else changed(tumour, mask), settings),
        }
        for name, image, mask, settings in CASES
    ],
}
(ROOT / "test/golden/pyradiomics-grids.json").write_text(json.dumps(out, allow_nan=False) + "\n")
