"""Reads the few parts of an ONNX file that a peer network is built from: nodes, attributes, initializers (protobuf wire format, no package needed)."""
import struct
from dataclasses import dataclass, field

import numpy as np

_TYPES = {1: np.float32, 6: np.int32, 7: np.int64, 10: np.float16}


@dataclass
class Node:
    operator: str = ""
    inputs: list = field(default_factory=list)
    outputs: list = field(default_factory=list)
    attributes: dict = field(default_factory=dict)


@dataclass
class Graph:
    nodes: list = field(default_factory=list)
    constants: dict = field(default_factory=dict)
    inputs: list = field(default_factory=list)
    outputs: list = field(default_factory=list)


def read(path):
    with open(path, "rb") as file:
        model = file.read()
    graph = Graph()
    for number, value in _fields(next(v for n, v in _fields(model) if n == 7)):
        if number == 1:
            graph.nodes.append(_node(value))
        elif number == 5:
            name, array = _tensor(value)
            graph.constants[name] = array
        elif number in (11, 12):
            (graph.inputs if number == 11 else graph.outputs).append(next(v for n, v in _fields(value) if n == 1).decode())
    graph.inputs = [name for name in graph.inputs if name not in graph.constants]
    return graph


def _node(data):
    node = Node()
    for number, value in _fields(data):
        if number == 1:
            node.inputs.append(value.decode())
        elif number == 2:
            node.outputs.append(value.decode())
        elif number == 4:
            node.operator = value.decode()
        elif number == 5:
            name, content = _attribute(value)
            node.attributes[name] = content
    return node


def _attribute(data):
    name, single, integers = "", None, []
    for number, value in _fields(data):
        if number == 1:
            name = value.decode()
        elif number == 2:
            single = struct.unpack("<f", value)[0]
        elif number == 3:
            single = _signed(value)
        elif number == 4:
            single = value
        elif number == 5:
            single = _tensor(value)[1]
        elif number == 8:
            integers += _packed(value)
    return name, integers or single


def _tensor(data):
    name, dims, kind, raw, floats, integers = "", [], 1, None, [], []
    for number, value in _fields(data):
        if number == 1:
            dims += _packed(value)
        elif number == 2:
            kind = value
        elif number == 4:
            floats += [struct.unpack("<f", value)] if isinstance(value, bytes) and len(value) == 4 else [np.frombuffer(value, np.float32)]
        elif number == 7:
            integers += _packed(value)
        elif number == 8:
            name = value.decode()
        elif number == 9:
            raw = value
    if raw is not None:
        return name, np.frombuffer(raw, _TYPES[kind]).reshape(dims)
    values = np.concatenate(floats) if floats else np.array(integers)
    return name, values.astype(_TYPES[kind]).reshape(dims)


def _packed(value):
    if not isinstance(value, bytes):
        return [_signed(value)]
    values, at = [], 0
    while at < len(value):
        number, at = _varint(value, at)
        values.append(_signed(number))
    return values


def _signed(value):
    return value - (1 << 64) if value >= 1 << 63 else value


def _varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def _fields(data):
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, at = _varint(data, at)
        else:
            length = {1: 8, 5: 4}.get(wire)
            if length is None:
                length, at = _varint(data, at)
            value = data[at:at + length]
            at += length
        yield number, value
