"""Training steps of the U-Net of examples/pytorch in PyTorch on the CPU, for test/bench/training.ts: prints JSON.

Arguments: base width, side, slices a step, rounds. Float32, cross-entropy, Adam; one untimed step first.
"""

import json
import pathlib
import sys
import time

import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "examples" / "pytorch"))
sys.modules.setdefault("safetensors", type(sys)("safetensors"))  # the module's file formats are not needed here, nor its library
sys.modules["safetensors"].safe_open = None
sys.modules.setdefault("safetensors.torch", type(sys)("safetensors.torch"))
sys.modules["safetensors.torch"].load_file = sys.modules["safetensors.torch"].save_file = None
from islet_unet import UNet  # noqa: E402

width, side, batch, rounds = map(int, sys.argv[1:])
model = UNet(width)
slices = torch.rand(batch, 1, side, side)
labels = (torch.rand(batch, side, side) < 0.3).long()
optimiser = torch.optim.Adam(model.parameters(), lr=1e-5)


def step():
    optimiser.zero_grad()
    torch.nn.functional.cross_entropy(model(slices), labels).backward()
    optimiser.step()


def timed(threads):
    torch.set_num_threads(threads)
    step()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        step()
        times.append((time.perf_counter() - start) * 1000)
    return times


print(json.dumps({"version": torch.__version__, "one": timed(1), "two": timed(2)}))
