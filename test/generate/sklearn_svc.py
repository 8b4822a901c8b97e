"""Golden decision values and rho of scikit-learn's SVC (libsvm) -> test/golden/sklearn-svc.json

Tool: scikit-learn's sklearn.svm.SVC at tol=1e-10.
Run:  python3 test/generate/sklearn_svc.py   (Debian's python3-sklearn)

The data follow a formula, so that the file holds results only. With 32-bit unsigned arithmetic

  hash(k):  k *= 0x9E3779B9;  k ^= k >> 16;  k *= 0x21F0AAAD;  k ^= k >> 15;  k *= 0x735A2D97;  k ^= k >> 15
  x[i,t] = 2 hash(seed + i d + t) / 2^32 - 1,  plus `shift` in the first `informative` features of the rows with y = +1

and y = +1 for every `every`-th row, -1 for the others. For `rings`, y = +1 where x0^2 + x1^2 < 0.55 instead.
Decisions are those of the training rows and of 10 further rows by the same formula.
"""

import datetime
import json
import pathlib

import numpy as np
import sklearn
from sklearn.svm import SVC

EXTRA = 10


def hashed(k):
    with np.errstate(over="ignore"):
        k = k.astype(np.uint32) * np.uint32(0x9E3779B9)
        k ^= k >> np.uint32(16)
        k *= np.uint32(0x21F0AAAD)
        k ^= k >> np.uint32(15)
        k *= np.uint32(0x735A2D97)
        k ^= k >> np.uint32(15)
    return k.astype(np.float64)


def data(seed, n, d, every, informative, shift, rings):
    rows = n + EXTRA
    x = (2 * (hashed(np.arange(seed, seed + rows * d)) / 2**32) - 1).reshape(rows, d)
    if rings:
        y = np.where(x[:, 0] * x[:, 0] + x[:, 1] * x[:, 1] < 0.55, 1, -1)
    else:
        y = np.where(np.arange(rows) % every == 0, 1, -1)
        x[:, :informative] += shift * (y == 1)[:, None]
    return x, y


SETS = {
    "overlapping, 60 x 6": dict(seed=1000, n=60, d=6, every=3, informative=3, shift=0.5, rings=False),
    "wide, 56 x 1024": dict(seed=200000, n=56, d=1024, every=5, informative=40, shift=0.4, rings=False),
    "rings, 150 x 2": dict(seed=5000, n=150, d=2, every=0, informative=0, shift=0, rings=True),
    "two features, a large C, 40 x 2": dict(seed=9000, n=40, d=2, every=4, informative=2, shift=0.6, rings=False),
}
FITS = [
    ("overlapping, 60 x 6", dict(kernel="linear", C=1)),
    ("overlapping, 60 x 6", dict(kernel="linear", C=32, class_weight="balanced")),
    ("overlapping, 60 x 6", dict(kernel="rbf", C=2, gamma=0.25)),
    ("overlapping, 60 x 6", dict(kernel="rbf", C=8, gamma=2, class_weight="balanced")),
    ("wide, 56 x 1024", dict(kernel="linear", C=2**-5)),
    ("wide, 56 x 1024", dict(kernel="linear", C=4, class_weight="balanced")),
    ("wide, 56 x 1024", dict(kernel="rbf", C=4, gamma=2**-10, class_weight="balanced")),
    ("wide, 56 x 1024", dict(kernel="rbf", C=0.5, gamma=2**-13)),
    ("rings, 150 x 2", dict(kernel="rbf", C=100, gamma=0.5)),
    ("rings, 150 x 2", dict(kernel="rbf", C=1, gamma=8)),
    ("two features, a large C, 40 x 2", dict(kernel="linear", C=256)),
    ("two features, a large C, 40 x 2", dict(kernel="rbf", C=512, gamma=0.5)),
]

fits = []
for name, parameters in FITS:
    x, y = data(**SETS[name])
    n = SETS[name]["n"]
    machine = SVC(tol=1e-10, cache_size=500, **parameters).fit(x[:n], y[:n])
    fits.append(
        {
            "data": name,
            "parameters": parameters,
            "rho": -float(machine.intercept_[0]),
            "supportVectors": int(machine.n_support_.sum()),
            "decision": [float(f"{v:.12g}") for v in machine.decision_function(x)],
        }
    )

out = {
    "provenance": {
        "tool": "scikit-learn SVC, tol=1e-10",
        "version": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}",
        "script": "test/generate/sklearn_svc.py",
        "date": datetime.date.today().isoformat(),
    },
    "sets": SETS,
    "fits": fits,
}
path = pathlib.Path(__file__).parent.parent / "golden" / "sklearn-svc.json"
path.write_text(json.dumps(out) + "\n")
print(path, path.stat().st_size, "bytes")
