#!/usr/bin/python3
"""Why a float32 engine differs from PyTorch in double precision by 4E-3 for MobileNetV2 and by 2E-6 for networks without ReLU6.

usage: clamp_corners.py SHARED     SHARED: folder with models/

PyTorch computes the gradients of make_gradients.py three times: in double precision, in single precision, and in double precision with every clamp passing exactly the values that
single precision passed. Values that lie on the other side of a corner in single precision are counted. If they are the cause, the third run agrees with the second.
"""
import os
import sys

import numpy as np
import torch
import torch.nn.functional as F

import make_gradients
import onnx_file

PLAIN = F.hardtanh


class Clamps:
    """Stands in for F.hardtanh: keeps which values passed, or lets the given ones pass."""

    def __init__(self, given=None):
        self.given, self.seen = given, []

    def __call__(self, x, low, high):
        inside = (x > low) & (x < high)
        self.seen.append(inside)
        if self.given is None:
            return PLAIN(x, low, high)
        passes = self.given[len(self.seen) - 1]
        return torch.where(passes, x, PLAIN(x, low, high).detach())


def gradients(graph, images, law, precision, clamps):
    make_gradients.F.hardtanh = clamps
    noise = make_gradients.Noise(law, True)
    logits = make_gradients.run(graph, torch.from_numpy(images.astype(precision)), noise, precision)
    F.cross_entropy(logits, torch.zeros(len(images), dtype=torch.int64), reduction="sum").backward()
    make_gradients.F.hardtanh = PLAIN
    return np.array([float(e.grad.double().sum()) for e in noise.log_energy])


def main():
    graph = onnx_file.read(os.path.join(sys.argv[1], "models", "mobilenetv2.onnx"))
    images = np.load(os.path.join(sys.argv[1], "models", "golden", "mobilenetv2", "input_first2.npy"))[:1]
    law = "thermal"
    exact, single = Clamps(), Clamps()
    double = gradients(graph, images, law, np.float64, exact)
    rounded = gradients(graph, images, law, np.float32, single)
    steered = gradients(graph, images, law, np.float64, Clamps(single.seen))
    scale = np.abs(double).max()
    moved = [int((a != b).sum()) for a, b in zip(exact.seen, single.seen)]
    print(f"{law}: {sum(moved)} of {sum(a.numel() for a in exact.seen)} values pass a corner in single precision, in clamps {[i for i, n in enumerate(moved) if n]} of {len(moved)}")
    print(f"single against double precision: {np.abs(rounded - double).max() / scale:.1e} of the largest gradient")
    print(f"single against double precision with the clamps of single: {np.abs(rounded - steered).max() / scale:.1e}")


main()
