"""A gRPC C-core client that asks an ADS server for clusters: usage: python3 ads.py HOST:PORT NODE_CLUSTER

Writes the few fields by hand, so that it needs no generated code. Prints how many resources came, and their version.
"""
import queue
import sys

import grpc

CLUSTER = b"type.googleapis.com/envoy.config.cluster.v3.Cluster"


def field(number, value):
    return bytes([number << 3 | 2, len(value)]) + value


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7


def fields(data):
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        length, at = varint(data, at)
        yield key >> 3, data[at:at + length]
        at += length


requests = queue.Queue()
requests.put(field(2, field(1, b"python-1") + field(2, sys.argv[2].encode())) + field(4, CLUSTER))
channel = grpc.insecure_channel(sys.argv[1])
stream = channel.stream_stream(
    "/envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources",
    request_serializer=lambda b: b,
    response_deserializer=lambda b: b,
)(iter(requests.get, None), timeout=20)
response = list(fields(next(stream)))
version = next(v for n, v in response if n == 1)
nonce = next(v for n, v in response if n == 5)
requests.put(field(1, version) + field(4, CLUSTER) + field(5, nonce))
print(sum(1 for n, _ in response if n == 2), version.decode())
requests.put(None)
