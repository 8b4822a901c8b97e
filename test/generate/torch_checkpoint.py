"""A small safetensors file with batch normalisation, and what PyTorch computes with it -> test/golden/checkpoint.json

Tools: the safetensors library writes the file; PyTorch runs conv2d, batch_norm and elu in float64 on the values as stored.
Run:   python3 test/generate/torch_checkpoint.py   (Debian's python3-torch 1.13 or newer, and safetensors)

An encoder of base width 1 whose arrays mix the types F64, F32 and F16, whose first convolutions have no bias, and whose every
convolution is followed by a batch normalisation. Values come from numpy's generator with the seed below.
"""

import base64
import datetime
import json
import pathlib

import numpy as np
import safetensors
import safetensors.numpy
import torch
import torch.nn.functional as F

SEED = 20261123

rng = np.random.default_rng(SEED)
tensors = {}
for level in range(5):
    co = 2**level
    dtype = {1: np.float16, 2: np.float64}.get(level, np.float32)
    for k in (1, 2):
        ci = co if k == 2 else max(co // 2, 1)
        layer = f"encoder.{level}"
        tensors[f"{layer}.conv{k}.weight"] = (rng.standard_normal((co, ci, 3, 3)) * np.sqrt(2 / (9 * ci))).astype(dtype)
        if level > 0:
            tensors[f"{layer}.conv{k}.bias"] = (0.1 * rng.standard_normal(co)).astype(dtype)
        tensors[f"{layer}.norm{k}.weight"] = rng.uniform(0.5, 1.5, co).astype(dtype)
        tensors[f"{layer}.norm{k}.bias"] = (0.1 * rng.standard_normal(co)).astype(dtype)
        tensors[f"{layer}.norm{k}.running_mean"] = (0.1 * rng.standard_normal(co)).astype(dtype)
        tensors[f"{layer}.norm{k}.running_var"] = rng.uniform(0.2, 2, co).astype(dtype)
        tensors[f"{layer}.norm{k}.num_batches_tracked"] = np.array(7, dtype=np.int64)

metadata = {"activation": "elu", "baseWidth": "1", "inChannels": "1", "classes": "2", "training": "none; random numbers for a test"}
stored = safetensors.numpy.save(tensors, metadata=metadata)

shape = (2, 1, 32, 48)
slices = rng.random(shape).astype(np.float32)
x = torch.from_numpy(slices.astype(np.float64))
value = {name: torch.from_numpy(array.astype(np.float64)) for name, array in tensors.items()}
for level in range(5):
    for k in (1, 2):
        norm = {part: value[f"encoder.{level}.norm{k}.{part}"] for part in ("weight", "bias", "running_mean", "running_var")}
        conv = f"encoder.{level}.conv{k}"
        x = F.conv2d(x, value[f"{conv}.weight"], value.get(f"{conv}.bias"), padding=1)
        x = F.elu(F.batch_norm(x, norm["running_mean"], norm["running_var"], norm["weight"], norm["bias"], training=False, eps=1e-5))
    if level < 4:
        x = F.max_pool2d(x, 2)

out = {
    "provenance": {
        "tool": f"safetensors {safetensors.__version__}, PyTorch float64",
        "version": torch.__version__,
        "script": "test/generate/torch_checkpoint.py",
        "date": datetime.date.today().isoformat(),
        "seed": SEED,
    },
    "file": base64.b64encode(stored).decode(),
    "shape": list(shape),
    "slices": base64.b64encode(slices.tobytes()).decode(),
    "pooled": [float(f"{v:.12g}") for v in x.mean((2, 3)).flatten()],
}
(pathlib.Path(__file__).parent.parent / "golden" / "checkpoint.json").write_text(json.dumps(out) + "\n")
