"""Runs a campaign on a running daemon and takes its figures into NumPy.

    ./generate.sh stubs
    PYTHONPATH=stubs python3 campaign.py --socket ~/.hil/hil.sock --model net.onnx --data images --out runs/first
"""

import argparse
import json
import pathlib
import sys

import grpc
import numpy as np
from analog_bench import CampaignFailed, Lease, LeaseLost, reason_of, run_campaign
from analoghil.v1 import campaign_pb2


def arrays_of(report):
    """The figures of a record that are one for each layer, as arrays in graph order."""
    layers = report["plan"]["layers"]
    twin = {layer["layer"]: layer for layer in report["twin"]}
    return {
        "layers": np.array([layer["name"] for layer in layers]),
        "repeats": np.array([layer["k"] for layer in layers]),
        "macs": np.array([layer["macs"] for layer in layers]),
        "variance_ratio": np.array([twin[layer["name"]]["variance_ratio"] for layer in layers]),
        "variance_ratio_low": np.array([twin[layer["name"]]["low"] for layer in layers]),
        "variance_ratio_high": np.array([twin[layer["name"]]["high"] for layer in layers]),
    }


def raw_reads(result, report):
    """The raw reads of the calibration, one array for each series; they lie on the daemon's machine."""
    directory = pathlib.Path(result.output_directory)
    return {entry["file"]: np.load(directory / entry["file"]) for entry in report["provenance"]["raw_files"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--socket", required=True, help="Unix socket of the daemon")
    parser.add_argument("--bench", default="crossbar", help="name of a bench of the daemon")
    parser.add_argument("--model", required=True, help="ONNX model")
    parser.add_argument("--data", required=True, help="directory of images with a test and a calibration split")
    parser.add_argument("--out", required=True, help="directory for the record; must not hold one yet")
    parser.add_argument("--max-drop", type=float, default=2, help="largest accepted loss of accuracy, percentage points")
    parser.add_argument("--max-images", type=int, help="use at most this many test images, at least 250")
    parser.add_argument("--wait", type=int, default=60, help="seconds to wait while somebody else has the bench")
    given = parser.parse_args()
    request = {
        "bench": given.bench,
        "model": str(pathlib.Path(given.model).resolve()),
        "data": str(pathlib.Path(given.data).resolve()),
        "output_directory": str(pathlib.Path(given.out).resolve()),
        "max_drop_points": given.max_drop,
    }
    if given.max_images is not None:
        request["max_images"] = given.max_images

    def tell(event):
        if event.WhichOneof("kind") == "progress":
            phase = campaign_pb2.CampaignPhase.Name(event.progress.phase).removeprefix("CAMPAIGN_PHASE_").lower()
            print(f"{phase}: {event.progress.message}", file=sys.stderr)

    try:
        with grpc.insecure_channel(f"unix:{pathlib.Path(given.socket).resolve()}") as channel:
            with Lease(channel, given.bench, wait_seconds=given.wait) as lease:
                result = run_campaign(channel, lease, tell, **request)
    except grpc.RpcError as refused:
        sys.exit(f"refused, {reason_of(refused) or refused.code().name}: {refused.details()}")
    except (CampaignFailed, LeaseLost) as failed:
        sys.exit(str(failed))

    report = json.loads(result.report_json)
    arrays = arrays_of(report)
    reads = raw_reads(result, report)
    mean_repeats = float(np.average(arrays["repeats"], weights=arrays["macs"]))
    print(json.dumps({
        "verdict": report["verdict"],
        "reason": result.reason,
        "repeats": dict(zip(arrays["layers"].tolist(), arrays["repeats"].tolist())),
        "mean_repeats_per_mac": mean_repeats,
        "variance_ratio": arrays["variance_ratio"].tolist(),
        "raw_series": len(reads),
        "raw_values": int(sum(series.size for series in reads.values())),
    }))


if __name__ == "__main__":
    main()
