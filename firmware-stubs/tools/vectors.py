#!/usr/bin/env python3
"""Writes the golden vectors that both test suites check: firmware-stubs/vectors/*.txt. Standard library only; the same file every time.

usage: vectors.py [--check]
"""
import random
import struct
import sys
from pathlib import Path

sys.dont_write_bytecode = True
from link_schema import ARRAY, ROOT
from wire import Schema, crc32c, stuff

FOLDER = ROOT / "firmware-stubs/vectors"
schema = Schema()
rng = random.Random(20260722)


def payload_of(kind, length):
    if kind == "zeros":
        return bytes(length)
    if kind == "ones":
        return b"\xff" * length
    if kind == "count":
        return bytes(i & 255 for i in range(length))
    if kind == "nonzero":
        return bytes(rng.randrange(1, 256) for _ in range(length))
    if kind == "sparse":
        return bytes(0 if rng.random() < 0.9 else rng.randrange(256) for _ in range(length))
    return bytes(rng.randrange(256) for _ in range(length))


def frames():
    """kind channel length sequence acknowledge received link payload wire"""
    lengths = [0, 1, 2, 3, 16, 64, 237, 238, 239, 253, 254, 255, 256, 491, 492, 493, 508, 510, 511, 512]
    kinds = sorted(schema.enums["FrameKind"].values())
    lines = ["# kind channel length sequence acknowledge received link payload wire"]
    for fill in ("zeros", "ones", "count", "nonzero", "sparse", "random"):
        for length in lengths + [rng.randrange(513) for _ in range(30)]:
            header = dict(kind=rng.choice(kinds), channel=rng.randrange(5), sequence=rng.choice([0, 1, 255, 256, 65535, rng.randrange(65536)]),
                          acknowledge=rng.randrange(65536), received=rng.randrange(256), link=rng.choice([0, 1, 65535, rng.randrange(65536)]))
            payload = payload_of(fill, length)
            numbers = [header["kind"], header["channel"], length, header["sequence"], header["acknowledge"], header["received"], header["link"]]
            lines.append(" ".join(map(str, numbers)) + f" {payload.hex() or '-'} {schema.frame(header, payload).hex()}")
    return lines


def broken():
    """reason stuffed: what lies between two zeros and must be refused, and why"""
    lines = ["# reason stuffed"]
    header = dict(kind=schema.enums["FrameKind"]["data"], channel=2, sequence=7, acknowledge=9, received=3, link=11)
    for _ in range(40):
        payload = payload_of("random", rng.randrange(1, 200))
        plain = bytearray(schema.plain(header, payload))
        wrong_seed = plain[:-4] + struct.pack("<I", crc32c(bytes(plain[:-4])))
        lines.append(f"crc {stuff(wrong_seed).hex()}")
        flipped = bytearray(plain)
        flipped[rng.randrange(len(plain))] ^= 1 << rng.randrange(8)
        lines.append(f"crc {stuff(flipped).hex()}")
        body = bytearray(plain[:-4])
        struct.pack_into("<H", body, 2, len(payload) + rng.choice([-1, 1, 255]))
        lines.append(f"length {stuff(bytes(body) + struct.pack('<I', crc32c(bytes(body), schema.seed))).hex()}")
        lines.append(f"length {stuff(plain[:rng.randrange(16)]).hex()}")
        whole = stuff(plain)
        lines.append(f"cobs {(whole[:-1] if whole[-1] != 1 else whole[:-2]).hex()}")
    for plain in (payload_of("random", 529), payload_of("ones", 700)):
        lines.append(f"length {stuff(plain).hex()}")
    return lines


def value_of(field):
    kind = schema.types.get(field["type"], field["type"])
    if kind in ("f32", "f64"):
        return rng.choice([0.0, -0.0, 1.0, -1.5, rng.gauss(0, 1), rng.gauss(0, 1e10), float("inf"), float("nan"), 5e-324])
    bits = int(kind[1:])
    if kind[0] == "i":
        return rng.choice([0, 1, -1, 2 ** (bits - 1) - 1, -2 ** (bits - 1), rng.randrange(-2 ** (bits - 1), 2 ** (bits - 1))])
    return rng.choice([0, 1, 2 ** bits - 1, 2 ** (bits - 1), rng.randrange(2 ** bits)])


def text_of(field, value):
    kind = schema.types.get(field["type"], field["type"])
    if kind == "f32":
        return "0x%08x" % struct.unpack("<I", struct.pack("<f", value))[0]
    if kind == "f64":
        return "0x%016x" % struct.unpack("<Q", struct.pack("<d", value))[0]
    return str(value)


def messages():
    """struct|fields|bytes"""
    lines = ["# struct|fields|bytes"]
    for name, fields in schema.structs.items():
        for _ in range(8):
            values, texts = {}, []
            for field in fields:
                array = ARRAY.match(field["type"])
                if array and array[1] == "text":
                    count = int(array[2])
                    value = "".join(rng.choice("abcXYZ0189-. ") for _ in range(rng.randrange(count))).encode().ljust(count, b"\0")
                    texts.append(f"{field['name']}={value.hex()}")
                elif array:
                    value = bytes(rng.randrange(256) for _ in range(int(array[2])))
                    texts.append(f"{field['name']}={value.hex()}")
                else:
                    value = value_of(field)
                    texts.append(f"{field['name']}={text_of(field, value)}")
                values[field["name"]] = value
            lines.append(f"{name}|{' '.join(texts)}|{schema.pack(name, **values).hex()}")
    return lines


def main():
    files = {"frames.txt": frames(), "broken.txt": broken(), "messages.txt": messages(),
             "schema.txt": [f"hash {schema.hash.hex()}", f"seed {schema.seed:08x}",
                             f"check {crc32c(b'123456789'):08x}", f"schema-check {crc32c(b'123456789', schema.seed):08x}"]}
    wrong = []
    for name, lines in files.items():
        text = "\n".join(lines) + "\n"
        path = FOLDER / name
        if "--check" in sys.argv[1:]:
            if not path.exists() or path.read_text() != text:
                wrong.append(name)
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
    count = sum(len(lines) - 1 for name, lines in files.items() if name != "schema.txt")
    if wrong:
        raise SystemExit("vectors that are not what tools/vectors.py gives: " + ", ".join(wrong))
    print(f"{count} vectors {'are what the schema gives' if '--check' in sys.argv[1:] else 'written'}")


if __name__ == "__main__":
    main()
