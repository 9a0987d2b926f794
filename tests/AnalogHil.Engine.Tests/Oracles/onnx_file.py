"""Reads the parts of an ONNX file that make_gradients.py needs, straight from the wire format; needs numpy only."""

import struct

import numpy as np


def varint(data, at):
    value, shift = 0, 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def signed(value):
    return value - (1 << 64) if value >> 63 else value


def fields(data):
    """(field number, wire type, value) of every field of a message."""
    at = 0
    while at < len(data):
        tag, at = varint(data, at)
        wire = tag & 7
        if wire == 0:
            value, at = varint(data, at)
        elif wire == 2:
            length, at = varint(data, at)
            value, at = data[at:at + length], at + length
        else:
            length = 8 if wire == 1 else 4
            value, at = data[at:at + length], at + length
        yield tag >> 3, wire, value


def integers(wire, value):
    if wire == 0:
        return [signed(value)]
    result, at = [], 0
    while at < len(value):
        number, at = varint(value, at)
        result.append(signed(number))
    return result


def tensor(data):
    dims, kind, raw, floats, longs, name = [], 1, None, [], [], ""
    for number, wire, value in fields(data):
        if number == 1:
            dims += integers(wire, value)
        elif number == 2:
            kind = value
        elif number == 4:
            floats.append(np.frombuffer(bytes(value), "<f4"))
        elif number == 7:
            longs += integers(wire, value)
        elif number == 8:
            name = bytes(value).decode()
        elif number == 9:
            raw = bytes(value)
    dtype = {1: "<f4", 7: "<i8", 10: "<f2", 11: "<f8", 6: "<i4"}[kind]
    if raw is not None:
        array = np.frombuffer(raw, dtype)
    else:
        array = np.concatenate(floats) if floats else np.array(longs, dtype)
    return name, array.reshape(dims)


def attribute(data):
    name, result, ints = "", None, []
    for number, wire, value in fields(data):
        if number == 1:
            name = bytes(value).decode()
        elif number == 2:
            result = struct.unpack("<f", bytes(value))[0]
        elif number == 3:
            result = signed(value)
        elif number == 4:
            result = bytes(value).decode()
        elif number == 5:
            result = tensor(value)[1]
        elif number == 8:
            ints += integers(wire, value)
    return name, ints if ints else result


class Node:
    def __init__(self, data):
        self.inputs, self.outputs, self.attributes, self.op = [], [], {}, ""
        for number, _, value in fields(data):
            if number == 1:
                self.inputs.append(bytes(value).decode())
            elif number == 2:
                self.outputs.append(bytes(value).decode())
            elif number == 4:
                self.op = bytes(value).decode()
            elif number == 5:
                name, found = attribute(value)
                self.attributes[name] = found


class Graph:
    def __init__(self, path):
        with open(path, "rb") as file:
            model = memoryview(file.read())
        graph = next(value for number, _, value in fields(model) if number == 7)
        self.nodes, self.constants, self.inputs, self.output = [], {}, [], ""
        for number, _, value in fields(graph):
            if number == 1:
                self.nodes.append(Node(value))
            elif number == 5:
                name, array = tensor(value)
                self.constants[name] = array
            elif number == 11:
                self.inputs.append(next(bytes(v).decode() for n, _, v in fields(value) if n == 1))
            elif number == 12:
                self.output = next(bytes(v).decode() for n, _, v in fields(value) if n == 1)
        self.input = next(name for name in self.inputs if name not in self.constants)
