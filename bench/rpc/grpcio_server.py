"""The peer of compare.cs: grpcio's server on a Unix socket and a TCP port, with raw bytes (no messages to parse); prints the port."""
import sys
from concurrent import futures

import grpc

BLOCK = bytes(4096)


def unary(request, context):
    return request


def stream(request, context):
    for _ in range(int.from_bytes(request, "little")):
        yield BLOCK


server = grpc.server(futures.ThreadPoolExecutor(16))
server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("bench.Echo", {
    "Unary": grpc.unary_unary_rpc_method_handler(unary),
    "Stream": grpc.unary_stream_rpc_method_handler(stream),
}),))
server.add_insecure_port("unix:" + sys.argv[1])
print(server.add_insecure_port("127.0.0.1:0"), flush=True)
server.start()
sys.stdin.read()
server.stop(None)
