"""A client that has nothing but an address, as grpcurl is: asks the server by reflection what there is and calls it.

usage: reflective_client.py ADDRESS VERSION METHOD [JSON]      VERSION is v1 or v1alpha, METHOD is Service/Method
Prints the services, one a line, and the first response as JSON.
"""
import sys

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

LIST_SERVICES, FILE_CONTAINING_SYMBOL = 7, 4
FILES, SERVICES = 4, 6


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def fields(data):
    """Field numbers and payloads of the length-delimited fields of a message."""
    at = 0
    while at < len(data):
        tag, at = varint(data, at)
        length, at = varint(data, at)
        if tag & 7 == 2:
            yield tag >> 3, data[at:at + length]
            at += length


def question(number, text):
    return bytes([number << 3 | 2, len(text)]) + text.encode()


def main(address, version, name, body="{}"):
    with grpc.insecure_channel(address) as channel:
        ask = channel.stream_stream(f"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo")

        def answer(number, text, field):
            response = next(iter(ask(iter([question(number, text)]), timeout=60)))
            return next(payload for at, payload in fields(response) if at == field)

        for _, service in fields(answer(LIST_SERVICES, "", SERVICES)):
            print(next(payload for _, payload in fields(service)).decode())

        service, method = name.split("/")
        pool = descriptor_pool.DescriptorPool()
        files = {}
        for _, data in fields(answer(FILE_CONTAINING_SYMBOL, service, FILES)):
            file = descriptor_pb2.FileDescriptorProto.FromString(data)
            files[file.name] = file

        def add(file):
            for dependency in file.dependency:
                if dependency in files:
                    add(files.pop(dependency))
            pool.Add(file)

        while files:
            add(files.pop(next(iter(files))))
        found = pool.FindServiceByName(service).FindMethodByName(method)
        factory = message_factory.MessageFactory(pool)
        request = json_format.Parse(body, factory.GetPrototype(found.input_type)(), descriptor_pool=pool)
        call = channel.unary_stream(
            f"/{name}", request_serializer=lambda message: message.SerializeToString(), response_deserializer=factory.GetPrototype(found.output_type).FromString)
        response = next(iter(call(request, timeout=60)))
        print(json_format.MessageToJson(response, indent=None, descriptor_pool=pool))


main(*sys.argv[1:])
