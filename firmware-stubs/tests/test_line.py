#!/usr/bin/env python3
"""A whole firmware build behind a pty: HELLO, refusals, arming, echo, cuts (of a process also while it is stopped again and again), reboot.

usage: test_line.py --posix PROGRAM [--cuts N]
       test_line.py --qemu IMAGE [--cuts N]
"""
import random
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))
from talk import Talk

WATCHDOG_MS = 250


def start(arguments):
    """The process and the path of its line."""
    if arguments[0] == "--posix":
        process = subprocess.Popen([arguments[1], "--seed", "3"], stdout=subprocess.PIPE, text=True)
        return process, process.stdout.readline().strip()
    process = subprocess.Popen(
        ["qemu-system-arm", "-M", "mps2-an385", "-kernel", arguments[1], "-display", "none", "-monitor", "none", "-serial", "pty"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    for line in process.stdout:
        if found := re.search(r"(/dev/pts/\d+)", line):
            return process, found[1]
    raise SystemExit("qemu-system-arm opened no pty")


def check(condition, what):
    if not condition:
        raise SystemExit(f"failed: {what}")


def greet(line, window):
    status = line.schema.enums["HelloStatus"]
    check(line.hello(version_lowest=2, version_highest=3)["status"] == status["version_refused"], "a newer major version is refused")
    check(line.hello(schema=bytes(16))["status"] == status["schema_refused"], "another schema is refused")
    answer = line.hello()
    check(answer["status"] == status["ok"] and answer["link"] != 0 and answer["boot"] != 0, f"HELLO is answered: {answer}")
    check(answer["schema"] == line.schema.hash[:16] and answer["max_payload"] == 512 and answer["window"] == window, f"what is agreed: {answer}")
    identity = line.schema.unpack("Identity", line.command("identify")[1])
    check(identity["boot"] == answer["boot"], "one boot id")
    print(f"  HELLO: {identity['uid'].rstrip(bytes(1)).decode()}, {identity['firmware'].rstrip(bytes(1)).decode()}, boot {answer['boot']:016x}")
    return answer["boot"]


def talk(line, rounds):
    took = []
    body = bytes(range(256)) + bytes(range(200))
    for _ in range(rounds):
        began = time.monotonic()
        status, back = line.command("echo", body[:16])
        took.append(time.monotonic() - began)
        check(status == 0 and back == body[:16], "echo")
    check(line.command("echo", body)[1] == body, "echo of a large frame")
    print(f"  round trip of 16 bytes: {1000 * sorted(took)[len(took) // 2]:.2f} ms (median of {rounds})")


def arm(line, epoch):
    check(line.command("establish_epoch", epoch=epoch)[0] == 0, "establish the epoch")
    check(line.command("arm", epoch=epoch)[0] == 0, "arm")


def fence(line):
    status = line.schema.enums["Status"]
    check(line.command("arm", epoch=7)[0] == status["epoch_unknown"], "disarmed until the epoch is established")
    arm(line, 7)
    check(line.command("keep_alive", epoch=6)[0] == status["fenced"], "an older epoch is refused")
    check(line.command("safe", epoch=-1)[0] == 0, "safe from an older epoch")
    check(line.telemetry()["state"] == line.schema.enums["State"]["safe"], "safe")


class Pauses:
    """Stops a process again and again, for a part of its watchdog's time up to a multiple of it."""

    def __init__(self, process, seed):
        self.process, self.random, self.end, self.count = process, random.Random(seed), threading.Event(), 0
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.end.set()
        self.thread.join()

    def run(self):
        while not self.end.wait(self.random.uniform(0.001, 0.05)):
            self.process.send_signal(signal.SIGSTOP)
            time.sleep(self.random.choice((0.005, 0.03, 0.1)) * self.random.uniform(0.5, 1.5))
            self.process.send_signal(signal.SIGCONT)
            self.count += 1


def cut(line, count, what="cuts"):
    longest = done = late = 0
    while done < count:
        check(late <= 10 * count, "this machine is too slow to keep a device alive")
        arm(line, 7)
        before = line.telemetry()["uptime_us"] // 1000
        check(line.command("keep_alive", epoch=7)[0] == 0, "keep alive")
        alive = line.telemetry()
        after = alive["uptime_us"] // 1000
        if alive["state"] != line.schema.enums["State"]["armed"]:
            # We were so slow that the watchdog came before our command did; that is no cut at a known time.
            late += 1
            check(line.command("clear_fault", epoch=7)[0] == 0, "clear the fault")
            continue
        # Its clock may run slower than ours: an emulator gets what the machine has left. Reading telemetry does not feed the watchdog.
        for _ in range(50):
            time.sleep(0.3)
            now = line.telemetry()
            if now["state"] != line.schema.enums["State"]["armed"]:
                break
        tripped = now["state"] == line.schema.enums["State"]["faulted"] and now["fault"] == line.schema.enums["Fault"]["watchdog"]
        check(tripped and now["drive"] == 0, f"safe after a cut: {now}")
        in_time = before + WATCHDOG_MS <= now["fault_at_ms"] + 1 and now["fault_at_ms"] <= after + WATCHDOG_MS + 10
        check(in_time, f"safe in time: {before} {after} {now['fault_at_ms']}")
        longest = max(longest, now["fault_at_ms"] - before)
        check(line.command("arm", epoch=7)[0] == line.schema.enums["Status"]["faulted"], "a latched fault forbids arming")
        check(line.command("safe", epoch=7)[0] == 0 and line.telemetry()["fault"] == now["fault"], "safe keeps it")
        check(line.command("clear_fault", epoch=7)[0] == 0, "it is cleared under the epoch in force")
        done += 1
    if what:
        print(f"  {what}: safe in {count} of {count}, by the device's timer at most {longest} ms after a moment before the last command "
              f"(watchdog {WATCHDOG_MS} ms)")
    return longest


def births(arguments, count):
    """A process that was stopped while it booted has timers that agree all the same: what it lost there would make every watchdog early."""
    longest, moments = 0, random.Random(count)
    for _ in range(count):
        process, path = start(arguments)
        try:
            time.sleep(moments.uniform(0, 0.004))
            process.send_signal(signal.SIGSTOP)
            time.sleep(0.06)
            process.send_signal(signal.SIGCONT)
            line = Talk(path)
            line.hello()
            check(line.command("establish_epoch", epoch=7)[0] == 0, "establish the epoch")
            longest = max(longest, cut(line, 1, what=None))
            line.close()
        finally:
            process.terminate()
            process.wait(10)
    print(f"  {count} boots that were stopped on their way: safe at most {longest} ms after a moment before the last command")


def restart(line, boot):
    check(line.command("reboot", epoch=7)[0] == 0, "reboot")
    time.sleep(0.3)
    try:
        line.command("echo", b"?")
        check(False, "a link outlived a reboot")
    except ConnectionResetError:
        pass
    answer = line.hello()
    check(answer["boot"] != boot, "another boot id after a reboot")
    check(line.command("arm", epoch=7)[0] == line.schema.enums["Status"]["epoch_unknown"], "disarmed after a reboot")
    check(line.command("establish_epoch", epoch=6)[0] == line.schema.enums["Status"]["fenced"], "the highest epoch outlives a reboot")
    arm(line, 7)
    print(f"  reboot: boot {answer['boot']:016x}, noticed at the next frame, disarmed until the epoch was established")


def main():
    cuts = int(sys.argv[sys.argv.index("--cuts") + 1]) if "--cuts" in sys.argv else 3
    process, path = start(sys.argv[1:3])
    try:
        line = Talk(path)
        boot = greet(line, 8 if sys.argv[1] == "--posix" else 2)
        talk(line, 50)
        fence(line)
        cut(line, cuts)
        if sys.argv[1] == "--posix":
            with Pauses(process, seed=cuts) as pauses:
                cut(line, cuts, "cuts of a process that is stopped again and again")
            print(f"  it was stopped {pauses.count} times")
        restart(line, boot)
        line.close()
    finally:
        process.terminate()
        process.wait(10)
    if sys.argv[1] == "--posix":
        births(sys.argv[1:3], min(cuts, 20))


if __name__ == "__main__":
    main()
