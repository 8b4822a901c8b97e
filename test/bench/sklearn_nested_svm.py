"""Times scikit-learn's nested grid search: for each outer fold, 420 grid points x 5 inner folds of SVC fits with 2 jobs; prints {"version", "ms"}.

argv: a file of float64 rows, a file of int8 labels, a file of uint8 outer folds, the number of features.
"""

import json
import sys
import time

import numpy as np
import sklearn
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.svm import SVC

x = np.fromfile(sys.argv[1], dtype=np.float64).reshape(-1, int(sys.argv[4]))
y = np.fromfile(sys.argv[2], dtype=np.int8)
outer = np.fromfile(sys.argv[3], dtype=np.uint8)
c = [2.0**k for k in range(-5, 16)]
grid = [{"kernel": ["linear"], "C": c}, {"kernel": ["rbf"], "C": c, "gamma": [2.0**k for k in range(-15, 4)]}]

start = time.perf_counter()
for fold in range(outer.max() + 1):
    keep = outer != fold
    search = GridSearchCV(SVC(class_weight="balanced"), grid, scoring="roc_auc", cv=StratifiedKFold(5), n_jobs=2, refit=False)
    search.fit(x[keep], y[keep])
print(json.dumps({"version": sklearn.__version__, "ms": [(time.perf_counter() - start) * 1000]}))
