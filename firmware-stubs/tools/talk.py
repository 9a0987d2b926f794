"""A host small enough to read in one go: HELLO, commands one at a time on the control channel. For tests of whole firmware builds; the driver
proper is src/AnalogHil.Devices.Serial."""
import os
import select
import sys
import time
import tty

sys.dont_write_bytecode = True
from wire import Schema


class Talk:
    def __init__(self, path, session=None):
        self.schema = Schema()
        self.fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self.fd)
        self.session = session or int.from_bytes(os.urandom(4), "little") | 1
        self.attempt, self.link, self.sequence, self.id, self.pending = 0, 0, 0, 0, b""
        self.expected = [0] * 5

    def close(self):
        os.close(self.fd)

    def kind(self, name):
        return self.schema.enums["FrameKind"][name]

    def send(self, kind, payload=b"", sequence=0, channel=1):
        header = dict(kind=self.kind(kind), channel=channel, sequence=sequence, acknowledge=self.expected[channel], received=0, link=self.link)
        os.write(self.fd, self.schema.frame(header, payload))

    def frames(self, seconds):
        """Good frames that arrive within the time."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if not select.select([self.fd], [], [], left)[0]:
                return
            self.pending += os.read(self.fd, 4096)
            *whole, self.pending = self.pending.split(b"\0")
            for stuffed in whole:
                if stuffed and (parsed := self.schema.parse(stuffed)):
                    yield parsed

    def hello(self, **changes):
        """Says HELLO until it is answered; the answer."""
        self.attempt += 1
        self.link = 0
        values = dict(version_lowest=1, version_highest=1, max_payload=512, window=8, session=self.session, attempt=self.attempt, schema=self.schema.hash[:16])
        body = self.schema.pack("Hello", **{**values, **changes})
        for _ in range(50):
            self.send("hello", body)
            for header, payload in self.frames(0.2):
                if header["kind"] == self.kind("hello_answer"):
                    answer = self.schema.unpack("HelloAnswer", payload)
                    if answer["attempt"] == self.attempt and answer["session"] == self.session:
                        self.link, self.sequence, self.expected = answer["link"], 0, [0] * 5
                        return answer
        raise SystemExit("no answer to HELLO in 10 s")

    def command(self, name, body=b"", epoch=0):
        """Status, and the body of the reply."""
        self.id += 1
        header = self.schema.pack("CommandHeader", id=self.id, opcode=self.schema.enums["Opcode"][name], epoch=epoch)
        for _ in range(20):
            self.send("data", header + body, self.sequence)
            for frame, payload in self.frames(0.25):
                if frame["kind"] == self.kind("link_unknown"):
                    raise ConnectionResetError("the device does not know this link")
                if frame["kind"] != self.kind("data"):
                    continue
                channel = frame["channel"]
                fresh = frame["sequence"] == self.expected[channel]
                self.expected[channel] = self.expected[channel] + fresh & 0xFFFF
                self.send("ack", channel=channel)
                if channel != 1 or not fresh:
                    continue
                reply = self.schema.unpack("ReplyHeader", payload)
                if reply["id"] == self.id:
                    self.sequence = self.sequence + 1 & 0xFFFF
                    return reply["status"], payload[8:]
        raise SystemExit(f"no reply to {name} in 5 s")

    def telemetry(self):
        return self.schema.unpack("Telemetry", self.command("telemetry")[1])
