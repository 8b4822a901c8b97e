"""Grad-CAM of an SVM's decision value on an encoder's bottleneck, by autograd -> test/golden/explain.json

Tool: PyTorch float64, autograd through conv2d, ELU, max_pool2d, the mean over pixels and kept slices, z-scores and a kernel machine.
Run:  python3 test/generate/torch_explain.py   (Debian's python3-torch 1.13 or newer)

Weights and slices follow the formula of test/helpers/formula-weights.ts; the support vectors are random and lie in the golden file. Each
slice's map is sum over c of alpha_c A_c with alpha_c the mean over pixels of the gradient (Selvaraju et al. 2017), before the ReLU.
"""

import datetime
import json
import pathlib

import torch

from torch_encoder import encoder, formula_slices

SEED = 12
BASE_WIDTH, SHAPE, KEPT = 2, (5, 1, 32, 48), [0, 2, 3]
CHANNELS, VECTORS = 16 * BASE_WIDTH, 4


def numbers(tensor):
    return [float(f"{v:.10g}") for v in tensor.detach().flatten()]


def case(kernel, centre, spread, vectors, coefficients, rho):
    maps = encoder(formula_slices(SHAPE).double(), BASE_WIDTH, 1, "elu").detach().requires_grad_()
    features = maps.mean((2, 3))[KEPT].mean(0)
    features.retain_grad()
    z = (features - centre) / spread
    if kernel["kind"] == "linear":
        values = vectors @ z
    elif kernel["kind"] == "rbf":
        values = torch.exp(-kernel["gamma"] * ((vectors - z) ** 2).sum(1))
    else:
        values = (kernel["gamma"] * (vectors @ z) + kernel["coef0"]) ** kernel["degree"]
    decision = coefficients @ values - rho
    decision.backward()
    alpha = maps.grad.mean((2, 3), keepdim=True)
    return {
        "kernel": kernel,
        "decision": decision.item(),
        "gradient": numbers(features.grad),
        "heat": numbers((alpha * maps).sum(1)),
    }


if __name__ == "__main__":
    torch.manual_seed(SEED)
    pooled = encoder(formula_slices(SHAPE).double(), BASE_WIDTH, 1, "elu").mean((2, 3))
    centre, spread = pooled.mean(0), pooled.std(0) + 0.01
    vectors = torch.randn(VECTORS, CHANNELS, dtype=torch.float64)
    coefficients, rho = torch.tensor([0.7, -1.1, 0.9, -0.5], dtype=torch.float64), 0.3
    svm = (centre, spread, vectors, coefficients, rho)
    kernels = [{"kind": "linear"}, {"kind": "rbf", "gamma": 0.02}, {"kind": "poly", "gamma": 0.05, "coef0": 1.0, "degree": 3}]
    out = {
        "provenance": {
            "tool": "PyTorch float64 autograd",
            "version": torch.__version__,
            "script": "test/generate/torch_explain.py",
            "date": datetime.date.today().isoformat(),
            "seed": SEED,
        },
        "baseWidth": BASE_WIDTH,
        "shape": SHAPE,
        "kept": KEPT,
        "centre": [float(v) for v in centre],
        "spread": [float(v) for v in spread],
        "supportVectors": [float(v) for v in vectors.flatten()],
        "dualCoef": [float(v) for v in coefficients],
        "rho": rho,
        "cases": [case(kernel, *svm) for kernel in kernels],
    }
    (pathlib.Path(__file__).parent.parent / "golden" / "explain.json").write_text(json.dumps(out) + "\n")
