"""A bench of an AnalogHil daemon, from Python: nothing but grpcio and the generated stubs (generate.sh)."""

import threading
import time
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
from google.rpc import error_details_pb2, status_pb2

CALL_SECONDS = 30
START_SECONDS = 300

# The call failed on its way: nobody knows whether it arrived, and renewing a lease twice does no harm.
ON_ITS_WAY = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)


class LeaseLost(RuntimeError):
    """The lease ended before its block did; the daemon has made the device safe."""


class CampaignFailed(RuntimeError):
    """A campaign ended without a verdict. `reason` is one of docs/api.md, such as "CANCELLED" or "DEVICE_FAULT"."""

    def __init__(self, operation, status):
        self.operation = operation
        self.reason = reason_of(status)
        super().__init__(f"{operation} ended without a verdict: {self.reason}: {status.message}")


def reason_of(failure):
    """Why a call or an operation failed: "LEASE_HELD", "NOT_ARMED" and so on (docs/api.md); "" where a call failed on its way.

    failure: a grpc.RpcError, or the google.rpc.Status of an operation.
    """
    status = failure
    if isinstance(failure, grpc.RpcError):
        sent = dict(failure.trailing_metadata() or ())
        status = status_pb2.Status.FromString(sent.get("grpc-status-details-bin", b""))
    info = error_details_pb2.ErrorInfo()
    return next((info.reason for detail in status.details if detail.Unpack(info)), "")


class Lease:
    """The right to change a bench, renewed while the block runs and given back at its end.

    with Lease(channel, "crossbar") as lease:
        run_campaign(channel, lease, bench="crossbar", ...)

    Waits `wait_seconds` while somebody else has the bench, then raises grpc.RpcError (reason_of: "LEASE_HELD"). Renewals that fail on their way are
    made again until the lease must have ended.
    """

    def __init__(self, channel, bench, ttl_seconds=30, wait_seconds=60):
        self._stub = leases_grpc.LeaseServiceStub(channel)
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

    def __exit__(self, error_type, *_):
        self._ended.set()
        self._renewing.join()
        if self._lost is not None:
            return
        try:
            self._stub.Release(leases.ReleaseRequest(mutation=self.mutation()), timeout=CALL_SECONDS)
        except grpc.RpcError:
            # What ended the block matters more; the lease ends by itself, and the device is made safe then.
            if error_type is None:
                raise

    def mutation(self):
        """A fresh request id with this lease: one for each thing that is to be done once."""
        if self._lost is not None:
            raise LeaseLost(f"{self._lease.name} on {self._bench} has ended: {self._lost.details()}") from self._lost
        return mutation_pb2.Mutation(request_id=str(uuid.uuid4()), lease=self._lease.name, epoch=self._lease.epoch)

    def _renew(self):
        renewed = time.monotonic()
        while not self._ended.wait(self._ttl / 3):
            try:
                self._stub.Renew(leases.RenewRequest(mutation=self.mutation()), timeout=self._ttl / 3)
                renewed = time.monotonic()
            except grpc.RpcError as failed:
                if failed.code() not in ON_ITS_WAY or time.monotonic() - renewed > self._ttl:
                    # Whoever asks for a mutation next hears of it.
                    self._lost = failed
                    return


def make_safe(channel, bench="", reason="make_safe of the Python example"):
    """Turns the drive off; needs no lease. An empty bench: every device."""
    stub = devices_grpc.DeviceServiceStub(channel)
    return stub.EnterSafeState(devices.EnterSafeStateRequest(bench=bench, reason=reason), timeout=CALL_SECONDS).devices


def run_campaign(channel, lease, on_event=lambda event: None, **request):
    """Runs a campaign to its end and returns its RunResponse.

    request: fields of RunRequest (protos/analoghil/v1/campaign_service.proto); paths are absolute, and on the daemon's machine.
    Raises CampaignFailed when it ended without a verdict. An exception in the block, such as that of Ctrl-C, cancels it: the daemon makes the device
    safe, and the record can be resumed.
    """
    stub = campaigns_grpc.CampaignServiceStub(channel)
    operation = stub.Run(campaigns.RunRequest(mutation=lease.mutation(), **request), timeout=START_SECONDS)
    last = None
    try:
        for message in stub.WatchOperation(campaigns.WatchOperationRequest(name=operation.name)):
            last = message.event
            on_event(last)
    except BaseException:
        stub.Cancel(campaigns.CancelRequest(name=operation.name), timeout=CALL_SECONDS)
        raise
    if last.WhichOneof("kind") != "result":
        raise CampaignFailed(operation.name, last.error)
    return last.result
