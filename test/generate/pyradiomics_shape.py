# PyRadiomics' shape and shape2D features of brain1 and of masks made of a formula, for packages/pipeline/src/radiomics/pyradiomics.
# Needs PyRadiomics 3 in a virtual environment (python3 -m venv --system-site-packages, pip install --no-build-isolation pyradiomics==3.0.1 numpy==1.26.4),
# and brain1 in ../shared/data/pyradiomics or in the folder named. Run: python test/generate/pyradiomics_shape.py [FOLDER] -> test/golden/pyradiomics-shape.json
import json
import sys
from datetime import date
from pathlib import Path

try:
    import radiomics
except ImportError:
    print("skipped: PyRadiomics is not installed for this Python")
    sys.exit(0)
import numpy as np
import SimpleITK as sitk
from radiomics.shape import RadiomicsShape
from radiomics.shape2D import RadiomicsShape2D

radiomics.setVerbosity(50)


def hashed(i):
    """The mask of the formula cases: the same whole-number arithmetic as in the test."""
    i = (i ^ (i >> 7)) * 2654435761 % 2**32
    i = (i ^ (i >> 13)) * 1597334677 % 2**32
    return (i ^ (i >> 16)) % 1000


def formula_mask(shape, seed, share):
    n = int(np.prod(shape))
    return np.array([1 if hashed(seed * 100003 + i) < share else 0 for i in range(n)], dtype=np.uint8).reshape(shape)


def images(mask, spacing):
    label = sitk.GetImageFromArray(mask)
    label.SetSpacing([float(s) for s in reversed(spacing)])
    image = sitk.GetImageFromArray(mask.astype(np.float64))
    image.CopyInformation(label)
    return image, label


def features(cls, image, label, names, **settings):
    extractor = cls(image, label, label=1, **settings)
    for name in names:
        extractor.enableFeatureByName(name)
    return {k: float(v) for k, v in extractor.execute().items()}


SHAPE = [
    "Elongation", "Flatness", "LeastAxisLength", "MajorAxisLength", "Maximum2DDiameterColumn", "Maximum2DDiameterRow",
    "Maximum2DDiameterSlice", "Maximum3DDiameter", "MeshVolume", "MinorAxisLength", "Sphericity", "SurfaceArea",
    "SurfaceVolumeRatio", "VoxelVolume", "Compactness1", "Compactness2", "SphericalDisproportion",
]
SHAPE_2D = [
    "Elongation", "MajorAxisLength", "MaximumDiameter", "MeshSurface", "MinorAxisLength", "Perimeter", "PerimeterSurfaceRatio",
    "PixelSurface", "Sphericity", "SphericalDisproportion",
]


def cropped(label):
    stats = sitk.LabelShapeStatisticsImageFilter()
    stats.Execute(label)
    x, y, z, nx, ny, nz = stats.GetBoundingBox(1)
    return label[x : x + nx, y : y + ny, z : z + nz]


def main(folder):
    out = {
        "provenance": {
            "tool": "PyRadiomics",
            "version": radiomics.__version__,
            "script": "test/generate/pyradiomics_shape.py",
            "date": str(date.today()),
        },
        "formula": [],
        "formula2D": [],
    }
    label = cropped(sitk.Cast(sitk.ReadImage(str(Path(folder) / "brain1_label.nrrd")) == 1, sitk.sitkUInt8))
    out["brain1"] = features(RadiomicsShape, sitk.Cast(label, sitk.sitkFloat64), label, SHAPE)
    for seed, (shape, spacing, share) in enumerate(
        [([5, 6, 7], [3, 1, 0.8], 500), ([8, 8, 8], [1, 1, 1], 350), ([6, 9, 5], [2.5, 0.7, 1.2], 700), ([7, 5, 11], [1, 2, 3], 900), ([1, 6, 7], [2, 1, 1], 600)]
    ):
        _, mask = images(formula_mask(shape, seed, share), spacing)
        mask = cropped(mask)
        out["formula"].append({"seed": seed, "shape": shape, "spacing": spacing, "share": share, "features": features(RadiomicsShape, sitk.Cast(mask, sitk.sitkFloat64), mask, SHAPE)})
    for seed, (shape, spacing, share) in enumerate([([1, 7, 9], [4, 1, 0.6], 600), ([1, 12, 5], [1, 2, 2], 800)]):
        _, mask = images(formula_mask(shape, 50 + seed, share), spacing)
        mask = cropped(mask)
        got = features(RadiomicsShape2D, sitk.Cast(mask, sitk.sitkFloat64), mask, SHAPE_2D, force2D=True, force2Ddimension=0)
        out["formula2D"].append({"seed": 50 + seed, "shape": shape, "spacing": spacing, "share": share, "features": got})
    target = Path(__file__).parent.parent / "golden" / "pyradiomics-shape.json"
    target.write_text(json.dumps(out, indent=1) + "\n")


main(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[3] / "shared" / "data" / "pyradiomics")
