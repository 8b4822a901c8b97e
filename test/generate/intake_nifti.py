"""Small NIfTI-1 files of every kind we read, with what nibabel reads in them.

    /usr/bin/python3 test/generate/intake_nifti.py     (Debian: python3-nibabel python3-scipy)

Writes test/golden/intake-nifti.json: each file as base64, its values in the file's own order (first axis fastest), and the
position (x, y, z) in RAS of every corner voxel.
"""
import base64
import datetime
import itertools
import json
import pathlib

import nibabel
import numpy as np
from scipy.spatial.transform import Rotation

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHAPE = (5, 4, 3)
rng = np.random.default_rng(20261123)
values = rng.integers(-900, 1000, SHAPE)
upright = np.array([[1.5, 0, 0, 10], [0, 2, 0, 20], [0, 0, 3, 30], [0, 0, 0, 1.0]])


def file_of(image):
    return image.to_bytes()


def with_forms(sform, qform, codes=(1, 1)):
    image = nibabel.Nifti1Image(values.astype(np.int16), np.eye(4))
    image.set_sform(sform, codes[0])
    image.set_qform(qform, codes[1])
    return image


def scaled(slope, intercept):
    """nibabel rescales data when it saves; this sets the two header fields of the file instead."""
    raw = bytearray(nibabel.Nifti1Image(values.astype(np.int16), upright).to_bytes())
    raw[112:116] = np.float32(slope).tobytes()
    raw[116:120] = np.float32(intercept).tobytes()
    return bytes(raw)


oblique = upright.copy()
oblique[:3, :3] = Rotation.from_euler("zyx", [12, -7, 5], degrees=True).as_matrix() @ np.diag([1.5, 2, 3])
permuted = np.array([[0, 0, 3, -7], [-1.5, 0, 0, 9], [0, 2, 0, 11], [0, 0, 0, 1.0]])
reflected = upright @ np.diag([-1.0, 1, 1, 1])

images = {}
for kind in ["uint8", "int8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64"]:
    data = np.abs(values) % 128 if kind in ("uint8", "int8") else np.abs(values) if kind.startswith("u") else values
    data = data + 0.25 if kind.startswith("float") else data
    images[kind] = file_of(nibabel.Nifti1Image(data.astype(kind), upright, dtype=kind))
header = nibabel.Nifti1Header(endianness=">")
header.set_data_dtype(np.dtype(">i2"))
images["big-endian int16"] = file_of(nibabel.Nifti1Image(values.astype(">i2"), upright, header))
images["slope 2, intercept -7"] = scaled(2, -7)
images["slope 0.5, intercept -1024.25"] = scaled(0.5, -1024.25)
images["oblique"] = file_of(with_forms(oblique, oblique))
images["permuted axes"] = file_of(with_forms(permuted, permuted))
images["left-handed"] = file_of(with_forms(reflected, reflected))
images["qform only"] = file_of(with_forms(oblique, oblique, (0, 1)))
images["left-handed qform only"] = file_of(with_forms(reflected, reflected, (0, 1)))
images["sform only"] = file_of(with_forms(permuted, upright, (2, 0)))
moved = upright.copy()
moved[:3, 3] += 5
images["sform and qform disagree"] = file_of(with_forms(moved, upright))
images["4D with one frame"] = file_of(nibabel.Nifti1Image(values[..., None].astype(np.int16), upright))

cases = []
for name, raw in images.items():
    image = nibabel.Nifti1Image.from_bytes(raw)
    data = np.asarray(image.dataobj, dtype=np.float64).reshape(SHAPE)
    corners = [[i * (n - 1) for i, n in zip(corner, SHAPE)] for corner in itertools.product([0, 1], repeat=3)]
    cases.append(
        {
            "name": name,
            "file": base64.b64encode(raw).decode(),
            "values": data.flatten(order="F").tolist(),
            "corners": [{"index": c, "position": nibabel.affines.apply_affine(image.affine, c).tolist()} for c in corners],
        }
    )

golden = {
    "provenance": {
        "tool": "nibabel",
        "version": nibabel.__version__,
        "script": "test/generate/intake_nifti.py",
        "date": datetime.date.today().isoformat(),
        "seed": 20261123,
    },
    "cases": cases,
}
(ROOT / "test" / "golden" / "intake-nifti.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
