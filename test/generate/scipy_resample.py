"""Golden values of resampling, from scipy.ndimage.

Tool: SciPy (Debian's python3-scipy) with NumPy. Run: python3 test/generate/scipy_resample.py
The input volumes are made from a formula, so only the resampled values are stored. Coordinates follow
test/golden's `axes`: output voxel i of an axis lies at input index start + i * step.
"""

import datetime
import json
import pathlib

import numpy as np
import scipy
from scipy import ndimage


def volume(shape):
    """Hounsfield-like numbers from a 32-bit linear congruential generator: a smooth part and a rough part."""
    state = np.uint64(12345)
    out = np.empty(int(np.prod(shape)), dtype=np.float64)
    for i in range(out.size):
        state = (state * np.uint64(1664525) + np.uint64(1013904223)) & np.uint64(0xFFFFFFFF)
        out[i] = np.floor(float(state) / 2**32 * 1500) - 1000 + (i * 37 % 1000)
    return out.astype(np.float32).reshape(shape)


def sample(data, axes, order):
    """Order 3 with mode="mirror" beyond the border; coordinates clamped to the grid as ours are."""
    coordinates = [
        np.clip(start + np.arange(length) * step, 0, n - 1) for n, (length, start, step) in zip(data.shape, axes)
    ]
    grid = np.meshgrid(*coordinates, indexing="ij")
    return ndimage.map_coordinates(data.astype(np.float64), grid, order=order, mode="mirror", output=np.float64)


CASES = [
    ("anisotropic CT to 1 mm", [7, 20, 18], [[16, 0.1, 0.4], [16, 0.125, 1.25], [14, 0.25, 1.25]]),
    ("half the voxels, centre-aligned", [40, 18, 22], [[20, 0.5, 2], [9, 0.5, 2], [11, 0.5, 2]]),
    ("finer, reaching beyond the grid", [9, 8, 41], [[12, -1.5, 1], [17, -0.25, 0.53], [15, 1.7, 2.61]]),
    ("one slice and short axes", [1, 2, 3], [[3, -1, 1], [5, 0, 0.25], [6, -0.2, 0.5]]),
]

out = {
    "provenance": {
        "tool": "scipy.ndimage.map_coordinates, mode=mirror, order 3 and 1, float64",
        "version": f"scipy {scipy.__version__}, numpy {np.__version__}",
        "script": "test/generate/scipy_resample.py",
        "date": datetime.date.today().isoformat(),
        "seed": 12345,
    },
    "cases": [],
}
for title, shape, axes in CASES:
    data = volume(shape)
    out["cases"].append(
        {
            "title": title,
            "shape": shape,
            "axes": axes,
            "cubic": [round(v, 7) for v in sample(data, axes, 3).ravel().tolist()],
            "linear": [round(v, 7) for v in sample(data, axes, 1).ravel().tolist()],
        }
    )
path = pathlib.Path(__file__).parent.parent / "golden" / "scipy-resample.json"
path.write_text(json.dumps(out) + "\n")
print(path, path.stat().st_size, "bytes")
