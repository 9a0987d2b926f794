#!/usr/bin/python3
"""Compares the engine with PyTorch on whole networks, clean and noisy, forward and backward, in turns. See bench/README.md."""
import argparse
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time

# Without these glibc returns large buffers to the system after every layer and PyTorch pays for the page faults.
MALLOC = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(1 << 40), "MALLOC_TOP_PAD_": str(64 << 20)}
if any(os.environ.get(name) != value for name, value in MALLOC.items()):
    os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **MALLOC})

try:
    import numpy as np
    import torch
except ImportError:
    raise SystemExit("PyTorch is missing: apt-get install python3-torch (Debian; about 300 MB), then run this with /usr/bin/python3")

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "peer"))
import onnx_file  # noqa: E402
from engine_server import EngineServer  # noqa: E402
from torch_network import Noise, TorchNetwork  # noqa: E402

LAWS = ("thermal", "weight", "shot")
LAYOUTS = {"NCHW": torch.contiguous_format, "channels_last": torch.channels_last}
# Rows of the table: name, numerator, denominator, aim for (resnet50, mobilenetv2).
FORWARD = [
    ("ours / torch NCHW, clean", "ours clean", "torch NCHW", (0.90, 0.90)),
    ("ours / torch best layout, clean", "ours clean", "torch best", (1.00, 1.00)),
    *[(f"{law}: noisy / clean, ours", f"ours {law}", "ours clean", (1.08, 1.30)) for law in LAWS],
    *[(f"{law}: noisy / clean, torch", f"torch {law}", "torch best", None) for law in LAWS],
    *[(f"{law}: ours / torch (normal_)", f"ours {law}", f"torch {law}", (0.55, 0.28)) for law in LAWS],
    ("thermal: ours / torch (randn_like)", "ours thermal", "torch thermal randn_like", None),
    ("weight, held over an inference: noisy / clean, ours", "ours weight held", "ours clean", None),
]
BACKWARD = [
    ("forward+backward, clean: ours / torch best", "ours clean both", "torch clean both", (0.80, 0.80)),
    ("forward+backward, thermal: ours / torch", "ours thermal both", "torch thermal both", (0.80, 0.80)),
    ("forward+backward, weight: ours / torch", "ours weight both", "torch weight both", (0.80, 0.80)),
]


def main():
    options = read_options()
    if not options.no_build:
        command = ["dotnet", "build", "-c", "Release", "-v", "q", "--nologo", os.path.join(HERE, "AnalogHil.Benchmarks")]
        subprocess.run(command, check=True, stdout=sys.stderr)
    if options.case:
        run_case(options)
    else:
        run_all(options)


def run_all(options):
    """Each case in a process of its own: OpenMP reads its limit once, and a case that hangs can be stopped. Figures are written after every case, and kept ones are not taken again."""
    report = {"machine": machine(), "results": []}
    if options.resume and os.path.exists(options.json):
        with open(options.json, encoding="utf-8") as file:
            report = json.load(file)
    report["results"] = [result for result in report["results"] if "stopped" not in result]
    done = {key(result) for result in report["results"]}
    started = time.monotonic()
    for case in [(m, b, t) for m in options.models for b in options.batches for t in options.threads]:
        if case in done:
            continue
        if time.monotonic() - started > options.seconds:
            print(f"{options.seconds} s are over before {name_of(case)}; the rest comes with --resume")
            break
        report["results"].append(taken(case, options))
        report["taken"] = datetime.datetime.now().isoformat(timespec="seconds")
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(report, file, indent=1)
    for result in report["results"]:
        print_table(result)
    print_gains(report["results"])
    print(f"written to {options.json}")


def taken(case, options):
    with tempfile.TemporaryDirectory() as folder:
        part = os.path.join(folder, "part.json")
        command = [sys.executable, __file__, "--no-build", "--case", "--models", case[0], "--batches", str(case[1]), "--threads", str(case[2]),
                   "--rounds", str(options.rounds), "--case-seconds", str(options.case_seconds), "--data", options.data, "--json", part]
        command += ["--forward-only"] if options.forward_only else []
        try:
            # Loading, warming up and one round come on top of the rounds' own limit.
            subprocess.run(command, check=True, timeout=3 * options.case_seconds, env={**os.environ, "OMP_THREAD_LIMIT": str(case[2])})
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
            ended = f"took more than {3 * options.case_seconds} s" if isinstance(error, subprocess.TimeoutExpired) else f"ended with status {error.returncode}"
            print(f"{name_of(case)} was given up: it {ended}")
            return {"model": case[0], "batch": case[1], "threads": case[2], "stopped": ended}
        with open(part, encoding="utf-8") as file:
            return json.load(file)


