"""Small reference vectors that ship with the product -> packages/pipeline/src/selftest/vectors.ts

Tools: scipy.ndimage.map_coordinates (resampling), scikit-learn SVC and its sigmoid calibration, PyTorch in float64 (encoder),
R stats and pROC (statistics; R's built-in data set sleep).
Run:  python3 test/generate/selftest_vectors.py   (Debian's python3-torch, python3-sklearn, python3-scipy; R with pROC)

`islet selftest` computes each of them on the user's machine, so that the machine and not only our own is seen to agree.
"""

import datetime
import json
import math
import pathlib
import subprocess

import numpy as np
import scipy
import sklearn
import torch
import torch.nn.functional as F
from scipy.ndimage import map_coordinates
from sklearn.calibration import _SigmoidCalibration
from sklearn.svm import SVC

ROOT = pathlib.Path(__file__).resolve().parents[2]


def rounded(values, digits=12):
    return [float(f"{v:.{digits}g}") for v in np.asarray(values, dtype=float).ravel()]


# Resampling: a volume of 3 x 4 x 5 by a formula onto 2 x 3 x 6.
shape = (3, 4, 5)
volume = np.array([(37 * i) % 23 - 7 for i in range(60)], dtype=float).reshape(shape)
axes = [(2, 0.25, 1.5), (3, 0.1, 1.4), (6, 0.3, 0.7)]
grid = np.meshgrid(*[start + step * np.arange(length) for length, start, step in axes], indexing="ij")
resampling = {
    name: rounded(map_coordinates(volume, grid, order=order, mode="mirror"), 9) for name, order in (("linear", 1), ("cubic", 3))
}

# SVM: 14 points in a plane.
points = np.array([[((7 * i) % 11) / 5 - 1, ((5 * i) % 13) / 6 - 1] for i in range(14)])
labels = np.array([1 if x * y > -0.1 and (i % 5) else -1 for i, (x, y) in enumerate(points)])
svm = {}
for name, kernel, parameters in (("linear", "linear", {}), ("rbf", "rbf", {"gamma": 0.7})):
    machine = SVC(kernel=kernel, C=2.0, tol=1e-10, **parameters).fit(points, labels)
    svm[name] = rounded(machine.decision_function(points))
decisions = np.array(svm["rbf"])
platt = _SigmoidCalibration().fit(decisions, (labels > 0).astype(int))


# Encoder: weights and input by the hash of test/helpers/formula-weights.ts.
def hashed_uniform(stream, length):
    mask = np.uint64(0xFFFFFFFF)
    h = (np.arange(length, dtype=np.uint64) + np.uint64(stream * 1048576 + 1)) * np.uint64(0x9E3779B1) & mask
    h ^= h >> np.uint64(15)
    h = h * np.uint64(0x85EBCA77) & mask
    h ^= h >> np.uint64(13)
    return h.astype(np.float64) / 4294967296.0


def tensor(stream, size, bound):
    u = hashed_uniform(stream, math.prod(size))
    return torch.from_numpy((bound * (2 * u - 1)).astype(np.float32).reshape(size)).double()


width, side = 2, 32
x = torch.from_numpy(hashed_uniform(4095, side * side).astype(np.float32).reshape(1, 1, side, side)).double()
for level in range(5):
    for conv in range(2):
        ci = width * 2**level if conv else (1 if level == 0 else width * 2 ** (level - 1))
        co, k = width * 2**level, 2 * level + conv
        x = F.elu(F.conv2d(x, tensor(2 * k, (co, ci, 3, 3), math.sqrt(6 / (9 * ci))), tensor(2 * k + 1, (co,), 0.1), padding=1))
    if level < 4:
        x = F.max_pool2d(x, 2)
pooled = rounded(x.mean((2, 3)), 9)

# Statistics: R's sleep data as two groups and as scores of an outcome.
R = r"""
suppressMessages(library(pROC))
x <- sleep$extra[1:10]; y <- sleep$extra[11:20]
t <- t.test(x, y, var.equal = TRUE); w <- t.test(x, y); m <- suppressWarnings(wilcox.test(x, y)); s <- shapiro.test(x)
z <- c(abs(x - median(x)), abs(y - median(y))); g <- factor(rep(1:2, each = 10)); l <- anova(lm(z ~ g))
f <- fisher.test(matrix(c(23, 9, 23, 1), 2))
outcome <- rep(0:1, each = 10); a <- sleep$extra; b <- rev(sleep$extra)[c(11:20, 1:10)] + (1:20) / 10
ra <- roc(outcome, a, quiet = TRUE, direction = "<"); rb <- roc(outcome, b, quiet = TRUE, direction = "<")
d <- roc.test(ra, rb, method = "delong", paired = TRUE); ci <- ci.auc(ra, method = "delong")
out <- list(studentP = t$p.value, welchP = w$p.value, mannWhitneyP = m$p.value, shapiroW = unname(s$statistic), shapiroP = s$p.value,
  leveneP = l[["Pr(>F)"]][1], fisherP = f$p.value, auc = as.numeric(ra$auc), aucLow = ci[1], aucHigh = ci[3],
  delongZ = unname(d$statistic), delongP = d$p.value, scores = b)
cat(jsonlite::toJSON(out, digits = 15, auto_unbox = TRUE)); cat("\n"); cat(R.version.string, "and pROC", as.character(packageVersion("pROC")))
"""
answer, r_version = subprocess.run(["Rscript", "-e", R], capture_output=True, text=True, check=True).stdout.split("\n", 1)
statistics = json.loads(answer)

source = {
    "resampling": f"scipy.ndimage.map_coordinates, mode=mirror (SciPy {scipy.__version__})",
    "svm": f"scikit-learn {sklearn.__version__} SVC, tol 1e-10",
    "encoder": f"PyTorch {torch.__version__}, float64",
    "statistics": r_version.strip(),
}
data = {
    "source": source,
    "resampling": {"shape": shape, "axes": [dict(zip(("length", "start", "step"), a)) for a in axes], **resampling},
    "svm": {
        "points": rounded(points),
        "labels": [int(v) for v in labels],
        "C": 2,
        "gamma": 0.7,
        **svm,
        "platt": rounded([platt.a_, platt.b_]),
    },
    "encoder": {"baseWidth": width, "side": side, "pooled": pooled},
    "statistics": statistics,
}
body = json.dumps(data, indent=1)
(ROOT / "packages/pipeline/src/selftest/vectors.ts").write_text(
    "// What other tools gave for small inputs. Made by test/generate/selftest_vectors.py on "
    f"{datetime.date.today()}; not to be edited by hand.\n\n"
    "/** Reference vectors by kernel; the sources stand beside them. */\n"
    f"export const VECTORS = {body} as const;\n"
)
