"""The U-Net of examples/pytorch on a CUDA device, forward and training steps, for test/bench/gpu.ts: prints JSON.

Arguments: base width, side, slices a call, rounds, device (cuda; cpu tries the script where there is none). Float32 eager; TF32 off and
on; cross-entropy, Adam. Without the device: {"device": null}. Each figure is a list of milliseconds, after two untimed calls; the device's
queue is empty before and after each.
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

width, side, batch, rounds = map(int, sys.argv[1:5])
device = sys.argv[5]
has_device = device == "cpu" or torch.cuda.is_available()


def finish():
    if device == "cuda":
        torch.cuda.synchronize()


def timed(work):
    times = []
    for call in range(rounds + 2):
        finish()
        start = time.perf_counter()
        work()
        finish()
        if call >= 2:
            times.append((time.perf_counter() - start) * 1000)
    return times


def figures(tf32):
    torch.backends.cuda.matmul.allow_tf32 = tf32
    torch.backends.cudnn.allow_tf32 = tf32
    model = UNet(width).to(device)
    slices = torch.rand(batch, 1, side, side, device=device)
    labels = (torch.rand(batch, side, side, device=device) < 0.3).long()
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-5)

    def forward(x):
        with torch.no_grad():
            model(x)

    def step():
        optimiser.zero_grad()
        torch.nn.functional.cross_entropy(model(slices), labels).backward()
        optimiser.step()

    return {"one": timed(lambda: forward(slices[:1])), "batch": timed(lambda: forward(slices)), "step": timed(step)}


if has_device:
    name = torch.cuda.get_device_name() if device == "cuda" else "CPU"
    print(json.dumps({"version": torch.__version__, "device": name, "float32": figures(False), "tf32": figures(True)}))
else:
    print(json.dumps({"version": torch.__version__, "device": None}))
