"""Serves the echo methods with grpcio, without generated stubs; prints its port, ends when its input closes."""
import sys
from concurrent import futures

import grpc

SERVICE = "analoghil.test.v1.EchoService"


def text_of(request):
    # Field 1 comes first and is shorter than 128 bytes in these tests.
    return request[2:2 + request[1]].decode() if request[:1] == b"\x0a" else ""


def unary(request, context):
    text = text_of(request)
    if text == "status":
        context.set_trailing_metadata((("why", "because"), ("raw-bin", b"\x00\xff\x80")))
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, "σ ≤ 5 %")
    if text == "headers":
        seen = [(k, v) for k, v in context.invocation_metadata() if k in ("lease-epoch", "key-bin")]
        context.send_initial_metadata(seen)
        context.set_trailing_metadata(seen)
    if text == "deadline":
        context.set_trailing_metadata((("left", str(context.time_remaining())),))
    return request


def server_stream(request, context):
    for _ in range(100):
        yield request


def client_stream(requests, context):
    text = str(sum(1 for _ in requests)).encode()
    return b"\x0a" + bytes([len(text)]) + text


def duplex(requests, context):
    yield from requests


server = grpc.server(futures.ThreadPoolExecutor(4))
server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, {
    "Unary": grpc.unary_unary_rpc_method_handler(unary),
    "ServerStream": grpc.unary_stream_rpc_method_handler(server_stream),
    "ClientStream": grpc.stream_unary_rpc_method_handler(client_stream),
    "Duplex": grpc.stream_stream_rpc_method_handler(duplex),
}),))
print(server.add_insecure_port("127.0.0.1:0"), flush=True)
server.start()
sys.stdin.read()
server.stop(None)
