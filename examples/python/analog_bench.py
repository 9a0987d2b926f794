"""A bench of an AnalogHil daemon, from Python: nothing but grpcio and the generated stubs (generate.sh)."""

import threading
import uuid

import grpc
from analoghil.v1 import campaign_service_pb2 as campaigns
from analoghil.v1 import campaign_service_pb2_grpc as campaigns_grpc
from analoghil.v1 import device_service_pb2 as devices
from analoghil.v1 import device_service_pb2_grpc as devices_grpc
from analoghil.v1 import lease_service_pb2 as leases
from analoghil.v1 import lease_service_pb2_grpc as leases_grpc
from analoghil.v1 import mutation_pb2
from google.protobuf import duration_pb2

CALL_SECONDS = 30
START_SECONDS = 300


class Lease:
    """The right to change a bench, renewed while the block runs and given back at its end.

    with Lease(channel, "crossbar") as lease:
        campaigns.RunRequest(bench="crossbar", mutation=lease.mutation(), ...)
    """

    def __init__(self, channel, bench, ttl_seconds=30, wait_seconds=60):
        self._stub = leases_grpc.LeaseServiceStub(channel)
        self._channel = channel
        self._bench = bench
        self._ttl = ttl_seconds
        self._wait = wait_seconds
        self._ended = threading.Event()
        self._lost = None

    def __enter__(self):
        request = leases.AcquireRequest(
            bench=self._bench,
            mutation=mutation_pb2.Mutation(request_id=str(uuid.uuid4())),
            ttl=duration_pb2.Duration(seconds=self._ttl),
        )
        self._lease = self._stub.Acquire(request, timeout=self._wait).lease
        self._renewing = threading.Thread(target=self._renew, daemon=True)
        self._renewing.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._renewing.join()
        if self._lost is None:
            self._stub.Release(leases.ReleaseRequest(mutation=self.mutation()), timeout=CALL_SECONDS)

    def mutation(self):
        """A fresh request id with this lease: one for each thing that is to be done once."""
        if self._lost is not None:
            raise self._lost
        return mutation_pb2.Mutation(request_id=str(uuid.uuid4()), lease=self._lease.name, epoch=self._lease.epoch)

    def _renew(self):
        while not self._ended.wait(self._ttl / 3):
            try:
                self._stub.Renew(leases.RenewRequest(mutation=self.mutation()), timeout=CALL_SECONDS)
            except grpc.RpcError as lost:
                # The device is made safe by the daemon; whoever asks for a mutation next hears of it.
                self._lost = lost
                return


def make_safe(channel, bench="", reason="make_safe of the Python example"):
    """Turns the drive off; needs no lease. An empty bench: every device."""
    stub = devices_grpc.DeviceServiceStub(channel)
    return stub.EnterSafeState(devices.EnterSafeStateRequest(bench=bench, reason=reason), timeout=CALL_SECONDS).devices


def run_campaign(channel, lease, on_event=lambda event: None, **request):
    """Runs a campaign to its end. Returns its RunResponse; raises RuntimeError when it ended without a verdict."""
    stub = campaigns_grpc.CampaignServiceStub(channel)
    operation = stub.Run(campaigns.RunRequest(mutation=lease.mutation(), **request), timeout=START_SECONDS)
    last = None
    for message in stub.WatchOperation(campaigns.WatchOperationRequest(name=operation.name)):
        last = message.event
        on_event(last)
    if last.WhichOneof("kind") != "result":
        raise RuntimeError(f"{operation.name} ended without a verdict: {last.error.message}")
    return last.result
