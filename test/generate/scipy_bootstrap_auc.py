"""Bootstrap intervals of the AUC by SciPy: percentile and BCa over the same replicates.

    /usr/bin/python3 test/generate/scipy_bootstrap_auc.py      (SciPy 1.10; run in the repository root)

Cases and controls are two samples, so each is drawn from its own. Replicates are kept as half pairs: AUC = half pairs / (2 cases controls).
Writes test/golden/scipy-bootstrap-auc.json.
"""
import json

import numpy as np
import scipy
from scipy import stats

SEED = 20261201


def auc(x, y, axis=-1):
    x, y = np.moveaxis(x, axis, -1), np.moveaxis(y, axis, -1)
    pairs = np.sign(x[..., :, None] - y[..., None, :]) + 1
    return pairs.sum(axis=(-2, -1)) / (2 * x.shape[-1] * y.shape[-1])


rng = np.random.default_rng(SEED)
cohorts = []
for m, n, shift, digits in [(10, 46, 0.8, 6), (9, 9, 0.5, 6), (25, 60, 1.5, 0), (40, 30, -0.4, 1)]:
    x, y = np.round(rng.normal(shift, 1, m), digits), np.round(rng.normal(0, 1.3, n), digits)
    found = {}
    distribution = None
    for method in ["percentile", "bca"]:
        result = stats.bootstrap((x, y), auc, n_resamples=499, method=method, random_state=SEED)
        found[method] = list(map(float, result.confidence_interval))
        found["se"] = float(result.standard_error)
        assert distribution is None or np.array_equal(distribution, result.bootstrap_distribution)
        distribution = result.bootstrap_distribution
    halves = np.rint(distribution * 2 * m * n).astype(int).tolist()
    cohorts.append({"outcome": [1] * m + [0] * n, "scores": np.concatenate([x, y]).tolist(), "halfPairs": halves, **found})

provenance = {"tool": "SciPy", "version": scipy.__version__, "script": "test/generate/scipy_bootstrap_auc.py", "date": "2026-11-23", "seed": SEED}
with open("test/golden/scipy-bootstrap-auc.json", "w") as file:
    json.dump({"provenance": provenance, "cohorts": cohorts}, file)
