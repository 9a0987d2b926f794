"""The wire format once more, written from docs/link.md and the schema only: no code is shared with the C or C# side, so that vectors made
here judge both. Bit by bit and slow on purpose."""
import json
import struct
from pathlib import Path

from link_schema import ARRAY, SCHEMA, schema_hash

STANDARD_SEED = 0xFFFFFFFF
CODES = {"u8": "B", "u16": "H", "u32": "I", "u64": "Q", "i32": "i", "i64": "q", "f32": "f", "f64": "d"}


def crc32c(data, seed=STANDARD_SEED):
    """Castagnoli polynomial 0x1EDC6F41, reflected, complemented at the end."""
    crc = seed
    for byte in data:
        for bit in range(8):
            carry = (crc ^ byte >> bit) & 1
            crc = crc >> 1 ^ (0x82F63B78 if carry else 0)
    return crc ^ 0xFFFFFFFF


def stuff(data):
    """COBS: every zero-free run of at most 254 bytes behind its length + 1; runs shorter than 254 imply a zero."""
    out = bytearray()
    runs = bytes(data).split(b"\0")
    for index, run in enumerate(runs):
        while len(run) > 254 or (len(run) == 254 and index + 1 < len(runs)):
            out += bytes([255]) + run[:254]
            run = run[254:]
        out += bytes([len(run) + 1]) + run
    return bytes(out)


def unstuff(data):
    out = bytearray()
    while data:
        code = data[0]
        if code == 0 or code > len(data) or 0 in data[1:code]:
            return None
        out += data[1:code]
        data = data[code:]
        if code < 255 and data:
            out.append(0)
    return bytes(out)


class Schema:
    def __init__(self, path=SCHEMA):
        self.json = json.loads(Path(path).read_text())
        self.hash = schema_hash(self.json)
        self.seed = int.from_bytes(self.hash[:4], "little")
        self.enums = {e["name"]: {v["name"]: v["value"] for v in e["values"]} for e in self.json["enums"]}
        self.types = {e["name"]: e["type"] for e in self.json["enums"]}
        self.structs = {s["name"]: s["fields"] for s in self.json["structs"]}
        self.constants = {c["name"]: c["value"] for c in self.json["constants"]}

    def pack(self, name, **values):
        out = b""
        for field in self.structs[name]:
            array = ARRAY.match(field["type"])
            value = values.pop(field["name"], b"" if array else 0)
            if array:
                out += bytes(value).ljust(int(array[2]), b"\0")
            else:
                out += struct.pack("<" + CODES[self.types.get(field["type"], field["type"])], value)
        assert not values, f"{name} has no {', '.join(values)}"
        return out

    def unpack(self, name, data):
        out, at = {}, 0
        for field in self.structs[name]:
            array = ARRAY.match(field["type"])
            if array:
                out[field["name"]] = data[at:at + int(array[2])]
                at += int(array[2])
            else:
                code = "<" + CODES[self.types.get(field["type"], field["type"])]
                out[field["name"]] = struct.unpack_from(code, data, at)[0]
                at += struct.calcsize(code)
        return out

    def size(self, name):
        return len(self.pack(name))

    def seed_of(self, kind):
        return STANDARD_SEED if kind >= 0xE0 else self.seed

    def plain(self, header, payload):
        body = self.pack("FrameHeader", length=len(payload), **header) + payload
        return body + struct.pack("<I", crc32c(body, self.seed_of(header["kind"])))

    def frame(self, header, payload=b""):
        return b"\0" + stuff(self.plain(header, payload)) + b"\0"

    def parse(self, stuffed):
        """Header and payload, or None."""
        data = unstuff(stuffed)
        if data is None or len(data) < 16:
            return None
        header = self.unpack("FrameHeader", data)
        if crc32c(data[:-4], self.seed_of(header["kind"])) != int.from_bytes(data[-4:], "little") or header["length"] != len(data) - 16:
            return None
        return header, data[12:-4]
