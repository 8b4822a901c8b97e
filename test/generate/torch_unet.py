"""A whole small U-Net's logits, loss and gradients, then ten steps of Adam and AdamW, by PyTorch -> test/golden/unet-training.json

Tool: PyTorch, torch.nn.functional (conv2d, conv_transpose2d, max_pool2d, cross_entropy), autograd, torch.optim.Adam / AdamW, in float64 on
      weights and inputs that are float32 numbers.
Run:  python3 test/generate/torch_unet.py   (Debian's python3-torch 1.13 or newer)

Weights, slices and labels follow the formula of test/helpers/formula-weights.ts and formula-checkpoint.ts, so that the file holds
results only. PyTorch's own float32 run is recorded as its distance from the float64 one: the yardstick of the tolerances.
"""

import datetime
import json
import math
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

from torch_encoder import formula_slices, formula_tensor, hashed_uniform


def parameter_table(base_width, in_channels, classes):
    """Names and shapes in the order of src/unet.ts `parameterTable`."""
    def double(name, ci, co):
        return [
            (f"{name}.conv1.weight", (co, ci, 3, 3)),
            (f"{name}.conv1.bias", (co,)),
            (f"{name}.conv2.weight", (co, co, 3, 3)),
            (f"{name}.conv2.bias", (co,)),
        ]

    rows = []
    for level in range(5):
        co = base_width * 2**level
        rows += double(f"encoder.{level}", co // 2 if level else in_channels, co)
    for level in (3, 2, 1, 0):
        co = base_width * 2**level
        rows += [(f"decoder.{level}.up.weight", (2 * co, co, 2, 2)), (f"decoder.{level}.up.bias", (co,))]
        rows += double(f"decoder.{level}", 2 * co, co)
    return rows + [("head.weight", (classes, base_width, 1, 1)), ("head.bias", (classes,))]


def formula_parameters(table, dtype):
    parameters = {}
    for stream, (name, shape) in enumerate(table):
        fan_in = shape[0] if name.endswith(".up.weight") else math.prod(shape[1:])
        bound = 0.1 if len(shape) == 1 else math.sqrt(6 / fan_in)
        parameters[name] = formula_tensor(stream, shape, bound).to(dtype).requires_grad_()
    return parameters


def unet(x, p, activation):
    act = F.elu if activation == "elu" else F.relu

    def double(x, name):
        for conv in ("conv1", "conv2"):
            x = act(F.conv2d(x, p[f"{name}.{conv}.weight"], p[f"{name}.{conv}.bias"], padding=1))
        return x

    skips = []
    for level in range(5):
        x = double(x, f"encoder.{level}")
        if level < 4:
            skips.append(x)
            x = F.max_pool2d(x, 2)
    for level in (3, 2, 1, 0):
        up = F.conv_transpose2d(x, p[f"decoder.{level}.up.weight"], p[f"decoder.{level}.up.bias"], stride=2)
        x = double(torch.cat([skips[level], up], 1), f"decoder.{level}")
    return F.conv2d(x, p["head.weight"], p["head.bias"])


def train(table, x, labels, activation, weights, optimiser, dtype):
    """Logits, loss and gradients of the first step, and the losses before each of ten steps and after the tenth."""
    p = formula_parameters(table, dtype)
    make = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[optimiser["optimiser"]]
    opt = make(p.values(), lr=optimiser["learningRate"], weight_decay=optimiser["weightDecay"])
    first, losses = None, []
    for _ in range(11):
        opt.zero_grad()
        logits = unet(x.to(dtype), p, activation)
        loss = F.cross_entropy(logits, labels, weight=torch.tensor(weights, dtype=dtype))
        loss.backward()
        if first is None:
            first = {"logits": logits.detach().clone(), **{name: t.grad.detach().clone() for name, t in p.items()}}
        losses.append(loss.item())
        opt.step()
    return first, losses


def digits(tensor, n=8):
    return [float(f"{v:.{n}g}") for v in tensor.double().flatten().tolist()]


def distance(got, want):
    return ((got.double() - want).norm() / want.norm()).item()


def case(base_width, in_channels, activation, shape, weights, optimiser, with_gradients=True):
    n, height, width = shape
    table = parameter_table(base_width, in_channels, 2)
    x = formula_slices((n, in_channels, height, width))
    u = hashed_uniform(4094, n * height * width)
    labels = torch.from_numpy((u < 0.3).astype(np.int64).reshape(n, height, width))
    want, losses = train(table, x, labels, activation, weights, optimiser, torch.float64)
    single, losses32 = train(table, x, labels, activation, weights, optimiser, torch.float32)
    return {
        "baseWidth": base_width,
        "inChannels": in_channels,
        "activation": activation,
        "shape": [n, in_channels, height, width],
        "labelShare": 0.3,
        "classWeights": weights,
        **optimiser,
        "logits": digits(want["logits"]),
        "losses": [float(f"{v:.12g}") for v in losses],
        **({"gradients": {name: digits(want[name]) for name, _ in table}} if with_gradients else {}),
        "float32": {
            "logits": float(f"{distance(single['logits'], want['logits']):.2g}"),
            "worstGradient": float(f"{max(distance(single[name], want[name]) for name, _ in table):.2g}"),
            "losses": float(f"{max(abs(a - b) / b for a, b in zip(losses32, losses)):.2g}"),
        },
    }


if __name__ == "__main__":
    cases = [
        case(1, 1, "elu", (3, 32, 16), [1.0, 1.0], {"optimiser": "adam", "learningRate": 1e-3, "weightDecay": 0.0}),
        case(1, 3, "relu", (2, 16, 32), [0.5, 2.0], {"optimiser": "adamw", "learningRate": 2e-3, "weightDecay": 0.1}),
        case(1, 1, "elu", (3, 32, 16), [1.0, 3.0], {"optimiser": "adam", "learningRate": 1e-3, "weightDecay": 0.01}, with_gradients=False),
    ]
    # Three sets of gradients would be too long for a golden file; the third case checks the weight decay of Adam.
    provenance = {
        "tool": "PyTorch float64",
        "version": torch.__version__,
        "script": "test/generate/torch_unet.py",
        "date": datetime.date.today().isoformat(),
    }
    out = pathlib.Path(__file__).parent.parent / "golden" / "unet-training.json"
    out.write_text(json.dumps({"provenance": provenance, "cases": cases}) + "\n")
