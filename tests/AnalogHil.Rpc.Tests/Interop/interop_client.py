"""Runs the interoperability cases with grpcio against the address given; prints one line for each case that held."""
import sys
import threading
import time

import grpc

from interop_messages import INITIAL, REQUESTS, RESPONSES, SERVICE, SPECIAL, TRAILING, body_size, encode, first, output_request, payload

OK, UNKNOWN = grpc.StatusCode.OK, grpc.StatusCode.UNKNOWN
METADATA = ((INITIAL, "test_initial_metadata_value"), (TRAILING, b"\xab\xab\xab"))
channel = grpc.insecure_channel(sys.argv[1])
empty = channel.unary_unary(f"/{SERVICE}/EmptyCall")
unary = channel.unary_unary(f"/{SERVICE}/UnaryCall")
output = channel.unary_stream(f"/{SERVICE}/StreamingOutputCall")
take = channel.stream_unary(f"/{SERVICE}/StreamingInputCall")
duplex = channel.stream_stream(f"/{SERVICE}/FullDuplexCall")
LARGE = encode((2, 314159), (3, payload(271828)))


class Requests:
    """Requests of a stream, given one by one."""

    def __init__(self, *given):
        self._given, self._closed, self._more = list(given), False, threading.Condition()

    def __iter__(self):
        return self

    def __next__(self):
        with self._more:
            while not self._given and not self._closed:
                self._more.wait()
            if not self._given:
                raise StopIteration
            return self._given.pop(0)

    def give(self, request):
        with self._more:
            self._given.append(request)
            self._more.notify()

    def close(self):
        with self._more:
            self._closed = True
            self._more.notify()


def same(seen, expected):
    if seen != expected:
        raise AssertionError(f"{seen!r} is not {expected!r}")


def error(call):
    try:
        call()
    except grpc.RpcError as e:
        return e
    raise AssertionError("the call did not fail")


def empty_unary():
    same(empty(b"", timeout=60), b"")


def large_unary():
    same(body_size(unary(LARGE, timeout=60)), 314159)


def client_streaming():
    same(first(take(iter([encode((1, payload(size))) for size in REQUESTS]), timeout=60), 1), 74922)


def server_streaming():
    request = b"".join(encode((2, encode((1, size)))) for size in RESPONSES)
    same([body_size(response) for response in output(request, timeout=60)], RESPONSES)


def ping_pong():
    requests = Requests()
    call = duplex(requests, timeout=60)
    for asked, given in zip(REQUESTS, RESPONSES):
        requests.give(output_request(size=given, body=asked))
        same(body_size(next(call)), given)
    requests.close()
    same(list(call), [])


def empty_stream():
    same(list(duplex(iter([]), timeout=60)), [])


def timeout_on_sleeping_server():
    requests = Requests(output_request(body=27182))
    same(error(lambda: next(duplex(requests, timeout=0.001))).code(), grpc.StatusCode.DEADLINE_EXCEEDED)
    requests.close()


def cancel_after_begin():
    requests = Requests()
    call = take.future(requests, timeout=60)
    call.cancel()
    same((call.cancelled(), call.code()), (True, grpc.StatusCode.CANCELLED))
    requests.close()


def cancel_after_first_response():
    requests = Requests(output_request(size=31415, body=27182))
    call = duplex(requests, timeout=60)
    same(body_size(next(call)), 31415)
    call.cancel()
    same(error(lambda: next(call)).code(), grpc.StatusCode.CANCELLED)
    requests.close()


def status_code_and_message():
    status = (2, "test status message")
    for call in (lambda: unary(output_request(status=status), timeout=60),
                 lambda: next(duplex(iter([output_request(status=status)]), timeout=60))):
        e = error(call)
        same((e.code(), e.details()), (UNKNOWN, "test status message"))


def special_status_message():
    e = error(lambda: unary(output_request(status=(2, SPECIAL)), timeout=60))
    same((e.code(), e.details()), (UNKNOWN, SPECIAL))


def unimplemented_method():
    same(error(lambda: channel.unary_unary(f"/{SERVICE}/UnimplementedCall")(b"", timeout=60)).code(), grpc.StatusCode.UNIMPLEMENTED)


def unimplemented_service():
    method = channel.unary_unary("/grpc.testing.UnimplementedService/UnimplementedCall")
    same(error(lambda: method(b"", timeout=60)).code(), grpc.StatusCode.UNIMPLEMENTED)


def custom_metadata():
    _, single = unary.with_call(LARGE, timeout=60, metadata=METADATA)
    stream = duplex(iter([output_request(size=314159, body=271828)]), timeout=60, metadata=METADATA)
    same([body_size(response) for response in stream], [314159])
    for call in (single, stream):
        same(dict(call.initial_metadata())[INITIAL], "test_initial_metadata_value")
        same(dict(call.trailing_metadata())[TRAILING], b"\xab\xab\xab")


for case in (empty_unary, large_unary, client_streaming, server_streaming, ping_pong, empty_stream, timeout_on_sleeping_server,
             cancel_after_begin, cancel_after_first_response, status_code_and_message, special_status_message,
             unimplemented_method, unimplemented_service, custom_metadata):
    started = time.monotonic()
    case()
    print(f"held: {case.__name__} ({(time.monotonic() - started) * 1000:.0f} ms)", flush=True)
