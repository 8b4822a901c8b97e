"""The U-Net encoder's bottleneck and pooled vector by PyTorch -> test/golden/unet-encoder.json

Tool: PyTorch, torch.nn.functional.conv2d / elu / relu / max_pool2d, in float64 on weights and inputs that are float32 numbers.
Run:  python3 test/generate/torch_encoder.py   (Debian's python3-torch 1.13 or newer)

Weights and inputs follow the formula of test/helpers/formula-weights.ts, so that the file holds results only.
PyTorch's own float32 run is recorded as its distance from the float64 one.
"""

import datetime
import json
import math
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

MASK = np.uint64(0xFFFFFFFF)


def hashed_uniform(stream, length):
    h = (np.arange(length, dtype=np.uint64) + np.uint64(stream * 1048576 + 1)) * np.uint64(0x9E3779B1) & MASK
    h ^= h >> np.uint64(15)
    h = h * np.uint64(0x85EBCA77) & MASK
    h ^= h >> np.uint64(13)
    return h.astype(np.float64) / 4294967296.0


def formula_tensor(stream, shape, bound):
    u = hashed_uniform(stream, math.prod(shape))
    return torch.from_numpy((bound * (2 * u - 1)).astype(np.float32).reshape(shape))


def formula_slices(shape):
    return torch.from_numpy(hashed_uniform(4095, math.prod(shape)).astype(np.float32).reshape(shape))


def encoder(x, base_width, in_channels, activation):
    act = F.elu if activation == "elu" else F.relu
    k = 0
    for level in range(5):
        co = base_width * 2**level
        for conv in range(2):
            ci = co if conv else (in_channels if level == 0 else co // 2)
            weight = formula_tensor(2 * k, (co, ci, 3, 3), math.sqrt(6 / (9 * ci))).to(x.dtype)
            bias = formula_tensor(2 * k + 1, (co,), 0.1).to(x.dtype)
            x = act(F.conv2d(x, weight, bias, padding=1))
            k += 1
        if level < 4:
            x = F.max_pool2d(x, 2)
    return x


def case(base_width, in_channels, activation, n, height, width, with_bottleneck=True):
    x = formula_slices((n, in_channels, height, width))
    y = encoder(x.double(), base_width, in_channels, activation)
    y32 = encoder(x, base_width, in_channels, activation).double()
    pooled, pooled32 = y.mean((2, 3)), y32.mean((2, 3))
    return {
        "baseWidth": base_width,
        "inChannels": in_channels,
        "activation": activation,
        "shape": [n, in_channels, height, width],
        **({"bottleneck": [float(f"{v:.12g}") for v in y.flatten()]} if with_bottleneck else {}),
        "pooled": [float(f"{v:.12g}") for v in pooled.flatten()],
        "float32RelativeL2": {
            "bottleneck": float(f"{(y32 - y).norm() / y.norm():.3g}"),
            "pooled": float(f"{(pooled32 - pooled).norm() / pooled.norm():.3g}"),
        },
    }


if __name__ == "__main__":
    with torch.no_grad():
        cases = [
            case(4, 1, "elu", 2, 32, 48),
            case(2, 3, "relu", 1, 32, 48),
            case(3, 3, "elu", 3, 16, 32),
        ]
        # The size of a real study; its bottleneck would be too long for a golden file.
        full_size = case(16, 1, "elu", 1, 256, 256, with_bottleneck=False)
    provenance = {
        "tool": "PyTorch float64",
        "version": torch.__version__,
        "script": "test/generate/torch_encoder.py",
        "date": datetime.date.today().isoformat(),
    }
    out = pathlib.Path(__file__).parent.parent / "golden" / "unet-encoder.json"
    out.write_text(json.dumps({"provenance": provenance, "cases": cases, "fullSize": full_size}) + "\n")
