"""Two-group tests by SciPy: levene (median), ttest_ind, mannwhitneyu (normal approximation), and the tails of its distributions.

    /usr/bin/python3 test/generate/scipy_group_tests.py      (SciPy 1.10; run in the repository root)

Writes test/golden/scipy-group-tests.json.
"""
import json

import numpy as np
import scipy
from scipy import stats

rng = np.random.default_rng(20261125)
groups = []
for m, n in [(9, 42), (10, 46), (2, 3), (5, 4), (60, 80)]:
    for scale in [1.0, 3.0]:
        for digits in [6, 1]:
            x = np.round(rng.normal(0.4, 1.0, m), digits)
            y = np.round(rng.normal(0.0, scale, n), digits)
            levene = stats.levene(x, y, center="median")
            student = stats.ttest_ind(x, y)
            welch = stats.ttest_ind(x, y, equal_var=False)
            normal = stats.mannwhitneyu(x, y, method="asymptotic", use_continuity=True)
            groups.append(
                {
                    "x": x.tolist(),
                    "y": y.tolist(),
                    "levene": {"statistic": levene.statistic, "p": levene.pvalue},
                    "student": {"t": student.statistic, "p": student.pvalue},
                    "welch": {"t": welch.statistic, "p": welch.pvalue},
                    "mannWhitneyNormal": {"u": normal.statistic, "p": normal.pvalue},
                }
            )

tails = {
    "normalTwoSided": [[z, 2 * stats.norm.sf(z)] for z in [0.0, 0.3, 1.96, 6.0, 20.0]],
    "normalUpperTail": [[z, stats.norm.sf(z)] for z in [-3.0, 0.0, 1.3, 8.0]],
    "normalQuantile": [[p, stats.norm.ppf(p)] for p in [1e-9, 0.025, 0.3, 0.975, 0.9999]],
    "tTwoSided": [[[t, df], 2 * stats.t.sf(t, df)] for t in [0.1, 2.0, 12.0] for df in [1, 7.3, 54, 900]],
    "fUpperTail": [[[f, a, b], stats.f.sf(f, a, b)] for f in [0.2, 4.0, 150.0] for a, b in [(1, 54), (1, 8), (5, 20)]],
}
golden = {
    "provenance": {
        "tool": "SciPy",
        "version": f"{scipy.__version__}, NumPy {np.__version__}",
        "script": "test/generate/scipy_group_tests.py",
        "date": "2026-11-23",
        "seed": 20261125,
    },
    "groups": groups,
    "tails": tails,
}
with open("test/golden/scipy-group-tests.json", "w") as file:
    json.dump(golden, file)
    file.write("\n")
