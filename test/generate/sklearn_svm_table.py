"""Support vector machines on a table, and the mean AUC of inner folds, by scikit-learn's SVC.

    /usr/bin/python3 test/generate/sklearn_svm_table.py      (scikit-learn 1.2; run in the repository root)

Writes test/golden/sklearn-svm-table.json.
"""
import json

import numpy as np
import sklearn
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

rng = np.random.default_rng(20261126)
n, d = 36, 5
y = np.array([1] * 12 + [0] * 24)
x = np.round(rng.normal(0, [1, 3, 0.2, 10, 1], (n, d)) + np.outer(y, [1, 1, 0.1, 0, 0.5]), 4)
new = np.round(rng.normal(0, [1, 3, 0.2, 10, 1], (8, d)), 4)

fits = []
for options in [
    {"kernel": "rbf"},
    {"kernel": "linear", "C": 0.25, "scale": True},
    {"kernel": "rbf", "C": 4, "scale": True, "balanced": True},
    {"kernel": "rbf", "C": 2, "gamma": 0.05, "balanced": True},
    {"kernel": "poly", "scale": True},
    {"kernel": "poly", "C": 0.5, "gamma": 0.2, "degree": 2, "coef0": 1, "scale": True, "balanced": True},
]:
    scaler = StandardScaler().fit(x) if options.get("scale") else None
    inside, outside = (scaler.transform(x), scaler.transform(new)) if scaler else (x, new)
    model = SVC(
        kernel=options["kernel"],
        C=options.get("C", 1.0),
        gamma=options.get("gamma", "scale"),
        degree=options.get("degree", 3),
        coef0=options.get("coef0", 0.0),
        class_weight="balanced" if options.get("balanced") else None,
        tol=1e-10,
    ).fit(inside, y)
    fits.append({"options": options, "train": model.decision_function(inside).tolist(), "new": model.decision_function(outside).tolist()})

scaled = StandardScaler().fit_transform(x)
fold = np.array([i % 4 for i in range(12)] + [i % 4 for i in range(24)])
inner = []
for kernel, C, gamma in [("linear", 0.03125, None), ("linear", 8, None), ("rbf", 1, 0.125), ("rbf", 32, 0.5), ("rbf", 0.5, 2)]:
    aucs = []
    for k in range(4):
        model = SVC(kernel=kernel, C=C, gamma=gamma or "scale", class_weight="balanced", tol=1e-10).fit(scaled[fold != k], y[fold != k])
        aucs.append(roc_auc_score(y[fold == k], model.decision_function(scaled[fold == k])))
    inner.append({"kernel": kernel, "C": C, "gamma": gamma, "meanAuc": float(np.mean(aucs))})

golden = {
    "provenance": {
        "tool": "scikit-learn SVC at tol 1e-10",
        "version": f"{sklearn.__version__}, NumPy {np.__version__}",
        "script": "test/generate/sklearn_svm_table.py",
        "date": "2026-11-23",
        "seed": 20261126,
    },
    "outcome": y.tolist(),
    "x": x.ravel().tolist(),
    "new": new.ravel().tolist(),
    "scaled": scaled.ravel().tolist(),
    "fold": fold.tolist(),
    "fits": fits,
    "inner": inner,
}
with open("test/golden/sklearn-svm-table.json", "w") as file:
    json.dump(golden, file)
    file.write("\n")
