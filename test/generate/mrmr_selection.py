"""Minimum redundancy, maximum relevance by mrmr_selection (F statistic over mean absolute correlation).

    PYTHON=python-with-mrmr; $PYTHON test/generate/mrmr_selection.py        (mrmr_selection 0.2.8 from PyPI, in an environment of its own; run in the repository root)
Writes test/golden/mrmr-selection.json.
"""
import json
import sys
from importlib.metadata import version

import numpy as np

try:
    import pandas as pd
    from mrmr import mrmr_classif
except ImportError:
    sys.exit(print("skipped: mrmr_selection is not installed in this Python"))

rng = np.random.default_rng(20261129)
cases = []
for n, d, top in [(40, 12, 4), (60, 30, 8), (30, 80, 10)]:
    y = (np.arange(n) % 4 == 0).astype(int)
    latent = rng.normal(size=(n, 3))
    x = np.round(latent[:, rng.integers(0, 3, d)] * rng.uniform(0, 1, d) + rng.normal(size=(n, d)) + np.outer(y, rng.exponential(0.5, d)), 5)
    chosen = mrmr_classif(X=pd.DataFrame(x, columns=range(d)), y=pd.Series(y), K=top, show_progress=False, n_jobs=1)
    cases.append({"x": x.ravel().tolist(), "y": y.tolist(), "d": d, "top": top, "chosen": [int(c) for c in chosen]})

golden = {
    "provenance": {
        "tool": "mrmr_selection",
        "version": version("mrmr_selection"),
        "script": "test/generate/mrmr_selection.py",
        "date": "2026-11-23",
        "seed": 20261129,
    },
    "cases": cases,
}
with open("test/golden/mrmr-selection.json", "w") as file:
    json.dump(golden, file)
    file.write("\n")
