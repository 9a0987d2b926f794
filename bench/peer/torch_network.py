"""The same graph in PyTorch, eager, with whatever is known to make it fast there: operations in place, noise into kept buffers, no autograd where none is asked."""
import torch
import torch.nn.functional as F


class Product:
    """A convolution or dense layer, its noise and its gradient with respect to ln E of every channel."""

    shared = {}

    def __init__(self, node, constants, index):
        self.index = index
        self.convolution = node.operator == "Conv"
        get = node.attributes.get
        self.weight = constants[node.inputs[1]].float().contiguous()
        if not self.convolution and not get("transB", 0):
            self.weight = self.weight.t().contiguous()
        self.bias = constants[node.inputs[2]].float() if len(node.inputs) > 2 else None
        self.stride = tuple(get("strides") or (1, 1))
        self.groups = get("group", 1) or 1
        pads = get("pads") or [0, 0, 0, 0]
        self.symmetric = pads[:2] == pads[2:]
        self.pads = tuple(pads[:2]) if self.symmetric else (pads[1], pads[3], pads[0], pads[2])
        flat = self.weight.flatten(1)
        shape = (1, -1, 1, 1) if self.convolution else (1, -1)
        span = 2 * flat.abs().amax(1)
        length = flat.shape[1]
        self.deviation = {
            "thermal": (span * 0.01 * (length / 100) ** 0.5).view(shape),
            "weight": (span * 0.01).view(shape),
            "shot": (flat.square().sum(1) / (100 * length)).sqrt().view(shape),
        }
        self.window = torch.ones((self.groups, 1) + tuple(self.weight.shape[2:])) if self.convolution else None
        self.kept = {}

    def to_layout(self, layout):
        if self.convolution:
            self.weight = self.weight.contiguous(memory_format=layout)
        self.kept.clear()

    def multiply(self, x, weight, bias, groups):
        if not self.convolution:
            return F.linear(x, weight, bias)
        if not self.symmetric:
            return F.conv2d(F.pad(x, self.pads), weight, bias, self.stride, 0, 1, groups)
        return F.conv2d(x, weight, bias, self.stride, self.pads, 1, groups)

    def __call__(self, x, noise):
        y = self.multiply(x, self.weight, self.bias, self.groups)
        if noise is None:
            return y
        deviation = self.deviation[noise.law]
        with torch.no_grad():
            normal = torch.randn_like(y) if noise.fresh else self.draw(self.buffer(y, noise))
            if noise.law != "thermal":
                normal.mul_(self.patch_norm(x))
        if not noise.learning:
            return y.addcmul_(normal, deviation)
        # ln E enters through the deviation: d y / d ln E = -1/2 deviation x normal.
        log_energy = torch.zeros_like(deviation).requires_grad_()
        noise.energies.append(log_energy)
        return torch.addcmul(y, normal, deviation * torch.exp(-0.5 * log_energy))

    def buffer(self, y, noise):
        # Learning needs the numbers of every layer until the backward pass; in forward passes layers of one shape share a buffer.
        kept = self.kept if noise.learning else Product.shared
        key = (tuple(y.shape), y.stride())
        if key not in kept:
            kept[key] = torch.empty_like(y)
        return kept[key]

    @staticmethod
    def draw(buffer):
        # normal_ is vectorised for memory in its plain order only, seven times faster than through strides.
        (buffer.permute(0, 2, 3, 1) if buffer.dim() == 4 and not buffer.is_contiguous() else buffer).normal_()
        return buffer

    def patch_norm(self, x):
        if not self.convolution:
            return x.square().sum(1, keepdim=True).sqrt_()
        if self.groups == 1:
            squares = torch.linalg.vector_norm(x, dim=1, keepdim=True).square_()
            return self.multiply(squares, self.window, None, 1).sqrt_() if self.window.shape[2:] != (1, 1) or self.stride != (1, 1) else squares.sqrt_()
        shape = (x.shape[0], self.groups, x.shape[1] // self.groups) + tuple(x.shape[2:])
        squares = x.square() if shape[2] == 1 else x.square().view(shape).sum(2)
        norm = self.multiply(squares, self.window, None, self.groups).sqrt_()
        return norm if self.weight.shape[0] == self.groups else norm.repeat_interleave(self.weight.shape[0] // self.groups, 1)


class Noise:
    def __init__(self, law, fresh=False, learning=False):
        self.law, self.fresh, self.learning, self.energies = law, fresh, learning, []


class TorchNetwork:
    def __init__(self, graph):
        self.constants = {name: torch.from_numpy(value.copy()) for name, value in graph.constants.items()}
        self.input, self.output = graph.inputs[0], graph.outputs[0]
        self.steps, self.products = [], []
        for node in graph.nodes:
            if node.operator == "Constant":
                self.constants[node.outputs[0]] = torch.from_numpy(node.attributes["value"].copy())
            elif node.operator == "Cast" and node.inputs[0] in self.constants:
                self.constants[node.outputs[0]] = self.constants[node.inputs[0]].float()
            else:
                if node.operator in ("Conv", "Gemm"):
                    self.products.append(Product(node, self.constants, len(self.products)))
                self.steps.append((node, self.products[-1] if self.products else None))
        self.readers = {}
        for node, _ in self.steps:
            for name in node.inputs:
                self.readers[name] = self.readers.get(name, 0) + 1
        self.layout = torch.contiguous_format

    def to_layout(self, layout):
        self.layout = layout
        for product in self.products:
            product.to_layout(layout)

    def __call__(self, images, noise=None, learning=False):
        values = {self.input: images.contiguous(memory_format=self.layout)}
        left = dict(self.readers)
        fixed = set()
        for node, product in self.steps:
            name = node.inputs[0]
            # Autograd keeps what a product read: when learning, a value may only be changed before anything has read it.
            free = self.readers[name] == 1 and name not in fixed if learning else left[name] == 1
            y = self.apply(node, product, [values.get(i) for i in node.inputs], free, noise)
            if learning and not y.requires_grad and product is self.products[0]:
                # Gradients are wanted down to the first product's output, not to its weights. Asking for its bias would make oneDNN compute gradients of weights, whose threads
                # meet at a barrier: told of two and held to one by OMP_THREAD_LIMIT, it waits there for ever.
                y.requires_grad_()
                fixed.add(node.outputs[0])
            values[node.outputs[0]] = y
            for i in node.inputs:
                left[i] -= 1
                if left[i] == 0:
                    values.pop(i, None)
        return values[self.output]

    def apply(self, node, product, x, last, noise):
        get = node.attributes.get
        kind = node.operator
        if kind in ("Conv", "Gemm"):
            return product(x[0], noise)
        if kind == "Relu":
            return x[0].relu_() if last else x[0].relu()
        if kind == "Clip":
            low, high = (float(self.constants[name]) for name in node.inputs[1:3])
            return F.hardtanh(x[0], low, high, inplace=last)
        if kind == "Add":
            return x[0].add_(x[1]) if last else x[0] + x[1]
        if kind == "Sub":
            return x[0] - self.constants[node.inputs[1]]
        if kind == "MaxPool":
            pads = get("pads") or [0, 0, 0, 0]
            if pads[:2] != pads[2:]:
                x[0], pads = F.pad(x[0], (pads[1], pads[3], pads[0], pads[2]), value=float("-inf")), [0, 0]
            return F.max_pool2d(x[0], tuple(get("kernel_shape")), tuple(get("strides")), tuple(pads[:2]), ceil_mode=bool(get("ceil_mode", 0)))
        if kind == "GlobalAveragePool":
            return x[0].mean((2, 3), keepdim=True)
        if kind == "Flatten":
            return x[0].flatten(1)
        raise NotImplementedError(f"operator {kind}: add it to bench/peer/torch_network.py")
