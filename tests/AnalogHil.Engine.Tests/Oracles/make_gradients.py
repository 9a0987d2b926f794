#!/usr/bin/python3
"""Makes the gradients that GradientOracleTests compares the engine with: PyTorch's, in double precision.

usage: make_gradients.py [SHARED]     SHARED: folder with models/ (larger pretrained networks); left out, only this repository's models are done

For each network and noise law: cross entropy summed over a few images, and its gradient with respect to ln E of every channel, with deviations that are detached
from the layer's input (as in the paper's code) and with deviations that are differentiated too. The normal numbers are the engine's, made here a second
time from their definition (docs/engine/generator.md) in double precision: they agree to 3E-6. Needs Debian's python3-torch (made with 1.13) and python3-numpy.
"""

import gzip
import json
import os
import sys

import numpy as np
import torch
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..", "..")
sys.path.insert(0, os.path.join(ROOT, "bench", "peer"))
import onnx_file  # noqa: E402

SEED, FIRST_IMAGE = 77, 5
MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15


def mix(z):
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & MASK
    return z ^ (z >> 31)


def key_of(seed, *path):
    key = mix(seed ^ GOLDEN)
    for step in path:
        key = mix(key + GOLDEN * (step + 1) & MASK)
    return key


def normals(key, count):
    """Numbers 0 .. count - 1 of a key: Philox4x32-10, then Box and Muller; groups of 16 hold eight cosines and their eight sines."""
    groups = (count + 15) // 16
    blocks = np.arange(4 * groups, dtype=np.uint64)
    low = np.uint64(0xFFFFFFFF)
    half = np.uint64(32)
    c = [blocks & low, blocks >> half, np.zeros_like(blocks), np.zeros_like(blocks)]
    k0, k1 = key & 0xFFFFFFFF, key >> 32
    for _ in range(10):
        p0, p1 = c[0] * np.uint64(0xD2511F53), c[2] * np.uint64(0xCD9E8D57)
        c = [(p1 >> half) ^ c[1] ^ np.uint64(k0), p1 & low, (p0 >> half) ^ c[3] ^ np.uint64(k1), p0 & low]
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    first = np.stack([c[0], c[2]], 1).ravel()
    second = np.stack([c[1], c[3]], 1).ravel()
    uniform = ((first >> np.uint64(1)).astype(float) + ((second & np.uint64(0xFF)).astype(float) + 0.5) / 256) / 2.0**31
    radius = np.sqrt(-2 * np.log(uniform)) * np.where(second & np.uint64(0x100), -1.0, 1.0)
    angle = np.pi * ((second.astype(np.uint32).view(np.int32) >> 9) + 0.5) / 2.0**23
    pairs = np.stack([radius * np.cos(angle), radius * np.sin(angle)]).reshape(2, groups, 8)
    return pairs.transpose(1, 0, 2).reshape(-1)[:count]


