"""PyRadiomics' features of a real tumour under many settings, and of sparse little regions -> test/golden/pyradiomics-settings.json

Tool: PyRadiomics 3 in an environment of its own (python3 -m venv --system-site-packages, pip install --no-build-isolation pyradiomics==3.0.1 numpy==1.26.4).
Run:  python test/generate/pyradiomics_settings.py [FOLDER]   with the CT of patient STS_002 in FOLDER (default ../shared/data/sts)
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

SETTINGS = {
    "the defaults": {},
    "cubic resampling": {"binWidth": 10, "resampledPixelSpacing": [2.5, 2.5, 2.5]},
    "linear resampling in the plane": {"resampledPixelSpacing": [3, 2, 0], "interpolator": "sitkLinear"},
    "slices": {"binCount": 32, "force2D": True},
    "coronal slices": {"binCount": 16, "force2D": True, "force2Ddimension": 1},
    "Euclidean weights, two distances, alpha 1": {"binCount": 16, "weightingNorm": "euclidean", "distances": [1, 2], "gldm_a": 1},
    "Manhattan weights": {"binCount": 16, "weightingNorm": "manhattan"},
    "infinity weights": {"binCount": 16, "weightingNorm": "infinity"},
    "an asymmetric GLCM at distance 2": {"binCount": 24, "symmetricalGLCM": False, "distances": [2]},
    "relative re-segmentation, shape too": {
        "binCount": 32,
        "resegmentRange": [0.1, 0.8],
        "resegmentMode": "relative",
        "resegmentShape": True,
    },
    "absolute re-segmentation": {"binWidth": 12.5, "resegmentRange": [-20, 70]},
    "normalisation without outliers, resampled": {
        "binWidth": 5,
        "normalize": True,
        "normalizeScale": 100,
        "removeOutliers": 3,
        "voxelArrayShift": 300,
        "resampledPixelSpacing": [3, 3, 3],
    },
}


FILES = {
    "whole numbers in a floating point file": {"resampledPixelSpacing": [2.5, 2.5, 2.5]},
    "a mask on a coarser grid": {"binCount": 32, "correctMask": True},
}


def features(settings, image=str(folder / "ct.nii.gz"), mask=str(folder / "ct_mask.nii.gz")):
    extractor = featureextractor.RadiomicsFeatureExtractor(additionalInfo=False, **settings)
    result = extractor.execute(image, mask)
    numbers = {name: float(value) for name, value in result.items() if name.startswith("original")}
    return {name: None if math.isnan(value) else float(f"{value:.12g}") for name, value in numbers.items()}


def of_files():
    """The same scan as another tool may have written it, and a mask of every second voxel in the plane."""
    image, mask = sitk.ReadImage(str(folder / "ct.nii.gz")), sitk.ReadImage(str(folder / "ct_mask.nii.gz"))
    given = (sitk.Cast(image, sitk.sitkFloat32), mask), (image, mask[::2, ::2, :])
    return [{"name": name, "settings": FILES[name], "features": features(FILES[name], *files)} for name, files in zip(FILES, given)]


def sparse(seed):
    """Noise, and a mask of single voxels here and there: isolated voxels, directions without pairs, levels without neighbours."""
    rng = np.random.default_rng(seed)
    shape = tuple(int(n) for n in rng.integers(3, 7, 3))
    values = np.floor(rng.normal(50, 40, shape)).astype(np.int16)
    inside = (rng.random(shape) < (0.1, 0.2, 0.5)[seed % 3]).astype(np.uint8)
    inside.flat[0] = inside.flat[-1] = 1
    image, mask = sitk.GetImageFromArray(values), sitk.GetImageFromArray(inside)
    image.SetSpacing((1.0, 2.0, 2.5))
    mask.SetSpacing((1.0, 2.0, 2.5))
    settings = ({}, {"force2D": True}, {"binCount": 8, "distances": [1, 2], "gldm_a": 1}, {"binWidth": 40})[seed % 4]
    return {
        "seed": seed,
        "settings": settings,
        "shape": shape,
        "values": values.ravel().tolist(),
        "mask": "".join(map(str, inside.ravel())),
        "features": features(settings, image, mask),
    }


out = {
    "provenance": {
        "tool": "PyRadiomics",
        "version": radiomics.__version__,
        "script": "test/generate/pyradiomics_settings.py",
        "date": str(datetime.date.today()),
    },
    "patient": "STS_002",
    "cases": [{"name": name, "settings": settings, "features": features(settings)} for name, settings in SETTINGS.items()],
    "files": of_files(),
    "sparse": [sparse(seed) for seed in range(12)],
}
(ROOT / "test/golden/pyradiomics-settings.json").write_text(json.dumps(out, allow_nan=False) + "\n")
