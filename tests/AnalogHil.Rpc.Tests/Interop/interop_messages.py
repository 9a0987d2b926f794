"""The messages of grpc.testing as bytes, without generated code: a message is a dict of field number to values."""

REQUESTS = [27182, 8, 1828, 45904]
RESPONSES = [31415, 9, 2653, 58979]
SPECIAL = "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n"
INITIAL = "x-grpc-test-echo-initial"
TRAILING = "x-grpc-test-echo-trailing-bin"
SERVICE = "grpc.testing.TestService"


def varint(n):
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    out.append(n)
    return bytes(out)


def encode(*fields):
    """Pairs of field number and an int, a str or bytes; zero values are left out but for empty sub-messages."""
    out = b""
    for number, value in fields:
        if isinstance(value, int):
            out += varint(number << 3) + varint(value) if value else b""
        else:
            value = value.encode() if isinstance(value, str) else value
            out += varint(number << 3 | 2) + varint(len(value)) + value
    return out


def decode(data):
    fields, at = {}, 0

    def read():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(data):
        tag = read()
        value = read()
        if tag & 7 == 2:
            length, value = value, data[at:at + value]
            at += length
        elif tag & 7 != 0:
            raise ValueError(f"wire type {tag & 7} is not used in these messages")
        fields.setdefault(tag >> 3, []).append(value)
    return fields


def first(message, *path):
    """The first value at a path of field numbers; 0 if a field is absent."""
    for number in path:
        values = decode(message).get(number)
        if not values:
            return 0
        message = values[0]
    return message


def payload(size):
    return encode((2, bytes(size)))


def output_request(size=None, body=None, status=None):
    fields = []
    if size is not None:
        fields.append((2, encode((1, size))))
    if body is not None:
        fields.append((3, payload(body)))
    if status is not None:
        fields.append((7, encode((1, status[0]), (2, status[1]))))
    return encode(*fields)


def body_size(response):
    return len(first(response, 1, 2) or b"")