def run_case(options):
    model, batch, threads = options.models[0], options.batches[0], options.threads[0]
    # With one thread PyTorch leaves oneDNN for a convolution of its own over BLAS, ten times slower with Debian's; told of two and held to one, it stays.
    torch.set_num_threads(max(2, threads))
    engine = EngineServer(os.path.join(HERE, "AnalogHil.Benchmarks", "bin", "Release", "net10.0", "AnalogHil.Benchmarks.dll"))
    network = TorchNetwork(onnx_file.read(os.path.join(options.data, "models", model + ".onnx")))
    images = sample_images(options, model)
    with tempfile.TemporaryDirectory() as folder:
        check_logits(engine, network, images, model, options, folder)
    result = compare(engine, network, images, model, batch, threads, options)
    result["limits"] = {n: engine.ask(do="limits", id="", threads=n) for n in (1, 2)}
    engine.close()
    with open(options.json, "w", encoding="utf-8") as file:
        json.dump(result, file)


def key(result):
    return result["model"], result["batch"], result["threads"]


def name_of(case):
    return f"{case[0]}, batch {case[1]}, {case[2]} thread(s)"


def read_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="3 rounds in place of 9, forward passes only for batch 8")
    parser.add_argument("--rounds", type=int, help="rounds of each case")
    parser.add_argument("--models", nargs="+", default=["resnet50", "mobilenetv2"])
    parser.add_argument("--batches", nargs="+", type=int, default=[8, 1])
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--resume", action="store_true", help="keep the cases that --json already holds and take the others")
    parser.add_argument("--seconds", type=float, default=1e9, help="begin no case after so many seconds; --resume goes on")
    parser.add_argument("--case-seconds", type=float, default=120, help="begin no round of a case after so many seconds of it")
    parser.add_argument("--case", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--forward-only", action="store_true", help="leave the backward passes out")
    parser.add_argument("--no-build", action="store_true", help="use the engine as it was built last")
    parser.add_argument("--data", default=os.environ.get("ANALOGHIL_SHARED_DATA") or os.path.join(HERE, "..", "..", "shared", "data"),
                        help="folder that holds models/ (default: ANALOGHIL_SHARED_DATA, else ../shared/data beside the repository)")
    parser.add_argument("--json", default="compare_torch.json", help="where the figures go")
    options = parser.parse_args()
    options.rounds = options.rounds or (3 if options.quick else 9)
    if options.quick:
        options.forward_only = True
        options.batches = [8]
    return options


def sample_images(options, model):
    two = np.load(os.path.join(options.data, "models", "golden", model, "input_first2.npy"))
    return torch.from_numpy(np.concatenate([two] * ((max(options.batches) + 1) // 2))).contiguous()


def check_logits(engine, network, images, model, options, folder):
    path, logits = os.path.join(folder, "images.f32"), os.path.join(folder, "logits.f32")
    images.numpy().tofile(path)
    with torch.inference_mode():
        expected = network(images).numpy()
    for threads in options.threads:
        engine.ask(do="load", id=f"{model}/{threads}", path=os.path.join(options.data, "models", model + ".onnx"), images=path, threads=threads)
        engine.ask(do="logits", id=f"{model}/{threads}", count=len(images), path=logits)
        worst = float(np.abs(np.fromfile(logits, np.float32).reshape(expected.shape) - expected).max())
        print(f"{model}, {threads} threads: largest difference of a logit {worst:.1e} (of up to {np.abs(expected).max():.1f})")
        if not worst < 1e-3 * max(1, np.abs(expected).max()):
            raise SystemExit(f"{model}: the engine and PyTorch disagree by {worst}; nothing is worth timing")


def compare(engine, network, images, model, batch, threads, options):
    batch_images = images[:batch]

    def ours(law, backward=False):
        def run():
            answer = engine.ask(do="run", id=f"{model}/{threads}", count=batch, law=law, backward=backward, repeats=1)
            return answer["processor"], answer["wall"]
        return run

    def torch_forward(layout, law=None, fresh=False):
        def run():
            set_layout(network, layout)
            with torch.inference_mode():
                return timed(lambda: network(batch_images, None if law is None else Noise(law, fresh)))
        return run

    def torch_both(layout, law=None):
        def run():
            set_layout(network, layout)
            return timed(lambda: backward(network, batch_images, None if law is None else Noise(law, learning=True)))
        return run

    times = {}
    clean = {"ours clean": ours("clean"), **{f"torch {name}": torch_forward(name) for name in LAYOUTS}}
    measure(clean, times, 2, warm=True)
    best = min(LAYOUTS, key=lambda name: statistics.median(wall for _, wall in times[f"torch {name}"]))
    cases = dict(clean)
    for law in LAWS:
        cases[f"ours {law}"] = ours(law)
        cases[f"torch {law}"] = torch_forward(best, law)
    cases["ours weight held"] = ours("weight held")
    cases["torch thermal randn_like"] = torch_forward(best, "thermal", fresh=True)
    if not options.forward_only:
        for law in ("clean", "thermal", "weight"):
            cases[f"ours {law} both"] = ours(law, backward=True)
            cases[f"torch {law} both"] = torch_both(best, None if law == "clean" else law)
    times.clear()
    measure(cases, times, 1, warm=True)
    times.clear()
    load = os.getloadavg()[0]
    started, rounds = time.monotonic(), 0
    while rounds < options.rounds and (rounds == 0 or time.monotonic() - started < options.case_seconds):
        measure(cases, times, 1)
        rounds += 1
    if rounds < options.rounds:
        print(f"{name_of((model, batch, threads))}: {rounds} of {options.rounds} rounds, {options.case_seconds} s were over")
    best = min(LAYOUTS, key=lambda name: statistics.median(processor for processor, _ in times[f"torch {name}"]))
    times["torch best"] = times[f"torch {best}"]
    rows = []
    for name, over, under, aims in FORWARD + ([] if options.forward_only else BACKWARD):
        aim = None if aims is None else aims[0 if model == "resnet50" else 1]
        rows.append({"name": name, "aim": aim, "processor": ratio(times, over, under, 0), "wall": ratio(times, over, under, 1)})
    return {
        "model": model, "batch": batch, "threads": threads, "rounds": rounds, "torch best layout": best, "load before": load, "ratios": rows,
        "median seconds": {name: {"processor": statistics.median(t[0] for t in values), "wall": statistics.median(t[1] for t in values)} for name, values in times.items()},
    }


def measure(cases, times, rounds, warm=False):
    for _ in range(rounds):
        for name, run in cases.items():
            # Times of less than 60 ms are taken as the mean of a few passes.
            first = run()
            passes = [first] if first[1] >= 0.06 and not warm else [run() for _ in range(1 if warm else min(8, int(0.06 / first[1]) + 1))]
            times.setdefault(name, []).append(tuple(sum(part) / len(passes) for part in zip(*passes)))


def ratio(times, over, under, clock):
    """Median and quartiles of the ratios of one round each: both sides met the same load."""
    ratios = sorted(a[clock] / b[clock] for a, b in zip(times[over], times[under]))
    return {"median": statistics.median(ratios), "low": ratios[len(ratios) // 4], "high": ratios[-1 - len(ratios) // 4]}


def set_layout(network, layout):
    if network.layout is not LAYOUTS[layout]:
        network.to_layout(LAYOUTS[layout])


def timed(work):
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return time.process_time() - processor, time.perf_counter() - wall


def backward(network, images, noise):
    logits = network(images, noise, learning=True)
    logits.backward(logits.detach())


def print_gains(results):
    """How much faster two threads are than one, by the wall clock: ours, PyTorch's, and what this machine gives to loops without any synchronisation."""
    by_key = {key(result): result for result in results if "stopped" not in result}
    for (model, batch, threads), one in by_key.items():
        two = by_key.get((model, batch, 2))
        if threads != 1 or two is None:
            continue
        shared = [name for name in one["median seconds"] if name in two["median seconds"]]
        gains = {name: one["median seconds"][name]["wall"] / two["median seconds"][name]["wall"] for name in shared}
        print(f"\n{model}, batch {batch}: one thread's time over two threads': " + ", ".join(f"{name} {gain:.2f}" for name, gain in gains.items()))
        limits = one["limits"]
        print("  the same for loops on their own: " + ", ".join(f"{name} {limits['2'][name] / limits['1'][name]:.2f}" for name in limits["1"]))


def print_table(result):
    if "stopped" in result:
        print(f"\n{name_of(key(result))}: {result['stopped']}")
        return
    print(f"\n{result['model']}, batch {result['batch']}, {result['threads']} thread(s), {result['rounds']} rounds, torch's best layout: {result['torch best layout']}")
    print(f"  {'ratio (median, quartiles)':44}{'processor time':>24}{'wall':>24}{'aim':>8}")
    for row in result["ratios"]:
        cells = [f"{row[clock]['median']:.2f} ({row[clock]['low']:.2f}-{row[clock]['high']:.2f})" for clock in ("processor", "wall")]
        print(f"  {row['name']:44}{cells[0]:>24}{cells[1]:>24}{'' if row['aim'] is None else row['aim']:>8}")
    for name, seconds in result["median seconds"].items():
        print(f"    {name:30} {1e3 * seconds['processor'] / result['batch']:8.2f} ms/image processor, {1e3 * seconds['wall'] / result['batch']:8.2f} ms/image wall")
    sys.stdout.flush()


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        name = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), platform.processor())
    return {"processor": name, "cores": os.cpu_count(), "torch": torch.__version__, "load": os.getloadavg()}


if __name__ == "__main__":
    main()
