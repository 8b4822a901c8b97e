"""Whole networks saved from PyTorch modules by the recipe of examples/pytorch -> test/golden/state-dict.json

Tool: PyTorch modules (Conv2d, ConvTranspose2d, BatchNorm2d, ELU, ReLU) saved by the safetensors library; logits in float64.
Run:  python3 test/generate/torch_state_dict.py   (PyTorch 1.13 or newer, and safetensors from PyPI)

Weights, biases, normalisation parameters and running statistics are random; the files and the slices lie in the golden file.
"""

import base64
import datetime
import json
import pathlib
import sys
import tempfile

import safetensors
import torch

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "examples" / "pytorch"))
from islet_unet import UNet, load, save  # noqa: E402

SEED = 41


def case(activation, in_channels, classes, has_norm, shape):
    model = UNet(1, in_channels, classes, activation, has_norm)
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            if name.endswith("running_var") or (".norm" in name and name.endswith("weight")):
                tensor.uniform_(0.5, 1.5)
            elif name.endswith(("bias", "running_mean")):
                tensor.uniform_(-0.2, 0.2)
    with tempfile.NamedTemporaryFile(suffix=".safetensors") as file:
        save(model, file.name, training="none (random, for a test)")
        stored = pathlib.Path(file.name).read_bytes()
        again = load(file.name)
    slices = torch.rand(shape)
    with torch.no_grad():
        logits = again.double()(slices.double())
    return {
        "activation": activation,
        "hasNorm": has_norm,
        "shape": list(shape),
        "file": base64.b64encode(stored).decode(),
        "slices": base64.b64encode(slices.numpy().tobytes()).decode(),
        "logits": [float(f"{v:.9g}") for v in logits.flatten()],
    }


if __name__ == "__main__":
    torch.manual_seed(SEED)
    cases = [case("elu", 1, 2, False, (2, 1, 16, 32)), case("relu", 3, 3, True, (1, 3, 32, 16))]
    provenance = {
        "tool": f"PyTorch float64, safetensors {safetensors.__version__}",
        "version": torch.__version__,
        "script": "test/generate/torch_state_dict.py",
        "date": datetime.date.today().isoformat(),
        "seed": SEED,
    }
    (ROOT / "test" / "golden" / "state-dict.json").write_text(json.dumps({"provenance": provenance, "cases": cases}) + "\n")
