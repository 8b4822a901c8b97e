"""Islet's U-Net as a PyTorch module whose state_dict has the names of Islet's weights files, and the two ways between them.

    python islet_unet.py weights.safetensors          # describe a file and run it on a random slice

    from islet_unet import UNet, load, save
    model = load("weights.safetensors")                # from Islet to PyTorch
    save(model, "mine.safetensors", training="...")    # from PyTorch to Islet

Needs torch and safetensors.
"""

import sys

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn

LEVELS = 5


class Level(nn.Module):
    """Two 3x3 convolutions, each with an optional batch normalisation and an activation; in the decoder after a 2x2 transposed one."""

    def __init__(self, c_in, c_out, activation, has_up=False, has_norm=False):
        super().__init__()
        if has_up:
            self.up = nn.ConvTranspose2d(c_in, c_out, 2, stride=2)
        self.conv1 = nn.Conv2d(c_in, c_out, 3, padding=1)
        self.conv2 = nn.Conv2d(c_out, c_out, 3, padding=1)
        if has_norm:
            self.norm1 = nn.BatchNorm2d(c_out)
            self.norm2 = nn.BatchNorm2d(c_out)
        self.activation = nn.ELU() if activation == "elu" else nn.ReLU()
        self.has_norm = has_norm

    def forward(self, x, skip=None):
        if skip is not None:
            x = torch.cat([skip, self.up(x)], 1)  # the skip first
        for conv, norm in (("conv1", "norm1"), ("conv2", "norm2")):
            x = getattr(self, conv)(x)
            if self.has_norm:
                x = getattr(self, norm)(x)
            x = self.activation(x)
        return x


class UNet(nn.Module):
    """(N, in_channels, H, W) -> logits (N, classes, H, W); H and W multiples of 16. Level l has base_width * 2^l channels."""

    def __init__(self, base_width=64, in_channels=1, classes=2, activation="elu", has_norm=False):
        super().__init__()
        self.architecture = {"baseWidth": base_width, "inChannels": in_channels, "classes": classes, "activation": activation}
        width = [base_width * 2**level for level in range(LEVELS)]
        self.encoder = nn.ModuleList(
            Level(width[level - 1] if level else in_channels, width[level], activation, has_norm=has_norm) for level in range(LEVELS)
        )
        self.decoder = nn.ModuleList(
            Level(width[level + 1], width[level], activation, has_up=True, has_norm=has_norm) for level in range(LEVELS - 1)
        )
        self.head = nn.Conv2d(base_width, classes, 1)

    def forward(self, x):
        x, skips = self.encode(x)
        for level in reversed(range(LEVELS - 1)):
            x = self.decoder[level](x, skips[level])
        return self.head(x)

    def encode(self, x):
        """The bottleneck (N, 16 * base_width, H/16, W/16), whose mean over pixels is a slice's deep features, and the skips."""
        skips = []
        for level in range(LEVELS):
            x = self.encoder[level](x)
            if level < LEVELS - 1:
                skips.append(x)
                x = nn.functional.max_pool2d(x, 2)
        return x, skips


def save(model, file, **metadata):
    """Writes weights that Islet reads. Say in `training` what they were trained on: every report repeats it."""
    fields = {key: str(value) for key, value in {**metadata, **model.architecture}.items()}
    save_file({name: tensor.contiguous() for name, tensor in model.state_dict().items()}, file, metadata=fields)


def load(file):
    """A module with the weights of a whole network's file; float16 becomes float32."""
    with safe_open(file, "pt") as opened:
        fields = opened.metadata()
    tensors = {name: tensor.float() if tensor.is_floating_point() else tensor for name, tensor in load_file(file).items()}
    model = UNet(
        int(fields["baseWidth"]), int(fields["inChannels"]), int(fields["classes"]), fields["activation"], "encoder.0.norm1.weight" in tensors
    )
    model.load_state_dict(tensors)
    return model.eval()


if __name__ == "__main__":
    network = load(sys.argv[1])
    print(network.architecture, f"{sum(p.numel() for p in network.parameters())} parameters")
    with torch.no_grad():
        print("logits", tuple(network(torch.rand(1, network.architecture["inChannels"], 256, 256)).shape))
