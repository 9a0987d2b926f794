using System.Buffers.Binary;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Serial.Framing;
using AnalogHil.Devices.Serial.Link;
using AnalogHil.Devices.Serial.Protocol;
using Xunit.Abstractions;

namespace AnalogHil.Devices.Serial.Tests.Link;

/// <summary>Commands over a faulty line in virtual time: none lost, none executed twice, nothing wrong accepted.</summary>
public sealed class LinkTests(ITestOutputHelper output)
{
    private static readonly LineFaults[] Mixes =
    [
        new("clean"),
        new("loss", Loss: 0.3),
        new("duplicate", Duplicate: 0.3),
        new("reorder", Reorder: 0.3),
        new("corrupt", Corrupt: 0.3),
        new("truncate", Truncate: 0.3),
        new("insert", Insert: 0.3),
        new("stall", Stall: 0.3),
        new("unplug", Loss: 0.02, Duplicate: 0.02, Reorder: 0.02, Unplug: 0.002),
        new("everything", 0.06, 0.06, 0.06, 0.06, 0.06, 0.0005, 0.06, 0.06),
    ];

    public static TheoryData<string> Names => [.. Mixes.Select(mix => mix.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Commands_OverAFaultyLine_AreEachExecutedOnce(string mix) => Judge(mix, 4000);

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Names))]
    public void AMillionCommands_OverAFaultyLine_AreEachExecutedOnce(string mix) => Judge(mix, 1_000_000);

    [Fact]
    public void BulkUpload_AtFivePercentLoss_KeepsNineTenthsOfTheLine()
    {
        double clean = Seconds(new LineFaults("clean"));
        double lossy = Seconds(new LineFaults("loss 5 %", Loss: 0.05));
        output.WriteLine($"share of the line in 512-byte payloads: {4000 * 512 / (92160 * clean):f3}; at 5 % loss over loss-free: {clean / lossy:f3}");
        Assert.True(4000 * 512 / (92160 * clean) >= 0.9);
        Assert.True(clean / lossy >= 0.9);

        static double Seconds(LineFaults faults) => new Exchange(faults, 3, 4000, 496).Run() / 1e6;
    }

    [Fact]
    public void Reboot_WithCommandsOpen_FailsThemAndTakesNewOnes()
    {
        var exchange = new Exchange(new LineFaults("clean"), 4, 2000, 0) { RebootAt = 100 };
        exchange.Run();
        Assert.InRange(exchange.Failed, 1, LinkSchema.ResultsKept);
        Assert.Equal(2000, exchange.Answered + exchange.Failed);
        Assert.Equal(0, exchange.Wrong);
    }

    private void Judge(string name, int commands)
    {
        LineFaults faults = Mixes.Single(mix => mix.Name == name);
        const int Seed = 5;
        var exchange = new Exchange(faults, Seed, commands, 0);
        long took = exchange.Run();
        output.WriteLine(
            $"{name}, seed {Seed}: {commands} commands, {exchange.Executed.Count(n => n == 0)} lost, {exchange.Executed.Count(n => n > 1)} "
                + $"twice, {exchange.Wrong} wrong; {took / 1e6:f1} s of line, {exchange.Links} links, {exchange.Link.Counts.Retransmits} sent again");
        Assert.All(exchange.Executed, count => Assert.Equal(1, count));
        Assert.Equal(0, exchange.Wrong);
        Assert.Equal(commands, exchange.Answered);
        Assert.True(faults.Unplug == 0 || exchange.Links > 1);
        Assert.True(name != "clean" || exchange.Link.Counts.Retransmits == 0);
    }

    /// <summary>Numbered commands between two ends; every body and every reply is a function of its number.</summary>
    private sealed class Exchange
    {
        private const double Baud = 921_600;
        private readonly FaultyLine _up;
        private readonly FaultyLine _down;
        private readonly Random _random;
        private readonly CommandQueue _commands;
        private readonly DeviceEnd _device;
        private readonly Queue<(int Number, Task<CommandReply> Reply)> _open = new();
        private readonly int _bodyLength;

        public Exchange(LineFaults faults, int seed, int commands, int bodyLength)
        {
            _random = new Random(seed);
            _up = new FaultyLine(faults, Baud, _random);
            _down = new FaultyLine(faults, Baud, _random);
            _bodyLength = bodyLength;
            Executed = new byte[commands];
            Link = new SerialLink(77);
            _commands = new CommandQueue(Link);
            _device = new DeviceEnd { Execute = Execute };
        }

        public SerialLink Link { get; }

        public byte[] Executed { get; }

        public int Wrong { get; private set; }

        public int Answered { get; private set; }

        public int Failed { get; private set; }

        public int Links => _device.Links;

        public int RebootAt { get; init; } = -1;

        public long Run()
        {
            byte[] wire = new byte[FrameCodec.MaxWire];
            long now = 0;
            int next = 0;
            bool rebooted = false;
            while (Answered + Failed < Executed.Length)
            {
                while (next < Executed.Length && _commands.Count < 24)
                {
                    WireChannel channel = next % 3 == 0 || _bodyLength > 0 ? WireChannel.Bulk : WireChannel.Control;
                    _open.Enqueue((next, _commands.Add(WireOpcode.Echo, next, Body(next), channel)));
                    next++;
                }

                while (_up.TryTake(now, out byte[] up))
                {
                    _device.Receive(up, now);
                }

                if (!rebooted && Answered == RebootAt)
                {
                    rebooted = true;
                    _device.Reboot();
                }

                _device.Receive([], now);
                while (_down.TryTake(now, out byte[] down))
                {
                    Link.Receive(down, now);
                }

                if (_up.Unplugged || _down.Unplugged)
                {
                    (_up.Unplugged, _down.Unplugged) = (false, false);
                    if (Link.Up && _random.Next(2) == 0)
                    {
                        Link.Reconnect();
                    }
                }

                _commands.Service(now);
                Collect();
                long then = Math.Min(Feed(_up, Link.Transmit, () => Link.NextDue), Feed(_down, _device.Transmit, () => _device.NextDue));
                then = Math.Min(then, Math.Min(_up.Next, _down.Next));
                now = Math.Max(now + 1, then);
                Assert.True(now < (Executed.Length + 100L) * 2_000_000, $"no progress: {Answered} of {Executed.Length} answered");
            }

            return now;

            long Feed(FaultyLine line, Transmitter transmit, Func<long> due)
            {
                if (line.FreeAt > now)
                {
                    return line.FreeAt;
                }

                int count = transmit(wire, now);
                if (count == 0)
                {
                    return due();
                }

                line.Send(wire.AsSpan(0, count), now);
                return line.FreeAt;
            }
        }

        private delegate int Transmitter(Span<byte> wire, long now);

        private void Collect()
        {
            for (int i = _open.Count; i > 0; i--)
            {
                (int number, Task<CommandReply> reply) = _open.Dequeue();
                if (!reply.IsCompleted)
                {
                    _open.Enqueue((number, reply));
                }
                else if (reply.IsFaulted)
                {
                    Failed++;
                    Assert.Equal(DeviceFault.Rebooted, Assert.IsType<DeviceException>(reply.Exception!.InnerException).Fault);
                }
                else
                {
                    Answered++;
                    Wrong += reply.Result.Body.Length == 4 && BinaryPrimitives.ReadInt32LittleEndian(reply.Result.Body.Span) == ~number ? 0 : 1;
                }
            }
        }

        private byte[] Body(int number)
        {
            byte[] body = new byte[_bodyLength > 0 ? _bodyLength : number % 16 == 0 ? 488 : number * 7 % 64];
            for (int i = 0; i < body.Length; i++)
            {
                body[i] = (byte)((uint)(number * 2654435761u) >> 13 ^ (uint)(i * 31 + number));
            }

            return body;
        }

        private byte[] Execute(WireCommandHeader header, byte[] body)
        {
            int number = (int)header.Epoch;
            if (number < 0 || number >= Executed.Length || !body.AsSpan().SequenceEqual(Body(number)))
            {
                Wrong++;
                return [];
            }

            Executed[number]++;
            byte[] reply = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(reply, ~number);
            return reply;
        }
    }
}
