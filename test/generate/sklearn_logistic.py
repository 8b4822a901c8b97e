"""Penalised logistic regressions by scikit-learn: L2 by Newton, L1 and elastic net by SAGA run to the end.

    /usr/bin/python3 test/generate/sklearn_logistic.py      (scikit-learn 1.2; run in the repository root)

Writes test/golden/sklearn-logistic.json. The violation of the optimality conditions of each fit is checked here, so that what is written is the optimum.
"""
import json
import warnings

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

rng = np.random.default_rng(20261127)
sets = {}
for name, n, d in [("tall", 60, 6), ("wide", 30, 50)]:
    y = (np.arange(n) % 3 == 0).astype(int)
    x = rng.normal(size=(n, d)) + np.outer(y, [0.8, -0.5] + [0] * (d - 2))
    x[:, 2] = 0.9 * x[:, 0] + 0.4 * x[:, 2]
    sets[name] = (np.round(StandardScaler().fit_transform(x), 6), y)

warnings.filterwarnings("ignore")  # the assertion below is what counts
fits = []
for data, penalty, ratio, C, weight in [
    ("tall", "l2", 0, 1, None),
    ("tall", "l2", 0, 32, "balanced"),
    ("tall", "l1", 1, 0.25, None),
    ("tall", "l1", 1, 2, "balanced"),
    ("tall", "elasticnet", 0.5, 1, "balanced"),
    ("wide", "l2", 0, 0.125, "balanced"),
    ("wide", "l1", 1, 0.5, "balanced"),
    ("wide", "elasticnet", 0.3, 0.5, None),
]:
    x, y = sets[data]
    solver = "newton-cholesky" if penalty == "l2" else "saga"
    model = LogisticRegression(
        penalty=penalty, C=C, l1_ratio=ratio if penalty == "elasticnet" else None, class_weight=weight, solver=solver, tol=1e-14 if solver == "saga" else 1e-12, max_iter=2_000_000, random_state=0
    ).fit(x, y)
    b, b0 = model.coef_[0], model.intercept_[0]
    cost = C * (np.where(y == 1, len(y) / (2 * y.sum()), len(y) / (2 * (1 - y).sum())) if weight else np.ones(len(y)))
    first = cost * (1 / (1 + np.exp(-(x @ b + b0))) - y)
    smooth = x.T @ first + (1 - ratio) * b
    violation = np.where(b == 0, np.maximum(0, np.abs(smooth) - ratio), np.abs(smooth + ratio * np.sign(b)))
    assert max(violation.max(), abs(first.sum())) < 1e-9, (data, penalty, violation.max(), first.sum())
    fits.append({"data": data, "C": C, "l1Ratio": ratio, "balanced": weight is not None, "intercept": b0, "coefficients": b.tolist()})

golden = {
    "provenance": {
        "tool": "scikit-learn LogisticRegression",
        "version": f"{sklearn.__version__}, NumPy {np.__version__}",
        "script": "test/generate/sklearn_logistic.py",
        "date": "2026-11-23",
        "seed": 20261127,
    },
    "sets": {name: {"x": x.ravel().tolist(), "y": y.tolist(), "d": x.shape[1]} for name, (x, y) in sets.items()},
    "fits": fits,
}
with open("test/golden/sklearn-logistic.json", "w") as file:
    json.dump(golden, file)
    file.write("\n")
