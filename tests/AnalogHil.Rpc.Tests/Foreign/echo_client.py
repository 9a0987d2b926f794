"""Calls the test server through grpcio, without generated stubs; prints one line for each check that held."""
import sys

import grpc

SERVICE = "/analoghil.test.v1.EchoService/"
HEALTH = "/grpc.health.v1.Health/"


def varint(n):
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    out.append(n)
    return bytes(out)


def request(text="", data=b"", count=0):
    out = b""
    if text:
        out += b"\x0a" + varint(len(text.encode())) + text.encode()
    if data:
        out += b"\x12" + varint(len(data)) + data
    if count:
        out += b"\x18" + varint(count)
    return out


def held(name, condition):
    if not condition:
        print("failed:", name)
        sys.exit(1)
    print("held:", name)


def error(call):
    try:
        call()
    except grpc.RpcError as e:
        return e
    return None


def main(address):
    options = [("grpc.max_receive_message_length", -1)]
    with grpc.insecure_channel(address, options=options) as channel:
        unary = channel.unary_unary(SERVICE + "Unary")
        held("unary", unary(request("tile µ"), timeout=60) == request("tile µ"))

        big = bytes(range(256)) * 4096
        held("unary of 1 MiB", unary(request(data=big), timeout=60) == request(data=big))

        e = error(lambda: unary(request("status:σ ≤ 5 %"), timeout=60))
        held("status", e.code() == grpc.StatusCode.FAILED_PRECONDITION and e.details() == "σ ≤ 5 %")
        held("trailers", {"why": "because", "raw-bin": b"\x00\xff\x80"}.items() <= dict(e.trailing_metadata()).items())

        e = error(lambda: unary(request("wait"), timeout=0.3))
        held("deadline", e.code() == grpc.StatusCode.DEADLINE_EXCEEDED)

        e = error(lambda: unary(request(data=bytes(5 * 1024 * 1024)), timeout=60))
        held("message limit", e.code() == grpc.StatusCode.RESOURCE_EXHAUSTED)

        e = error(lambda: channel.unary_unary("/no.Such/Method")(b"", timeout=60))
        held("unimplemented", e.code() == grpc.StatusCode.UNIMPLEMENTED)

        _, call = unary.with_call(request("headers"), timeout=60, metadata=(("lease-epoch", "17"), ("key-bin", b"\x00\xfe")))
        for name, seen in (("headers", call.initial_metadata()), ("trailers", call.trailing_metadata())):
            held("metadata in " + name, {"lease-epoch": "17", "key-bin": b"\x00\xfe"}.items() <= dict(seen).items())

        stream = channel.unary_stream(SERVICE + "ServerStream")
        held("server stream", len(list(stream(request("k", count=300), timeout=60))) == 300)

        call = stream(request("wait", count=1), timeout=60)
        next(call)
        call.cancel()
        held("cancel", error(lambda: next(call)).code() == grpc.StatusCode.CANCELLED)

        chunks = (request(data=bytes(64 * 1024)) for _ in range(32))
        held("client stream", channel.stream_unary(SERVICE + "ClientStream")(chunks, timeout=60).startswith(b"\x0a\x0d2097152 bytes"))

        duplex = channel.stream_stream(SERVICE + "Duplex")
        held("duplex", len(list(duplex((request(str(i)) for i in range(40)), timeout=60))) == 40)

        held("health", channel.unary_unary(HEALTH + "Check")(b"", timeout=60) == b"\x08\x02")

    with grpc.insecure_channel(address, options=options, compression=grpc.Compression.Gzip) as channel:
        text = "x" * 10000
        held("gzip request", channel.unary_unary(SERVICE + "Unary")(request(text), timeout=60) == request(text))


main(sys.argv[1])