class Noise:
    """Adds one law's noise behind every product and keeps ln E of each channel."""

    def __init__(self, law, detached):
        self.law, self.detached, self.log_energy = law, detached, []

    def __call__(self, y, x, weight, groups, window):
        node, channels = len(self.log_energy), weight.shape[0]
        log_energy = torch.zeros(channels, dtype=y.dtype, requires_grad=True)
        self.log_energy.append(log_energy)
        length = weight[0].numel()
        flat = weight.reshape(channels, -1)
        spread = flat.amax(1) - flat.amin(1)
        energy = 2 + torch.arange(channels) % 3
        if self.law == "thermal":
            variance = (length * spread**2 * 0.01**2 / energy)[None, :, None]
        else:
            squares = (x.detach() if self.detached else x) ** 2
            ones = torch.ones((groups, weight.shape[1]) + tuple(weight.shape[2:]), dtype=y.dtype)
            norm = F.conv2d(squares, ones, **window, groups=groups) if weight.dim() == 4 else squares.sum(1, keepdim=True)
            norm = norm.reshape(y.shape[0], groups, -1).repeat_interleave(channels // groups, 1)
            slope = spread**2 * 0.02**2 / energy if self.law == "weight" else (flat**2).sum(1) / (length * 50.0 * energy)
            variance = slope[None, :, None] * norm
        variance = variance * torch.exp(-log_energy)[None, :, None]
        # Where nothing enters, nothing is noisy, and the root has no derivative.
        deviation = torch.where(variance > 0, variance, torch.ones_like(variance)).sqrt() * (variance > 0)
        positions = y[0, 0].numel()
        draws = [normals(key_of(SEED, node, FIRST_IMAGE + image), positions * channels).reshape(positions, channels).T for image in range(y.shape[0])]
        return y + (deviation * torch.from_numpy(np.stack(draws)).to(y.dtype)).reshape(y.shape)


def run(graph, images, noise, precision=np.float64):
    values = {graph.inputs[0]: images}
    constant = {name: torch.from_numpy(array.astype(precision if array.dtype.kind == "f" else array.dtype)) for name, array in graph.constants.items()}
    behind = {node.inputs[0]: node for node in graph.nodes if node.operator == "BatchNormalization"}
    for node in graph.nodes:
        a, x = node.attributes, values[node.inputs[0]]
        if node.operator == "Conv":
            weight = constant[node.inputs[1]]
            bias = constant[node.inputs[2]] if len(node.inputs) > 2 else torch.zeros(weight.shape[0], dtype=weight.dtype)
            if node.outputs[0] in behind:
                norm = behind[node.outputs[0]]
                gamma, beta, mean, var = (constant[name] for name in norm.inputs[1:])
                scale = gamma / torch.sqrt(var + norm.attributes.get("epsilon", 1e-5))
                weight, bias = weight * scale[:, None, None, None], (bias - mean) * scale + beta
            top, left, bottom, right = a.get("pads", [0, 0, 0, 0])
            padded = F.pad(x, (left, right, top, bottom))
            window, groups = {"stride": tuple(a.get("strides", [1, 1]))}, a.get("group", 1)
            y = noise(F.conv2d(padded, weight, **window, groups=groups), padded, weight, groups, window) + bias[None, :, None, None]
        elif node.operator == "BatchNormalization":
            y = x
        elif node.operator == "Gemm":
            weight = constant[node.inputs[1]]
            y = noise(x @ weight.T, x, weight, 1, None) + constant[node.inputs[2]]
        elif node.operator == "Relu":
            y = F.relu(x)
        elif node.operator == "Clip":
            # No gradient at the ends themselves, as for ReLU at zero (torch.clamp would pass it there).
            y = F.hardtanh(x, float(constant[node.inputs[1]]), float(constant[node.inputs[2]]))
        elif node.operator == "Add":
            y = x + values[node.inputs[1]]
        elif node.operator == "Concat":
            y = torch.cat([values[name] for name in node.inputs], a["axis"])
        elif node.operator == "MaxPool":
            y = F.max_pool2d(x, a["kernel_shape"], a["strides"])
        elif node.operator == "GlobalAveragePool":
            y = x.mean((2, 3), keepdim=True)
        elif node.operator == "Flatten":
            y = x.flatten(1)
        elif node.operator == "Pad":
            pads = [int(p) for p in graph.constants[node.inputs[1]]]
            y = F.pad(x, (pads[3], pads[7], pads[2], pads[6], pads[1], pads[5]))
        else:
            raise NotImplementedError(node.operator)
        values[node.outputs[0]] = y
    return values[graph.outputs[0]]


def make(name, path, images, channels):
    graph = onnx_file.read(path)
    result = {"model": name, "torch": torch.__version__, "images": len(images), "seed": SEED, "firstImage": FIRST_IMAGE, "gradients": []}
    for law in ("thermal", "weight", "shot"):
        for detached in (True, False):
            noise = Noise(law, detached)
            logits = run(graph, torch.from_numpy(images.astype(np.float64)), noise)
            labels = torch.arange(len(images)) * 3 % logits.shape[1]
            loss = F.cross_entropy(logits, labels, reduction="sum")
            loss.backward()
            found = [e.grad for e in noise.log_energy]
            rows = [[float(f"{v:.7g}") for v in g] for g in found] if channels else [float(f"{g.sum():.7g}") for g in found]
            result["gradients"].append({"law": law, "detached": detached, "loss": float(loss), "channels" if channels else "layers": rows})
    with open(os.path.join(HERE, name + ".gradients.json"), "w") as file:
        json.dump(result, file, separators=(",", ":"))
        file.write("\n")
    print(name, [round(g["loss"], 4) for g in result["gradients"]])


def main():
    with gzip.open(os.path.join(ROOT, "data", "fashion-mnist", "t10k-images-idx3-ubyte.gz")) as file:
        pixels = np.frombuffer(file.read(), np.uint8, 4 * 784, 16).reshape(4, 1, 28, 28).astype(np.float32) / 255
    for name in ("fashion-lenet", "fashion-resnet"):
        make(name, os.path.join(ROOT, "models", name + ".onnx"), pixels, channels=True)
    for shared in sys.argv[1:2]:
        for name, count in (("resnet20-cifar10", 2), ("squeezenet1.1", 1), ("mobilenetv2", 1)):
            images = np.load(os.path.join(shared, "models", "golden", name, "input_first2.npy"))[:count]
            make(name, os.path.join(shared, "models", name + ".onnx"), images, channels=False)


if __name__ == "__main__":
    main()
