"""A small U-Net trained by soft Dice, and by cross-entropy and soft Dice, in PyTorch -> test/golden/unet-dice.json

Tool: PyTorch, as torch_unet.py; autograd derives the loss's gradient from its definition below, in float64.
Run:  python3 test/generate/torch_dice.py   (Debian's python3-torch 1.13 or newer)

The second slice of each case has no foreground, and some pixels (label 255) are left out.
"""

import datetime
import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

from torch_encoder import formula_slices, hashed_uniform
from torch_unet import digits, distance, formula_parameters, parameter_table, unet

IGNORED = 255


def soft_dice(logits, labels, smooth):
    """1 - (2 sum p y + smooth) / (sum p + sum y + smooth) of each slice's labelled pixels, averaged over the slices."""
    p = 1 - torch.softmax(logits, 1)[:, 0]
    used = labels != IGNORED
    losses = []
    for n in range(len(labels)):
        pn = p[n][used[n]]
        y = (labels[n][used[n]] > 0).to(pn.dtype)
        losses.append(1 - (2 * (pn * y).sum() + smooth) / (pn.sum() + y.sum() + smooth))
    return torch.stack(losses).mean()


def train(table, x, labels, kind, smooth, weights, learning_rate, dtype):
    p = formula_parameters(table, dtype)
    opt = torch.optim.Adam(p.values(), lr=learning_rate)
    first, losses = None, []
    for _ in range(11):
        opt.zero_grad()
        logits = unet(x.to(dtype), p, "elu")
        loss = soft_dice(logits, labels, smooth)
        if kind != "dice":
            loss = loss + F.cross_entropy(logits, labels, weight=torch.tensor(weights, dtype=dtype), ignore_index=IGNORED)
        loss.backward()
        if first is None:
            first = {name: t.grad.detach().clone() for name, t in p.items()}
        losses.append(loss.item())
        opt.step()
    return first, losses


def case(kind, smooth, shape, weights, learning_rate, with_gradients):
    n, height, width = shape
    table = parameter_table(1, 1, 2)
    x = formula_slices((n, 1, height, width))
    labels = (hashed_uniform(4094, n * height * width) < 0.3).astype(np.int64)
    size = height * width
    labels[size : 2 * size] = 0
    labels[::7] = IGNORED
    labels = torch.from_numpy(labels.reshape(n, height, width))
    want, losses = train(table, x, labels, kind, smooth, weights, learning_rate, torch.float64)
    single, losses32 = train(table, x, labels, kind, smooth, weights, learning_rate, torch.float32)
    return {
        "loss": {"kind": kind, "smooth": smooth},
        "shape": [n, 1, height, width],
        "labelShare": 0.3,
        "classWeights": weights,
        "learningRate": learning_rate,
        "losses": [float(f"{v:.12g}") for v in losses],
        **({"gradients": {name: digits(want[name]) for name, _ in table}} if with_gradients else {}),
        "float32": {
            "worstGradient": float(f"{max(distance(single[name], want[name]) for name, _ in table):.2g}"),
            "losses": float(f"{max(abs(a - b) / b for a, b in zip(losses32, losses)):.2g}"),
        },
    }


if __name__ == "__main__":
    cases = [
        case("dice", 1.0, (3, 32, 16), [1.0, 1.0], 1e-3, True),
        case("cross-entropy+dice", 0.5, (3, 32, 16), [1.0, 3.0], 1e-3, False),
    ]
    provenance = {
        "tool": "PyTorch float64",
        "version": torch.__version__,
        "script": "test/generate/torch_dice.py",
        "date": datetime.date.today().isoformat(),
    }
    out = pathlib.Path(__file__).parent.parent / "golden" / "unet-dice.json"
    out.write_text(json.dumps({"provenance": provenance, "cases": cases}) + "\n")
