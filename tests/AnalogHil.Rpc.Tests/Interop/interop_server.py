"""Serves grpc.testing.TestService with grpcio; prints its port, ends when its input closes."""
import sys
from concurrent import futures

import grpc

from interop_messages import INITIAL, SERVICE, TRAILING, decode, encode, first, payload

CODES = {code.value[0]: code for code in grpc.StatusCode}


def echo(context):
    metadata = dict(context.invocation_metadata())
    if INITIAL in metadata:
        context.send_initial_metadata(((INITIAL, metadata[INITIAL]),))
    if TRAILING in metadata:
        context.set_trailing_metadata(((TRAILING, metadata[TRAILING]),))


def end_as_asked(request, context):
    code = first(request, 7, 1)
    if code:
        context.abort(CODES[code], (first(request, 7, 2) or b"").decode())


def unary(request, context):
    echo(context)
    end_as_asked(request, context)
    return encode((1, payload(first(request, 2))))


def responses(request):
    for parameters in decode(request).get(2, []):
        yield encode((1, payload(first(parameters, 1))))


def output(request, context):
    echo(context)
    yield from responses(request)


def take(requests, context):
    return encode((1, sum(len(first(request, 1, 2) or b"") for request in requests)))


def duplex(requests, context):
    echo(context)
    for request in requests:
        end_as_asked(request, context)
        yield from responses(request)


server = grpc.server(futures.ThreadPoolExecutor(8))
server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, {
    "EmptyCall": grpc.unary_unary_rpc_method_handler(lambda request, context: b""),
    "UnaryCall": grpc.unary_unary_rpc_method_handler(unary),
    "StreamingOutputCall": grpc.unary_stream_rpc_method_handler(output),
    "StreamingInputCall": grpc.stream_unary_rpc_method_handler(take),
    "FullDuplexCall": grpc.stream_stream_rpc_method_handler(duplex),
}),))
print(server.add_insecure_port("127.0.0.1:0"), flush=True)
server.start()
sys.stdin.read()
server.stop(None)
