"""Precision-recall, F1, Matthews' correlation, balanced accuracy and kappa by scikit-learn.

    python3 test/generate/sklearn_measures.py      (scikit-learn, NumPy; run in the repository root)

Writes test/golden/sklearn-measures.json.
"""

import json

import numpy as np
import sklearn
from sklearn import metrics

SEED = 20261203
random = np.random.default_rng(SEED)
rows = []
for n in (18, 56, 200):
    for digits in (6, 1):
        y = (random.random(n) < 0.3).astype(int)
        y[:2] = (0, 1)
        s = np.round(random.normal(size=n) + y, digits)
        called = (s >= 0.5).astype(int)
        rows.append(
            {
                "y": y.tolist(),
                "s": s.tolist(),
                "threshold": 0.5,
                "averagePrecision": metrics.average_precision_score(y, s),
                "accuracy": metrics.accuracy_score(y, called),
                "sensitivity": metrics.recall_score(y, called),
                "specificity": metrics.recall_score(y, called, pos_label=0),
                "ppv": metrics.precision_score(y, called),
                "npv": metrics.precision_score(y, called, pos_label=0),
                "f1": metrics.f1_score(y, called),
                "mcc": metrics.matthews_corrcoef(y, called),
                "balancedAccuracy": metrics.balanced_accuracy_score(y, called),
            }
        )
golden = {
    "provenance": {
        "tool": "scikit-learn",
        "version": sklearn.__version__,
        "script": "test/generate/sklearn_measures.py",
        "date": "2026-11-23",
        "seed": SEED,
    },
    "rows": rows,
}
with open("test/golden/sklearn-measures.json", "w") as file:
    json.dump(golden, file)
    file.write("\n")
