"""Cumulative/dynamic AUC by scikit-survival.

    PYTHON=python-with-scikit-survival; $PYTHON test/generate/sksurv_time_roc.py        (scikit-survival 0.28 from PyPI, in an environment of its own; run in the repository root)
Writes test/golden/sksurv-time-roc.json. Times of events and censorings differ: at a tie scikit-survival takes G(t), we take G(t-).
"""
import json
import sys

import numpy as np

try:
    import sksurv
except ImportError:
    sys.exit(print("skipped: scikit-survival is not installed in this Python"))
from sksurv.metrics import cumulative_dynamic_auc
from sksurv.util import Surv

rng = np.random.default_rng(20261126)


def cohort(name, n, digits, strength):
    latent = rng.normal(size=n)
    score = np.round(latent, digits)
    event_time = rng.exponential(24 * np.exp(-strength * latent))
    censor_time = rng.uniform(6, 60, size=n)
    event = (event_time <= censor_time).astype(int)
    # events on whole tenths, censorings between them: ties among each, none across
    time = np.where(event == 1, np.round(event_time, 1) + 0.1, np.round(censor_time, 1) + 0.05)
    at = [12.02, 24.02, 36.02]
    y = Surv.from_arrays(event.astype(bool), time)
    auc, _ = cumulative_dynamic_auc(y, y, score, at)
    return {"name": name, "time": time.tolist(), "event": event.tolist(), "score": score.tolist(), "at": at, "auc": auc.tolist()}


golden = {
    "provenance": {"tool": "scikit-survival", "version": sksurv.__version__, "script": "test/generate/sksurv_time_roc.py", "date": "2026-11-23", "seed": 20261126},
    "cohorts": [cohort("56 patients", 56, 4, 0.8), cohort("tied scores", 120, 0, 0.6), cohort("a score that carries nothing", 80, 3, 0.0)],
}
json.dump(golden, open("test/golden/sksurv-time-roc.json", "w"))
