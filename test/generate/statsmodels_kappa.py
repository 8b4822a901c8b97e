"""Cohen's kappa with its standard errors and tests, and Fleiss' kappa, by statsmodels.

    python3 test/generate/statsmodels_kappa.py      (statsmodels from PyPI, NumPy; run in the repository root)

Writes test/golden/statsmodels-kappa.json.
"""

import json

import numpy as np
import statsmodels
from statsmodels.stats.inter_rater import cohens_kappa, fleiss_kappa

SEED = 20261206
random = np.random.default_rng(SEED)
rows = []
tables = [[[20, 5], [10, 15]], [[46, 3], [2, 5]], [[11, 2, 1], [3, 14, 2], [0, 4, 9]], [[5, 5], [5, 5]], [[1, 9], [8, 2]]]
tables += [(random.poisson(3, (4, 4)) + np.diag([12, 6, 9, 3])).tolist() for _ in range(3)]
for table in tables:
    for weights, name in ((None, "none"), ("linear", "linear"), ("quadratic", "quadratic")):
        result = cohens_kappa(np.array(table), wt=weights)
        rows.append(
            {
                "table": table,
                "weights": name,
                "kappa": float(result.kappa),
                "se": float(result.std_kappa),
                "z": float(result.z_value),
                "p": float(result.pvalue_two_sided),
            }
        )
fleiss = []
for subjects, readers, categories in ((10, 3, 2), (40, 4, 3), (74, 5, 4)):
    truth = random.integers(0, categories, subjects)
    chosen = np.where(random.random((subjects, readers)) < 0.6, truth[:, None], random.integers(0, categories, (subjects, readers)))
    counts = np.stack([(chosen == c).sum(1) for c in range(categories)], 1)
    fleiss.append({"counts": counts.tolist(), "kappa": float(fleiss_kappa(counts))})
golden = {
    "provenance": {
        "tool": "statsmodels",
        "version": statsmodels.__version__,
        "script": "test/generate/statsmodels_kappa.py",
        "date": "2026-11-23",
        "seed": SEED,
    },
    "rows": rows,
    "fleiss": fleiss,
}
with open("test/golden/statsmodels-kappa.json", "w") as file:
    json.dump(golden, file)
    file.write("\n")
