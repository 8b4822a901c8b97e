"""The encoder at any width by PyTorch, as files too large for the repository -> a folder of your own.

Tool: PyTorch, torch.nn.functional.conv2d / elu / max_pool2d, in float64 and in float32.
Run:  python3 test/generate/torch_encoder_full.py FOLDER [BASE_WIDTH [SLICES]]   (64 and 2; Debian's python3-torch 1.13 or newer)
Then: node test/generate/compare_full_width.ts FOLDER

FOLDER gets weights.safetensors (encoder only; He normal weights, biases uniform in -0.1 .. 0.1, both from the seed below),
slices.f32 (N,1,256,256 in 0 .. 1: three blurred fields of noise and a disc, as a windowed slice would be smooth with edges),
expected.json (pooled in float64 and float32, seconds of each) and bottleneck.f64.
"""

import json
import pathlib
import struct
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

SEED = 64
SIDE = 256

folder = pathlib.Path(sys.argv[1])
base_width = int(sys.argv[2]) if len(sys.argv) > 2 else 64
count = int(sys.argv[3]) if len(sys.argv) > 3 else 2
folder.mkdir(parents=True, exist_ok=True)
rng = np.random.default_rng(SEED)

weights = {}
for level in range(5):
    co = base_width * 2**level
    for k in (1, 2):
        ci = co if k == 2 else (1 if level == 0 else co // 2)
        deviation = np.sqrt(2 / (9 * ci))
        weights[f"encoder.{level}.conv{k}.weight"] = (rng.standard_normal((co, ci, 3, 3)) * deviation).astype("<f4")
        weights[f"encoder.{level}.conv{k}.bias"] = rng.uniform(-0.1, 0.1, co).astype("<f4")

metadata = {"activation": "elu", "baseWidth": str(base_width), "inChannels": "1", "training": f"none (He normal, numpy seed {SEED})"}
header, end = {"__metadata__": metadata}, 0
for name, array in weights.items():
    header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [end, end + array.nbytes]}
    end += array.nbytes
text = json.dumps(header).encode()
with open(folder / "weights.safetensors", "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text)
    for array in weights.values():
        file.write(array.tobytes())


def field(scale):
    coarse = torch.from_numpy(rng.standard_normal((count, 1, SIDE // scale, SIDE // scale)))
    return F.interpolate(coarse, size=(SIDE, SIDE), mode="bicubic", align_corners=False)


rows, columns = np.mgrid[0:SIDE, 0:SIDE]
disc = torch.from_numpy(((rows - 120) ** 2 + (columns - 140) ** 2 < 60**2).astype(np.float64))
slices = (0.4 + 0.1 * field(32) + 0.05 * field(8) + 0.05 * field(2) + 0.2 * disc).clamp(0, 1).float()
slices.numpy().astype("<f4").tofile(folder / "slices.f32")


def encode(dtype):
    x = slices.to(dtype)
    for level in range(5):
        for k in (1, 2):
            weight, bias = (torch.from_numpy(weights[f"encoder.{level}.conv{k}.{part}"]).to(dtype) for part in ("weight", "bias"))
            x = F.elu(F.conv2d(x, weight, bias, padding=1))
        if level < 4:
            x = F.max_pool2d(x, 2)
    return x


results = {}
with torch.no_grad():
    for name, dtype in (("float32", torch.float32), ("float64", torch.float64)):
        start = time.perf_counter()
        bottleneck = encode(dtype)
        results[name] = {"seconds": time.perf_counter() - start, "pooled": bottleneck.mean((2, 3)).flatten().tolist()}
bottleneck.numpy().astype("<f8").tofile(folder / "bottleneck.f64")
expected = {"torch": torch.__version__, "threads": torch.get_num_threads(), "baseWidth": base_width, "shape": [count, 1, SIDE, SIDE], **results}
(folder / "expected.json").write_text(json.dumps(expected))
